#!/usr/bin/env bash
# Compares two packaged checkouts in turns: pair.sh OLD NEW [PAIRS]. Each turn starts the platform on a fresh folder and measures, of
# its process alone: time until it is ready, memory after ten idle seconds, and CPU of pages, record reads and token verdicts.
# Prints the ratio NEW/OLD of each pair and its median. Both need a build (./troth --version makes one).
set -euo pipefail
old=${1:?usage: pair.sh OLD NEW [PAIRS]}
new=${2:?usage: pair.sh OLD NEW [PAIRS]}
pairs=${3:-5}
requests=${REQUESTS:-2000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# spent PID: CPU time of a process's threads so far, in nanoseconds.
spent() { cat "/proc/$1"/task/*/schedstat 2>/dev/null | awk '{s += $1} END {printf "%.0f", s}'; }

# cost PID COMMAND...: milliseconds of the process's CPU for each of the requests that the command sends.
cost() {
  local pid=$1 before after
  shift
  before=$(spent "$pid")
  "$@"
  after=$(spent "$pid")
  awk -v d=$((after - before)) -v n="$requests" 'BEGIN {printf "%.4f", d / 1e6 / n}'
}

gets() {
  local url=$1 i
  for ((i = 0; i < requests; i += 100)); do
    curl -s -o /dev/null -H 'Accept: text/html,application/json' "$url#[1-100]"
  done
}

verdicts() {
  local url=$1 i
  for ((i = 0; i < requests; i += 100)); do
    curl -s -o /dev/null -X POST -H 'Content-Type: application/json' -d '{"token":"a.b.c"}' "$url#[1-100]"
  done
}

# turn CHECKOUT: ready_ms idle_kb page_ms records_ms verdict_ms
turn() {
  local data=$work/data-$RANDOM began pid port ready
  began=$(date +%s%N)
  "$1/troth" up --data "$data" --port 0 --otlp-http 0 --otlp-grpc off >"$work/out" 2>"$work/err" &
  pid=$!
  until grep -q 'ready at' "$work/out" 2>/dev/null; do
    kill -0 "$pid" || { cat "$work/err" >&2; exit 3; }
    sleep 0.01
  done
  ready=$((($(date +%s%N) - began) / 1000000))
  port=$(sed -n 's/.*ready at http:\/\/127.0.0.1:\([0-9]*\).*/\1/p' "$work/out")
  sleep 10
  local idle
  idle=$(awk '/VmRSS/ {print $2}' "/proc/$pid/status")
  gets "http://127.0.0.1:$port/" # warms up
  local page records verdict
  page=$(cost "$pid" gets "http://127.0.0.1:$port/")
  gets "http://127.0.0.1:$port/api/record/1"
  records=$(cost "$pid" gets "http://127.0.0.1:$port/api/record/1")
  verdicts "http://127.0.0.1:$port/gate/validate"
  verdict=$(cost "$pid" verdicts "http://127.0.0.1:$port/gate/validate")
  kill -TERM "$pid"
  wait "$pid" || true
  echo "$ready $idle $page $records $verdict"
}

echo "ready_ms idle_kb page_ms record_ms verdict_ms (old | new | ratio)"
for ((pair = 1; pair <= pairs; pair++)); do
  if ((pair % 2)); then a=$(turn "$old"); b=$(turn "$new"); else b=$(turn "$new"); a=$(turn "$old"); fi
  echo "$a | $b | $(paste <(tr ' ' '\n' <<<"$a") <(tr ' ' '\n' <<<"$b") | awk '{printf "%.3f ", ($1 > 0 ? $2 / $1 : 0)}')" | tee -a "$work/pairs"
done
echo -n "median ratio: "
for column in 1 2 3 4 5; do
  awk -F'|' -v c="$column" '{split($3, r, " "); print r[c]}' "$work/pairs" | sort -n |
    awk '{v[NR] = $1} END {printf "%.3f ", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
done
echo
