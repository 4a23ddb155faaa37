#!/usr/bin/env bash
# A builder that stays warm: warm.sh [FOLDER]. Each line of its input, module or native, builds target/native-warm/gate.wasm or
# target/native-warm/troth-gate-x86_64 out of the sources as they are, and answers with one line. Ctrl-D ends it.
# FOLDER is another gate/native to build, in a copy of gate. Needs ./build -pl gate/native -am -Pnative package once.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../.mvn/find-jdk.sh"
find_jdk || exit 2
[ -f "$here/target/native-work/classpath" ] ||
  { echo "warm.sh: nothing was built yet: ./build -pl gate/native -am -Pnative package -DskipTests" >&2; exit 2; }
exec "$TROTH_JDK/bin/java" -XX:+UseSerialGC -Xmx1g -cp "$(<"$here/target/native-work/classpath")" \
  dev.troth.gate.build.WarmBuild "${1:-$here}"
