#!/usr/bin/env bash
# Whether `troth observe run` with its default ring keeps up with a number of events a second while it prints every span.
# Needs root, a JDK 25 and the launcher. usage: bench/observe/printing.sh [EVENTS_A_SECOND] [SECONDS]; TROTH names another
# launcher. A request to the server is two events.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
events=${1:-20000} seconds=${2:-20}
. "$root/.mvn/find-jdk.sh"; find_jdk || exit 2
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
"$TROTH_JDK/bin/javac" -d "$work" "$root/bench/observe/Answers.java" "$root/bench/observe/Paced.java"
"$TROTH_JDK/bin/java" -Xmx64m -cp "$work" Answers 14111 > /dev/null 2>&1 & pids+=($!)
"${TROTH:-$root/troth}" observe run --port 14111 > "$work/spans" 2> "$work/observe.log" & observe=$!; pids+=($observe)
until grep -q 'attached; 1 target' "$work/observe.log"; do sleep 0.2; kill -0 $observe; done
before=$(cat /proc/$observe/task/*/schedstat | awk '{sum += $1} END {printf "%.0f", sum}')
"$TROTH_JDK/bin/java" -Xmx64m -cp "$work" Paced 14111 $((events / 2)) "$seconds" | tee "$work/paced"
after=$(cat /proc/$observe/task/*/schedstat | awk '{sum += $1} END {printf "%.0f", sum}')
sleep 1
kill -TERM $observe; wait $observe || true
sent=$(awk '{print $1}' "$work/paced")
printed=$(grep -c ' /orders/' "$work/spans" || true)
awk -v s="$sent" -v p="$printed" -v c=$((after - before)) -v t="$seconds" 'BEGIN {
  printf "%d requests sent, %d spans printed; agent %.1f us a request, %.0f %% of one processor\n", s, p, c / s / 1000, c / t / 1e7 }'
tail -3 "$work/observe.log"
