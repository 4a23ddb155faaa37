#!/usr/bin/env bash
# JMH's figures for a steady state, after fetch.sh and a first run.sh: jmh.sh DIR [OPTIONS OF JMH].
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dir=${1:?usage: jmh.sh DIR [OPTIONS OF JMH]}
shift
. "$root/.mvn/find-jdk.sh"
find_jdk
exec "$TROTH_JDK/bin/java" -cp "$root/bench/target/bench/bench.jar:$root/bench/target/bench/lib/*" \
  -Dcorpus="$dir" org.openjdk.jmh.Main VerdictBenchmark "$@"
