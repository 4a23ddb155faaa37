#!/usr/bin/env bash
# assemble.sh [PROJECT NAME [--skip]]: puts the built site of a project into its target/classes/NAME, unless what is
# there came from these sources. Without arguments the project is the console. Without npm the jar carries only the
# reason, and the program runs without its site.
set -euo pipefail
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${1:-$tools/..}"
name=${2:-console}
mkdir -p target/classes

# The site's own sources are in src/ or site/; a site may use parts of the console's.
sources() {
  local own shared=()
  own=$(find . -maxdepth 1 \( -name site -o -name src -o -name public -o -name '*.json' -o -name astro.config.mjs \))
  [ "$name" = console ] || shared=("$tools/../src/state" "$tools/../src/styles" "$tools/../package-lock.json")
  # shellcheck disable=SC2086
  find $own "${shared[@]}" "$tools/build.mjs" -path ./src/main -prune -o -path ./src/test -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sed 's|  /.*/|  |' | sha256sum | cut -d' ' -f1
}
hash=$(sources)
[ -f "target/classes/$name/files.txt" ] && [ "$(cat "target/$name.sha256" 2>/dev/null)" = "$hash" ] && exit 0

absent() {
  rm -rf "target/classes/$name" "target/$name.sha256"
  mkdir -p "target/classes/$name"
  echo "$1" > "target/classes/$name/absent.txt"
  echo "$name: its site is left out: $1" >&2
  exit 0
}
[ "${3:-}" = --skip ] && absent "this build was made with -Dconsole.skip"
command -v npm >/dev/null || absent "npm was not found when this platform was built"

log=target/npm.log
export npm_config_loglevel=error npm_config_update_notifier=false ASTRO_TELEMETRY_DISABLED=1
lock=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat node_modules/.troth-lock 2>/dev/null)" != "$lock" ]; then
  npm ci --ignore-scripts --no-audit --no-fund > "$log" 2>&1 ||
    { tail -n 5 "$log" >&2; echo "$name: npm ci failed (whole log: $PWD/$log); -Dconsole.skip builds without the sites" >&2; exit 1; }
  echo "$lock" > node_modules/.troth-lock
fi

. "$tools/node.sh"
use_node || absent "Node 22.12 or newer was not found when this platform was built"
node "$tools/build.mjs" "$name" > "$log" 2>&1 ||
  { tail -n 20 "$log" >&2; echo "$name: the build of its site failed (whole log: $PWD/$log)" >&2; exit 1; }
echo "$hash" > "target/$name.sha256"
