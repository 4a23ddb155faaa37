#!/usr/bin/env bash
# Processor time of a server a request: plain, watched by troth observe, and with the OpenTelemetry
# Java agent, all alive in the same run, in turns; then that of an agent that watches TLS and gRPC.
# Needs root, wrk, node, openssl and Maven's repository.
# usage: bench/observe/run.sh [ROUNDS] [SECONDS]; TROTH names another launcher
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/bench/figure.sh"
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
# Until each answers; a loaded machine takes its time.
for pair in "14101 $plain" "14102 $watched" "14103 $instrumented"; do
  read -r port pid <<<"$pair"
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do kill -0 "$pid" || { echo "the server at $port ended" >&2; exit 3; }; sleep 0.2; done
done
watch() { # ports, how many targets: starts an agent and waits until it watches them
  "${TROTH:-$root/troth}" observe run --port "$1" --otlp http://127.0.0.1:14318 2> "$work/observe.log" & observe=$!; pids+=($observe)
  until grep -q "attached; $2 target" "$work/observe.log"; do
    kill -0 $observe || { cat "$work/observe.log" >&2; exit 3; }
    sleep 0.2
  done
}
watch 14102 1
cpu() { cat /proc/"$1"/task/*/schedstat | awk '{sum += $1} END {printf "%.0f", sum}'; }
load() { wrk -t1 -c8 -d"$2"s "http://127.0.0.1:$1/orders/1" | awk '/requests in/ {print $1}'; }
for port in 14101 14102 14103; do load $port 8 > /dev/null; done   # warm
one() { # port pid → microseconds a request of the server, and of the agent meanwhile
  local before after count agent
  agent=$(cpu $observe)
  before=$(cpu "$2"); count=$(load "$1" "$seconds"); after=$(cpu "$2")
  agent=$(($(cpu $observe) - agent))
  awk -v a="$before" -v b="$after" -v n="$count" -v g=$agent 'BEGIN {printf "%.2f %.2f\n", (b - a) / n / 1000, g / n / 1000}'
}
for ((i = 0; i < rounds; i++)); do
  if ((i % 2)); then order="w j p"; else order="p w j"; fi
  for kind in $order; do
    case $kind in
      p) read -r p _ < <(one 14101 $plain) ;;
      w) read -r w own < <(one 14102 $watched) ;;
      j) read -r j _ < <(one 14103 $instrumented) ;;
    esac
  done
  echo "$p $w $j $own" | tee -a "$work/rows"
done
# column EXPRESSION [FILE]: least, median and most of it over the rounds.
column() {
  awk "{print $1}" "$work/${2:-rows}" | sort -g | awk '{v[NR] = $1} END {print v[1], (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2, v[NR]}'
}
read -r _ plainly _ < <(column '$1')
read -r least ratio most < <(column '$2 / $1')
read -r _ beside _ < <(column '$3 / $1')
read -r least_added added most_added < <(column '$2 - $1')
read -r _ added_beside _ < <(column '$3 - $1')
read -r least_own own most_own < <(column '$4')
printf 'plain %.1f us a request; watched/plain %.3f [%.3f to %.3f] (%+.1f us); javaagent/plain %.3f (%+.1f us); the agent %.1f us a request\n' \
  "$plainly" "$ratio" "$least" "$most" "$added" "$beside" "$added_beside" "$own"
memory=$(awk '/VmRSS/ {print $2}' /proc/$observe/status)
echo "observe memory: $memory kB"

# TLS and gRPC of Node, by an agent of their own.
kill $observe; wait $observe 2>/dev/null || true
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "$work/key.pem" -out "$work/cert.pem" 2> /dev/null
node "$root/bench/observe/peer.js" https 14104 "$work/key.pem" "$work/cert.pem" & pids+=($!)
node "$root/bench/observe/peer.js" grpc 14105 & pids+=($!)
for port in 14104 14105; do until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done; done
watch 14104,14105 2
ask() { # https or grpc, seconds → how many requests
  case $1 in
    https) wrk -t1 -c8 -d"$2"s https://127.0.0.1:14104/orders/1 | awk '/requests in/ {print $1}' ;;
    grpc) node "$root/bench/observe/peer.js" load 14105 "$2" ;;
  esac
}
own() { # https or grpc → microseconds a request of the agent
  local before count
  before=$(cpu $observe); count=$(ask "$1" "$seconds")
  awk -v a="$before" -v b="$(cpu $observe)" -v n="$count" 'BEGIN {printf "%.2f\n", (b - a) / n / 1000}'
}
for kind in https grpc; do ask $kind 8 > /dev/null; done   # warm
for ((i = 0; i < rounds; i++)); do
  echo "$(own https) $(own grpc)" | tee -a "$work/others"
done
figure observe.target "$(awk -v p="$plainly" -v r="$ratio" 'BEGIN {print p * r}')" "$plainly" µs "the same server alone" "$least to $most"
# Within the noise a watched server may cost less than a plain one: then watching adds nothing.
figure observe.added "$(awk -v a="$added" 'BEGIN {print (a > 0 ? a : 0)}')" "$added_beside" µs "opentelemetry-javaagent 2.33.1" "$least_added to $most_added"
figure observe.agent "$own" - µs - "$least_own to $most_own"
figure observe.memory "$(awk -v m="$memory" 'BEGIN {print m / 1024}')" - MB
read -r least_tls tls most_tls < <(column '$1' others)
read -r least_grpc grpc most_grpc < <(column '$2' others)
printf 'the agent %.1f us a request of TLS, %.1f us a call of gRPC\n' "$tls" "$grpc"
figure observe.tls-agent "$tls" - µs - "$least_tls to $most_tls"
figure observe.grpc-agent "$grpc" - µs - "$least_grpc to $most_grpc"
