#!/usr/bin/env bash
# Measures Blaze, by Sourcemeta's jsonschema, on the documents of each schema: blaze.sh DIR evaluation LOOPS, or blaze.sh DIR whole BYTES.
# One line a schema: name, ns a document, valid ones. "evaluation" is what it says that its evaluation takes by the clock, without reading
# the documents; "whole" the processor time of the program a further document, so that starting it and compiling the schema are not in it.
# It asserts no formats.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$1 what=$2 amount=$3
binary=$here/node_modules/@sourcemeta/jsonschema/build/github-releases/jsonschema-linux-x86_64
[ -f "$binary" ] || { echo "blaze.sh: $binary is missing: npm ci --prefix bench/contracts" >&2; exit 2; }
chmod +x "$binary"

evaluation() { # FOLDER NAME
  # It ends with a code of its own where a document is not valid, which is told by the count.
  "$binary" validate --fast --benchmark --loop "$amount" "$1/schema.json" "$1/documents.jsonl" >"$dir/blaze.out" 2>"$dir/blaze.err" || true
  awk -v name="$2" '
    match($0, /(PASS|FAIL) [0-9.]+ \+- /) { split(substr($0, RSTART, RLENGTH), part, " "); all++; sum += part[2]; valid += part[1] == "PASS" }
    END {
      if (all == 0 || sum == 0) print name "\terror\tits output has no times"
      else printf "%s\t%.0f\t%d/%d\n", name, sum * 1000 / all, valid, all
    }' "$dir/blaze.out" "$dir/blaze.err"
}

spent() { # SCHEMA DOCUMENTS: milliseconds of the processor, or nothing if not all documents are valid
  local TIMEFORMAT='%U %S'
  { time "$binary" validate --fast "$1" "$2" >/dev/null 2>&1; } 2>"$dir/blaze.time" || return 0
  awk '{print ($1 + $2) * 1000}' "$dir/blaze.time"
}

whole() { # FOLDER NAME
  local once all count times i
  count=$(wc -l <"$1/documents.jsonl")
  times=$((amount / $(stat -c %s "$1/documents.jsonl") + 2))
  for ((i = 0; i < times; i++)); do cat "$1/documents.jsonl"; done >"$dir/blaze.jsonl"
  once=$(spent "$1/schema.json" "$1/documents.jsonl")
  all=$(spent "$1/schema.json" "$dir/blaze.jsonl")
  awk -v name="$2" -v once="$once" -v all="$all" -v n="$count" -v k="$times" 'BEGIN {
      if (once == "" || all == "" || all <= once) print name "\terror\tit refuses the schema or a document"
      else printf "%s\t%.0f\t%d/%d\n", name, (all - once) * 1e6 / n / (k - 1), n, n
    }'
}

for folder in "$dir"/schemas/*/; do
  "$what" "${folder%/}" "$(basename "$folder")"
done
