#!/usr/bin/env bash
# Takes the pictures of the documentation from a running platform: tools/pictures.sh BASE [OBJECTIVE [TRACE]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
base=${1:?the address of a running platform, such as http://127.0.0.1:4000}
. tools/node.sh
use_node
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
shot() { node tools/screenshots.mjs "$base" "$out" 1280x"$2" "$3" "$1"; }

shot "/objectives/${2:-orders}" 1000 light
shot /records/1 640 dark
shot /inbox 640 light
trace=${3:-$(curl -fs "$base/api/traces?status=error&limit=1" | sed -n 's/.*"traces":\[{"id":"\([0-9a-f]*\)".*/\1/p')}
[ -z "$trace" ] || shot "/traces/$trace" 800 dark

mkdir -p ../docs/images
cd "$out"
for picture in *.png; do
  case $picture in
    objectives-*) name=console-objective ;;
    records-*) name=console-record ;;
    inbox-*) name=console-inbox ;;
    traces-*) name=console-trace ;;
  esac
  mv "$picture" "$OLDPWD/../docs/images/$name.png"
done
