#!/usr/bin/env bash
# Fetches the schemas of schemas.tsv and ajv from the npm registry into DIR: fetch.sh DIR. Nothing is committed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:?usage: fetch.sh DIR}
mkdir -p "$dir/packages" "$dir/schemas"
cd "$dir"
[ -f package.json ] || echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts ajv@8.20.0 ajv-formats@3.0.1 ajv-draft-04@1.0.0
grep -v '^#' "$here/schemas.tsv" | while IFS=$'\t' read -r name package file more; do
  folder=packages/$(echo "$package" | tr '/@' '__')
  if [ ! -d "$folder" ]; then
    tarball=$(npm pack --silent --pack-destination packages "$package")
    mkdir -p "$folder"
    tar xzf "packages/$tarball" -C "$folder" --strip-components=1
    rm "packages/$tarball"
  fi
  mkdir -p "schemas/$name/more"
  cp "$folder/$file" "schemas/$name/schema.json"
  for one in ${more//,/ }; do cp "$folder/$one" "schemas/$name/more/"; done
done
echo "fetched $(ls schemas | wc -l) schemas into $dir"
