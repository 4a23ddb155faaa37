#!/usr/bin/env bash
# checksums.sh check REPOSITORY: holds the jars in a local Maven repository against .mvn/checksums.
# checksums.sh write: builds with a fresh repository and writes .mvn/checksums from what came.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
list=$root/.mvn/checksums

case "${1:-}" in
  check)
    [ -d "$2" ] && [ -f "$list" ] || exit 0
    wrong=$(cd "$2" && sha256sum --check --quiet --ignore-missing "$list" 2>/dev/null | sed 's/: FAILED.*//') || true
    if [ -n "$wrong" ]; then
      echo "build: these files in $2 are not what .mvn/checksums expects:" >&2
      sed 's/^/  /' <<<"$wrong" >&2
      echo "build: delete them to load them again; if versions changed on purpose, run ./build checksums" >&2
      exit 3
    fi
    ;;
  write)
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    mvn -f "$root/pom.xml" -B -ntp -q -Dmaven.repo.local="$fresh" -Pnative -DskipTests -Dspotless.check.skip=true verify
    mvn -f "$root/pom.xml" -B -ntp -q -Dmaven.repo.local="$fresh" -pl testkit,json -Dspotless.check.skip=true test
    (cd "$fresh" && find . -name '*.jar' ! -path './dev/troth/*' -printf '%P\n' | LC_ALL=C sort | xargs sha256sum) >"$list"
    echo "$(wc -l <"$list") jars"
    ;;
  *)
    echo "usage: checksums.sh check REPOSITORY | write" >&2
    exit 2
    ;;
esac
