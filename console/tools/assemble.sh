#!/usr/bin/env bash
# Puts the built site into target/classes/console, unless what is there came from these sources.
# Without npm the jar carries only the reason, and the platform runs without its console.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p target/classes

sources() {
  find src public tools/build.mjs package.json package-lock.json astro.config.mjs tsconfig.json \
    -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}
hash=$(sources)
[ -f target/classes/console/files.txt ] && [ "$(cat target/console.sha256 2>/dev/null)" = "$hash" ] && exit 0

absent() {
  rm -rf target/classes/console target/console.sha256
  mkdir -p target/classes/console
  echo "$1" > target/classes/console/absent.txt
  echo "console: left out: $1" >&2
  exit 0
}
[ "${1:-}" = --skip ] && absent "this build was made with -Dconsole.skip"
command -v npm >/dev/null || absent "npm was not found when this platform was built"

log=target/npm.log
export npm_config_loglevel=error npm_config_update_notifier=false ASTRO_TELEMETRY_DISABLED=1
lock=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat node_modules/.troth-lock 2>/dev/null)" != "$lock" ]; then
  npm ci --ignore-scripts --no-audit --no-fund > "$log" 2>&1 ||
    { tail -n 5 "$log" >&2; echo "console: npm ci failed (whole log: console/$log); -Dconsole.skip builds without the console" >&2; exit 1; }
  echo "$lock" > node_modules/.troth-lock
fi

. tools/node.sh
use_node || absent "Node 22.12 or newer was not found when this platform was built"
node tools/build.mjs > "$log" 2>&1 ||
  { tail -n 20 "$log" >&2; echo "console: the build failed (whole log: console/$log)" >&2; exit 1; }
echo "$hash" > target/console.sha256
