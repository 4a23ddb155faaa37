#!/usr/bin/env bash
# Rows of PostgreSQL to a webhook, Troth against Debezium's embedded engine, on this machine: see README.md.
# RATE=5000 SECONDS_AT_RATE=20 BURST=50000 bench/rows/run.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/.mvn/find-jdk.sh"
find_jdk || exit 2
"$root/troth" --version # builds what is missing
classpath=$here/target/classpath
JAVA_HOME=$TROTH_JDK mvn -f "$here/pom.xml" -B -ntp -q compile dependency:build-classpath -Dmdep.outputFile="$classpath"
exec timeout 240 "$TROTH_JDK/bin/java" -Xmx512m -cp "$here/target/classes:$(cat "$classpath")" \
  "-Ddebezium.version=$(sed -n 's/.*<debezium.version>\(.*\)<.*/\1/p' "$here/pom.xml")" \
  "-Djava.io.tmpdir=${TMPDIR:-/tmp}" dev.troth.bench.rows.RowsBench "$root/troth" "${RATE:-5000}" "${SECONDS_AT_RATE:-20}" "${BURST:-50000}"
