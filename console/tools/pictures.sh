#!/usr/bin/env bash
# Takes the pictures of the documentation from a running platform, every page in both themes, wide and narrow:
# tools/pictures.sh BASE [FOLDER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
base=${1:?the address of a running platform, such as http://127.0.0.1:4000}
. tools/node.sh
use_node
node tools/pictures.mjs "$base" "${2:-../docs/images/console}"
