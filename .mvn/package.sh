#!/usr/bin/env bash
# package.sh JDK: builds the command and the example without their tests, showing which room it is at. Exit code 2 without
# Maven, 3 if the build failed.
# Maven compiles the rooms whose sources changed and those that stand on them; the others are looked at only.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
dist=$root/cli/target/troth
log=$root/target/package.log
mkdir -p "$root/target" "$dist"
if command -v flock >/dev/null; then exec 9>"$root/target/package.lock" && flock 9; fi
# The sandbox's module is built where it is asked for (TROTH_MODULE=on), and again where it was built before.
profile=()
module=$root/gate/native/target/classes/META-INF/services/run.endive.runtime.CompiledModule
if [ "${TROTH_MODULE:-}" = on ] || [ -f "$module" ]; then profile=(-Pnative); fi
# Somebody else may have built it while this process waited.
if [ "${TROTH_MODULE:-}" != on ] && [ -f "$dist/troth.jar" ] && [ -f "$dist/built" ] && ! "$root/.mvn/stale.sh" "$dist/built"; then exit 0; fi
command -v mvn >/dev/null || { echo "troth: Maven is not on PATH: install Maven 3.8.7 or newer" >&2; exit 2; }
repository=${HOME:-/root}/.m2/repository
"$root/.mvn/checksums.sh" check "$repository" || exit 3
echo "troth: building (the first time downloads libraries and takes a few minutes)" >&2
touch "$dist/built.new"
JAVA_HOME=$1 mvn -f "$root/pom.xml" -B -ntp -DskipTests -Dtests.compile.skip=true -Dspotless.check.skip=true ${profile[@]+"${profile[@]}"} -pl cli,examples/orders -am package 2>&1 |
  tee "$log" |
  sed -un 's/^\[INFO\] Building \([a-z-]*\) [0-9.]* *\[\([0-9]*\)\/\([0-9]*\)\].*/troth: building \1 (\2 of \3)/p' >&2
if [ "${PIPESTATUS[0]}" -ne 0 ]; then
  grep '^\[ERROR\]' "$log" | head -20 >&2
  echo "troth: the build failed; all of it is in $log" >&2
  exit 3
fi
# What came just now is held against the list as well.
"$root/.mvn/checksums.sh" check "$repository" || exit 3
grep '^gate/native: ' "$log" | sed 's/^/troth: /' >&2
mv "$dist/built.new" "$dist/built"
