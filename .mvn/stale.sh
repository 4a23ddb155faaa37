#!/usr/bin/env bash
# stale.sh STAMP: succeeds when a source of the command is newer than STAMP.
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 0
[ -n "$(find pom.xml */pom.xml gate/native/pom.xml examples/*/pom.xml */src gate/native/src cli/tools examples/*/src examples/islands-cart/{site,public,catalogue.json,package-lock.json,astro.config.mjs} console/package-lock.json console/astro.config.mjs console/public console/tools/build.mjs \
  -path '*/src/test' -prune -o -type f -newer "$1" -print -quit 2>/dev/null)" ]
