#!/usr/bin/env bash
# Processor time of a server a request: plain, watched by troth observe, and with the OpenTelemetry
# Java agent, all alive in the same run, in turns. Needs root, wrk, node and Maven's repository.
# usage: bench/observe/run.sh [ROUNDS] [SECONDS]; TROTH names another launcher
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=${1:-8} seconds=${2:-4}
. "$root/.mvn/find-jdk.sh"; find_jdk || exit 2
java=$TROTH_JDK/bin/java
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
agent=$(find "$HOME/.m2" -name 'opentelemetry-javaagent-2.33.1.jar' | head -1)
if [ -z "$agent" ]; then
  mvn -q dependency:get -Dartifact=io.opentelemetry.javaagent:opentelemetry-javaagent:2.33.1 -Dtransitive=false
  agent=$(find "$HOME/.m2" -name 'opentelemetry-javaagent-2.33.1.jar' | head -1)
fi
"$TROTH_JDK/bin/javac" -d "$work" "$root/bench/observe/Handler.java"
cat > "$work/sink.js" <<'J'
require('http').createServer((q, r) => { q.resume(); q.on('end', () => r.end()); }).listen(Number(process.argv[2]), '127.0.0.1');
J
node "$work/sink.js" 14318 & pids+=($!)
export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:14318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
start() { "$java" -Xmx256m "${@:2}" -cp "$work" Handler "$1" > /dev/null 2>&1 & pids+=($!); last=$!; }
start 14101; plain=$last
start 14102; watched=$last
OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none start 14103 "-javaagent:$agent"; instrumented=$last
sleep 6
"${TROTH:-$root/troth}" observe run --port 14102 --otlp http://127.0.0.1:14318 2> "$work/observe.log" & observe=$!; pids+=($observe)
sleep 4
cpu() { cat /proc/"$1"/task/*/schedstat | awk '{sum += $1} END {printf "%.0f", sum}'; }
load() { wrk -t1 -c8 -d"$2"s "http://127.0.0.1:$1/orders/1" | awk '/requests in/ {print $1}'; }
for port in 14101 14102 14103; do load $port 8 > /dev/null; done   # warm
one() { # port pid → microseconds a request
  local before after count
  before=$(cpu "$2"); count=$(load "$1" "$seconds"); after=$(cpu "$2")
  awk -v a="$before" -v b="$after" -v n="$count" 'BEGIN {printf "%.2f", (b - a) / n / 1000}'
}
observed=0; spent=$(cpu $observe)
for ((i = 0; i < rounds; i++)); do
  if ((i % 2)); then order="w j p"; else order="p w j"; fi
  for kind in $order; do
    case $kind in
      p) p=$(one 14101 $plain) ;;
      w) w=$(one 14102 $watched) ;;
      j) j=$(one 14103 $instrumented) ;;
    esac
  done
  echo "$p $w $j" | tee -a "$work/rows"
done
awk '{w[NR] = $2 / $1; j[NR] = $3 / $1; p[NR] = $1; aw[NR] = $2 - $1; aj[NR] = $3 - $1}
  function median(a, n,   i, k, t) { for (i = 1; i <= n; i++) for (k = i + 1; k <= n; k++) if (a[k] < a[i]) {t = a[i]; a[i] = a[k]; a[k] = t} return a[int((n + 1) / 2)] }
  END {n = NR; printf "plain %.1f us a request; watched/plain %.3f (+%.1f us); javaagent/plain %.3f (+%.1f us)\n", median(p, n), median(w, n), median(aw, n), median(j, n), median(aj, n)}' "$work/rows"
awk '/VmRSS/ {print "observe memory: " $2 " kB"}' /proc/$observe/status
