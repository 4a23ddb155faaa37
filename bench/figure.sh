# figure KEY OURS PEER UNIT PEER_NAME SPREAD: a line for bench/all, where it asks for one; - for none. Sourced.
figure() {
  [ -n "${BENCH_FIGURES:-}" ] || return 0
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "${3:--}" "$4" "${5:--}" "${6:--}" >>"$BENCH_FIGURES"
}
