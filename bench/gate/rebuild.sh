#!/usr/bin/env bash
# How long the module and the native host take after one line of their source was edited: rebuild.sh [ROUNDS].
# In a copy of the sources, by the builder that stays warm. Each round edits another value into a line of the validator, and the
# output must differ from all before it. Prints medians.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
rounds=${1:-7}
. "$root/bench/figure.sh"
work=$(mktemp -d)
builder_PID=
stop() {
  [ -z "$builder_PID" ] || kill "$builder_PID" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 143' TERM INT

mkdir -p "$work/gate/native/node_modules"
cp -r "$root/gate/src" "$work/gate/src"
cp -r "$root/gate/native/src" "$root/gate/native/package.json" "$root/gate/native/package-lock.json" "$work/gate/native/"
# The compilers are shared, what they made before is not.
for entry in "$root"/gate/native/node_modules/* "$root/gate/native/node_modules/.troth-lock"; do
  ln -s "$entry" "$work/gate/native/node_modules/"
done
line=$work/gate/src/main/java/dev/troth/gate/core/ClaimCheck.java
edits=0
edit() {
  edits=$((edits + 1))
  sed -i "s/ = settings\.leewayMillis[ +0-9]*;/ = settings.leewayMillis + $edits;/" "$line"
  grep -q "leewayMillis + $edits;" "$line" || { echo "rebuild.sh: $line has no line to edit" >&2; exit 1; }
}

coproc builder { exec "$root/gate/native/warm.sh" "$work/gate/native" 2>&1; }
build() {
  local answer
  echo "$1" >&"${builder[1]}"
  read -r answer <&"${builder[0]}" || { echo "rebuild.sh: the builder ended" >&2; exit 1; }
  [[ $answer =~ ^target/native-warm/[^\ ]+\ ([0-9a-f]+)\ in\ ([0-9.]+)\ s$ ]] || { echo "rebuild.sh: $answer" >&2; exit 1; }
  made=${BASH_REMATCH[1]} took=${BASH_REMATCH[2]}
}

# measure KEY WISH: builds until the compilers are warm, then measures.
measure() {
  local times=() known=" " median i
  for ((i = 0; i < 2 * rounds; i++)); do
    edit
    build "$2"
    case $known in *" $made "*) echo "rebuild.sh: an edit left $2 as it was" >&2; exit 1 ;; esac
    known+="$made "
    if [ "$i" -ge "$rounds" ]; then times+=("$took"); fi
  done
  median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$(((rounds + 1) / 2))p")
  echo "$2 after one edited line, median of $rounds: $median s (${times[*]})"
  figure "$1" "$median" - s - "$(printf '%s\n' "${times[@]}" | sort -n | sed -n '1p;$p' | paste -sd' ' | sed 's/ / to /')"
}
measure gate.rebuild-module module
measure gate.rebuild-native native
