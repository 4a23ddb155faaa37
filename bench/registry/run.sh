#!/usr/bin/env bash
# Troth's registry beside Apicurio's in one run: run.sh [compare|measure|both], or run.sh many|alone for Troth by itself. Needs JDK 25, Maven and Node;
# fetches Apicurio 3.3.3 (158 MB) by Maven once. Both listen on loopback; CPU is the server's own, by the scheduler's clock.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
what=${1:-both}
version=3.3.3
work=$(mktemp -d)
pids=()
end() {
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap end EXIT

export JAVA_HOME=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
free() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

began=$(date +%s%N)
# One client asks here, more often than one may.
TROTH_LIMITS_RATE=1000000 "$root/troth" up --data "$work/data" --port 0 --otlp-http off --otlp-grpc off >"$work/out" 2>"$work/err" &
ours=$!
pids+=("$ours")
until grep -q 'ready at' "$work/out"; do kill -0 "$ours" || { cat "$work/err" >&2; exit 3; }; sleep 0.01; done
echo "troth is ready after $((($(date +%s%N) - began) / 1000000)) ms"
base=$(sed -n 's/.*ready at \(http:[^ ,]*\).*/\1/p' "$work/out" | head -1)
base=${base%/}/registry
if [ "$what" = many ]; then
  node "$here/lap.mjs" many "troth=$base,$ours"
  exit
fi
if [ "$what" = alone ]; then
  node "$here/lap.mjs" measure "troth=$base,$ours"
  node "$here/lap.mjs" writers "troth=$base,$ours"
  exit
fi

archive=$HOME/.m2/repository/io/apicurio/apicurio-registry-app/$version/apicurio-registry-app-$version-all.tar.gz
if [ ! -f "$archive" ]; then
  echo "fetching Apicurio $version" >&2
  (cd "$work" && mvn -q -B dependency:get -Dtransitive=false "-Dartifact=io.apicurio:apicurio-registry-app:$version:tar.gz:all") >&2
fi
mkdir "$work/apicurio"
tar xzf "$archive" -C "$work/apicurio"
jar=$(find "$work/apicurio" -name quarkus-run.jar | head -1)

port=$(free)
management=$(free)
began=$(date +%s%N)
QUARKUS_HTTP_PORT=$port QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_MANAGEMENT_HOST=127.0.0.1 QUARKUS_MANAGEMENT_PORT=$management \
  "$JAVA_HOME/bin/java" -Xmx1g -Dquarkus.otel.sdk.disabled=true -Dapicurio.rest.deletion.artifact.enabled=true \
  -Dapicurio.rest.deletion.artifact-version.enabled=true -Dapicurio.rest.deletion.group.enabled=true -jar "$jar" >"$work/apicurio.log" 2>&1 &
peer=$!
pids+=("$peer")
there=http://127.0.0.1:$port/apis/ccompat/v7
until curl -sf -o /dev/null "$there/subjects"; do
  kill -0 "$peer" || { tail -20 "$work/apicurio.log" >&2; exit 3; }
  sleep 0.1
done
echo "apicurio $version is ready after $((($(date +%s%N) - began) / 1000000)) ms"

if [ "$what" != measure ]; then node "$here/lap.mjs" compare "troth=$base,$ours" "apicurio=$there,$peer"; fi
if [ "$what" != compare ]; then PEER_VERSION=$version node "$here/lap.mjs" measure "troth=$base,$ours" "apicurio=$there,$peer"; fi
