#!/usr/bin/env bash
# One run of all contenders on the same documents, lap by lap: run.sh DIR [SECONDS a schema] [LAPS]. Needs fetch.sh DIR before.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
dir=${1:?usage: run.sh DIR [SECONDS] [LAPS]}
seconds=${2:-1}
laps=${3:-2}
. "$root/.mvn/find-jdk.sh"
find_jdk
classpath=${BENCH_CLASSPATH:-$root/bench/target/bench/bench.jar:$root/bench/target/bench/lib/*}
java=("$TROTH_JDK/bin/java" -XX:+UseSerialGC -Xms512m -Xmx1g -cp "$classpath")
[ -n "$(find "$dir/schemas" -name documents.jsonl -print -quit)" ] ||
  "${java[@]}" dev.troth.bench.contracts.GenerateDocuments "$dir/schemas" 20260101 100
rm -f "$dir"/lap-*.tsv
for ((lap = 1; lap <= laps; lap++)); do
  "${java[@]}" dev.troth.bench.contracts.Lap troth "$dir/schemas" "$seconds" > "$dir/lap-$lap-troth.tsv"
  node "$here/ajv.mjs" "$dir" "$seconds" > "$dir/lap-$lap-ajv.tsv"
  "${java[@]}" dev.troth.bench.contracts.Lap networknt "$dir/schemas" "$seconds" > "$dir/lap-$lap-networknt.tsv"
  [ -n "${SKIP_HARREL:-}" ] ||
    "${java[@]}" dev.troth.bench.contracts.Lap harrel "$dir/schemas" "$seconds" > "$dir/lap-$lap-harrel.tsv"
done
"${java[@]}" dev.troth.bench.contracts.Table "$dir"
