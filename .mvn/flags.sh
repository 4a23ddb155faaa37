# read_flags COMMAND...: sets TROTH_CACHE and TROTH_FLAGS from the table beside this file, and exports its variables.
# The row of the first two words counts (gate run: gate.run), else that of the first, else default. Rows without a
# cache are no commands. Sourced.
read_flags() {
  local name cache words word row
  for row in "${1:-}.${2:-}" "${1:-}" default; do
    while read -r name cache words; do
      case $name:$cache in '#'* | *:- | *:) continue ;; esac
      [ "$name" = "$row" ] || continue
      TROTH_CACHE=$cache TROTH_FLAGS=()
      for word in $(flags_of all) $words; do
        case $word in
          -*) TROTH_FLAGS+=("$word") ;;
          *=*) export "${word?}" ;;
        esac
      done
      return 0
    done <"$TROTH_FLAG_TABLE"
  done
}

# flags_of ROW: the flags of one row alone.
flags_of() {
  local name cache words
  while read -r name cache words; do
    if [ "$name" = "$1" ]; then echo "$words"; fi
  done <"$TROTH_FLAG_TABLE"
}
TROTH_FLAG_TABLE=$(dirname "${BASH_SOURCE[0]}")/flags
