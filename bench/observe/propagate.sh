#!/usr/bin/env bash
# Processor time of a client a call: plain, watched by `troth observe run`, and watched with --propagate, all alive in the
# same run, in turns. Needs root, curl and a JDK 25. usage: bench/observe/propagate.sh [ROUNDS] [SECONDS]; TROTH names another
# launcher
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=${1:-8} seconds=${2:-3}
. "$root/.mvn/find-jdk.sh"; find_jdk || exit 2
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
"$TROTH_JDK/bin/javac" -d "$work" "$root/bench/observe/Answers.java" "$root/bench/observe/Caller.java"
"$TROTH_JDK/bin/java" -Xmx64m -cp "$work" Answers 14211 > /dev/null 2>&1 & pids+=($!)
caller() { "$TROTH_JDK/bin/java" -Xmx64m -cp "$work" Caller "$1" 14211 > "$work/caller-$1" 2>&1 & pids+=($!); last=$!; }
caller 14212
caller 14213; watched=$last
caller 14214; propagating=$last
sleep 2
observe() { # name arguments
  "${TROTH:-$root/troth}" observe run "${@:2}" > /dev/null 2> "$work/$1.log" & pids+=($!)
  until grep -qs 'attached; 1 target' "$work/$1.log"; do sleep 0.2; kill -0 "${pids[-1]}"; done
}
observe watched --pid "$watched"
observe propagating --pid "$propagating" --propagate
one() { curl -sf "http://127.0.0.1:$1/run?$2"; }
for port in 14212 14213 14214; do one "$port" $((seconds * 1000)) > /dev/null; done   # warm
for ((i = 0; i < rounds; i++)); do
  if ((i % 2)); then order="14213 14214 14212"; else order="14212 14214 14213"; fi
  for port in $order; do printf -v "cost_$port" '%s' "$(one "$port" $((seconds * 1000)))"; done
  echo "$cost_14212 $cost_14213 $cost_14214" | tee -a "$work/rows"
done
awk '{w[NR] = $2 / $1; g[NR] = $3 / $2; p[NR] = $1; a[NR] = $3 - $2}
  function median(a, n,   i, k, t) { for (i = 1; i <= n; i++) for (k = i + 1; k <= n; k++) if (a[k] < a[i]) {t = a[i]; a[i] = a[k]; a[k] = t} return (a[int((n + 1) / 2)] + a[int(n / 2) + 1]) / 2 }
  END {n = NR; printf "plain %.1f us a call; watched/plain %.3f; propagating/watched %.3f (%+.1f us)\n", median(p, n), median(w, n), median(g, n), median(a, n)}' "$work/rows"
kill -TERM "${pids[-1]}"; wait "${pids[-1]}" || true
tail -2 "$work/propagating.log"
