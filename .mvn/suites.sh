#!/usr/bin/env bash
# suites.sh DIR: clones the public test suites at pinned commits into DIR, for TROTH_SUITES=DIR.
set -euo pipefail
dir=$1
mkdir -p "$dir"
fetch() {
  local name=$1 repository=$2 commit=$3 part=$4
  if [ -e "$dir/$name" ]; then
    echo "$name: already there"
    return
  fi
  local clone
  clone=$(mktemp -d)
  echo "$name: $repository at $commit"
  git clone -q --filter=blob:none --no-checkout "https://github.com/$repository" "$clone"
  git -C "$clone" -c advice.detachedHead=false checkout -q "$commit"
  mv "$clone/$part" "$dir/$name"
  rm -rf "$clone"
}
fetch json-schema-test-suite json-schema-org/JSON-Schema-Test-Suite 44401e0 .
fetch json-schema-containment sdbs-uni-p/json-schema-containment-testsuite 446fb41 .
fetch wycheproof C2SP/wycheproof dac1dd4 testvectors_v1
fetch schemastore SchemaStore/schemastore 3b6446a .
fetch jsonschema-benchmark sourcemeta-research/jsonschema-benchmark 862e479 .
