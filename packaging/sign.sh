#!/usr/bin/env bash
# sign.sh [FOLDER]: signs FOLDER/SHA256SUMS with the key that TROTH_SIGNING_KEY names, as FOLDER/SHA256SUMS.sig. The key is a
# private one of ssh-keygen, or the public half of one that an ssh-agent holds. Only a signature stays that
# allowed_signers, beside this script, accepts. Without a key there is none. FOLDER is target/release unless it is named.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../target/release}
sums=$out/SHA256SUMS
fail() { echo "sign: $1" >&2; exit "${2:-2}"; }
[ -f "$sums" ] || fail "there is no $sums: run ./build package"
# One of other checksums would be worse than none.
rm -f "$sums.sig"
key=${TROTH_SIGNING_KEY:-}
if [ -z "$key" ]; then
  echo "sign: no signature, because TROTH_SIGNING_KEY names no key" >&2
  exit 0
fi
command -v ssh-keygen >/dev/null || fail "ssh-keygen is not on PATH"
[ -r "$key" ] || fail "TROTH_SIGNING_KEY is '$key', expected a file that can be read"
new=$(mktemp "$out/signature.XXXXXX")
trap 'rm -f "$new"' EXIT
ssh-keygen -Y sign -q -f "$key" -n troth-release <"$sums" >"$new" || fail "ssh-keygen could not sign with '$key'" 3
ssh-keygen -Y verify -f "$here/allowed_signers" -I release@troth.dev -n troth-release -s "$new" <"$sums" >/dev/null 2>&1 ||
  fail "packaging/allowed_signers has no valid line for the key $(ssh-keygen -lf "$key" | cut -d' ' -f2) in '$key', expected: release@troth.dev namespaces=\"troth-release\" $(ssh-keygen -yf "$key" 2>/dev/null || cat "$key")"
chmod 644 "$new"
mv "$new" "$sums.sig"
