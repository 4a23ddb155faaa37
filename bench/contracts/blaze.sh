#!/usr/bin/env bash
# Measures Blaze, by Sourcemeta's jsonschema, on the documents of each schema: blaze.sh DIR LOOPS. One line a schema: name, ns a document,
# valid ones. It tells what its evaluation takes by the clock; reading the documents is not in it, and formats are not asserted.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$1 loops=$2
binary=$here/node_modules/@sourcemeta/jsonschema/build/github-releases/jsonschema-linux-x86_64
[ -f "$binary" ] || { echo "blaze.sh: $binary is missing: npm ci --prefix bench/contracts" >&2; exit 2; }
chmod +x "$binary"
for folder in "$dir"/schemas/*/; do
  name=$(basename "$folder")
  # It ends with a code of its own where a document is not valid, which is told by the count.
  "$binary" validate --fast --benchmark --loop "$loops" "$folder/schema.json" "$folder/documents.jsonl" >"$dir/blaze.out" 2>"$dir/blaze.err" || true
  awk -v name="$name" '
    match($0, /(PASS|FAIL) [0-9.]+ \+- /) { split(substr($0, RSTART, RLENGTH), part, " "); all++; sum += part[2]; valid += part[1] == "PASS" }
    END {
      if (all == 0 || sum == 0) print name "\terror\tits output has no times"
      else printf "%s\t%.0f\t%d/%d\n", name, sum * 1000 / all, valid, all
    }' "$dir/blaze.out" "$dir/blaze.err"
done
