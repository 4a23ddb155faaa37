#!/usr/bin/env bash
# Real documents: ten large schemas of SchemaStore beside ajv and networknt, the corpora of jsonschema-benchmark beside Blaze.
# real.sh [SECONDS a schema] [LAPS]; TROTH_SUITES is the folder of the public suites; SCHEMAS=N takes N of each.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
seconds=${1:-1} laps=${2:-2}
suites=${TROTH_SUITES:?names the folder of the public suites: ./build suites DIR}
. "$root/.mvn/find-jdk.sh"
find_jdk || exit 2
[ -d "$here/node_modules" ] || npm ci --prefix "$here" --no-audit --no-fund --silent
classpath=${BENCH_CLASSPATH:-$root/bench/target/bench/bench.jar:$root/bench/target/bench/lib/*}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 143' TERM INT
# networknt warns of each keyword that it does not know.
echo '.level=OFF' >"$dir/logging.properties"
java=("$TROTH_JDK/bin/java" -XX:+UseSerialGC -Xms512m -Xmx1g "-Djava.util.logging.config.file=$dir/logging.properties" -cp "$classpath")
"${java[@]}" dev.troth.bench.contracts.RealDocuments "$suites" "$dir" "$here/schemastore.txt" ${SCHEMAS:-}
version() { node -p 'require(process.argv[1]).dependencies[process.argv[2]]' "$here/package.json" "$1"; }
networknt=$(sed -n '/json-schema-validator/{n;s/.*<version>\(.*\)<.*/\1/p;}' "$root/bench/pom.xml")
ln -s "$here/node_modules" "$dir/schemastore/node_modules"
echo '{}' >"$dir/schemastore/package.json"
lap() { "${java[@]}" dev.troth.bench.contracts.Lap "$1" "$dir/$2/schemas" "$seconds" >"$dir/$2/lap-$lap-$1.tsv"; }
for ((lap = 1; lap <= laps; lap++)); do
  lap troth schemastore
  node "$here/ajv.mjs" "$dir/schemastore" "$seconds" >"$dir/schemastore/lap-$lap-ajv.tsv"
  lap networknt schemastore
  lap troth corpora
  "$here/blaze.sh" "$dir/corpora" evaluation "${LOOPS:-50}" >"$dir/corpora/lap-$lap-evaluation.tsv"
  "$here/blaze.sh" "$dir/corpora" whole "${BYTES:-20000000}" >"$dir/corpora/lap-$lap-blaze.tsv"
done
blaze="(jsonschema $(version @sourcemeta/jsonschema))"
versions=("ajv=$(version ajv)" "networknt=$networknt" "blaze=$blaze" "evaluation=of Blaze alone $blaze")
for one in schemastore corpora; do
  echo "$one"
  "${java[@]}" dev.troth.bench.contracts.Table "$dir/$one" "${versions[@]}"
done
