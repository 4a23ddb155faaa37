#!/usr/bin/env bash
# aot.sh JDK DIST KIND: succeeds when DIST/aot/KIND.aot was made from just these jars and this JDK.
#
# A JVM loads all classes of its cache at once, so each kind of command has a cache of its own
# (.mvn/flags). A JVM that is handed a cache of replaced jars can run the old classes without a word. So a
# cache is named by the content of its jars, and is looked at only while their inodes and change times
# are those that were seen when it was made; else it is made again.
set -u
jdk=$1 dist=$2 kind=$3 aot=$2/aot
seen() { stat -Lc '%n %i %s %y %z' "$jdk/release" "$dist/troth.jar" "$dist"/lib/*.jar 2>/dev/null ||
  stat -Lf '%N %i %z %m %c' "$jdk/release" "$dist/troth.jar" "$dist"/lib/*.jar; }
now=$(seen)
if [ -f "$aot/$kind.aot" ] && [ -f "$aot/$kind.seen" ] && [ "$now" = "$(<"$aot/$kind.seen")" ]; then exit 0; fi
[ "${TROTH_AOT:-on}" != off ] && [ -w "$dist" ] || exit 1
mkdir -p "$aot"
hash=$(cat "$jdk/release" "$dist/troth.jar" "$dist"/lib/*.jar | sha256sum | cut -c1-16)
if [ ! -f "$aot/$kind-$hash.aot" ]; then
  rm -f "$aot/$kind"*
  echo "troth: preparing a fast start (once a build)" >&2
  . "$(dirname "$0")/flags.sh"
  # What a start that was ended left behind, and this one if it is.
  find "$aot" -name 'making-*' -mmin +10 -delete
  trap 'rm -f "$aot/making-$$".aot*' EXIT
  "$jdk/bin/java" -XX:AOTCacheOutput="$aot/making-$$.aot" -Xlog:disable -Xlog:all=off $(flags_of all) -Xmx512m \
    -jar "$dist/troth.jar" rehearse "$kind" >"$aot/$kind.log" 2>&1
  [ -f "$aot/making-$$.aot" ] || exit 1
  mv "$aot/making-$$.aot" "$aot/$kind-$hash.aot"
fi
ln -sf "$kind-$hash.aot" "$aot/$kind.aot"
printf '%s\n' "$now" >"$aot/$kind.seen"
