#!/usr/bin/env bash
# try.sh FOLDER: whether the release in FOLDER runs where it was not made. Unpacks tarball and package elsewhere, below a
# path with a space, and starts them with an empty environment: every cache of classes has to be taken, a platform has to
# become ready, serve and end, on a new data folder and on one of the release before; nothing may be written into the
# release. Exit code 3 if something is wrong.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(cd "$1" && pwd)
version=$(sed -n '0,/<version>/s/.*<version>\(.*\)<\/version>.*/\1/p' "$root/pom.xml")
name=troth-$version-linux-x64
platform=
fail() { echo "try: $1" >&2; exit 3; }
elsewhere=$(mktemp -d)
finish() {
  if [ -n "$platform" ]; then kill -9 "$platform" 2>/dev/null || true; fi
  rm -rf "$elsewhere"
}
trap finish EXIT

(cd "$out" && sha256sum --check --quiet SHA256SUMS) || fail "SHA256SUMS names other bytes than those in $out"
if [ -f "$out/SHA256SUMS.sig" ]; then
  ssh-keygen -Y verify -q -f "$root/packaging/allowed_signers" -I release@troth.dev -n troth-release \
    -s "$out/SHA256SUMS.sig" <"$out/SHA256SUMS" >&2 || fail "SHA256SUMS.sig is no signature of SHA256SUMS"
fi
home="$elsewhere/a folder/$name"
mkdir "$elsewhere/a folder" "$elsewhere/package"
tar -C "$elsewhere/a folder" -xzf "$out/$name.tar.gz"
dpkg-deb --extract "$out/troth_${version}_amd64.deb" "$elsewhere/package"
touch "$elsewhere/unpacked"

# No variable of the machine that made it. A JVM that cannot take its cache ends instead of starting slowly.
clean=(env -i PATH=/usr/bin:/bin HOME="$elsewhere" TROTH_JAVA_OPTS=-XX:AOTMode=on)
java=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"$/\1/p' "$home/runtime/release")
[ -n "$java" ] || fail "runtime/release has no JAVA_RUNTIME_VERSION: expected the runtime that packaging/runtime.sh links"
for troth in "$home/troth" "$home/bin/troth" "$elsewhere/package/usr/bin/troth"; do
  said=$(cd "$elsewhere" && "${clean[@]}" timeout 60 "$troth" --version 2>&1) || fail "'${troth#"$elsewhere/"} --version' failed: $said"
  [ "$said" = "troth $version, Java $java" ] ||
    fail "'${troth#"$elsewhere/"} --version' said '$said', expected 'troth $version, Java $java'"
done
for command in "up --help" "observe run --help" "gate run --help" "demo --help"; do
  # shellcheck disable=SC2086
  said=$(cd "$elsewhere" && "${clean[@]}" timeout 60 "$home/troth" $command 2>&1) || fail "'troth $command' failed: $said"
done
while read -r jar; do
  grep -qF "\"bom-ref\":\"$jar\"" "$home/share/troth.cdx.json" || fail "share/troth.cdx.json does not name $jar"
done < <(cd "$home" && find app -name '*.jar')

# up DATA WORD...: starts a platform and waits until it is ready at $port.
up() {
  "${clean[@]}" "$home/troth" up --data "$@" --port 0 --registry-listen off --otlp-http off --otlp-grpc off \
    >"$elsewhere/up.out" 2>"$elsewhere/up.err" &
  platform=$!
  local i
  for ((i = 0; ; i++)); do
    if grep -q '^troth is ready at' "$elsewhere/up.out"; then break; fi
    kill -0 "$platform" 2>/dev/null || fail "'troth up' over ${1##*/} ended: $(tail -3 "$elsewhere/up.err")"
    [ "$i" -lt 600 ] || fail "'troth up' over ${1##*/} was not ready within a minute: $(tail -3 "$elsewhere/up.err")"
    sleep 0.1
  done
  port=$(sed -n 's|^troth is ready at http://127.0.0.1:\([0-9]*\).*|\1|p' "$elsewhere/up.out")
}
# get PATH HEADER TEXT: the answer has to be 200 and to hold the text.
get() {
  exec 4<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n%s\r\nConnection: close\r\n\r\n' "$1" "$port" "$2" >&4
  timeout 20 cat <&4 >"$elsewhere/answer"
  exec 4<&-
  head -1 "$elsewhere/answer" | grep -q ' 200' || fail "$1 of 'troth up' answered '$(head -1 "$elsewhere/answer" | tr -d '\r')', expected 200"
  grep -qF "$3" "$elsewhere/answer" || fail "$1 of 'troth up' answered '$(tail -1 "$elsewhere/answer")', expected '$3' in it"
}
down() {
  local status=0
  kill -TERM "$platform"
  wait "$platform" || status=$?
  platform=
  [ "$status" -eq 0 ] || fail "'troth up' ended with $status after SIGTERM, expected 0: $(tail -3 "$elsewhere/up.err")"
}
up "$elsewhere/new"
get /-/ready 'Accept: */*' ''
# A machine without npm makes a release without a console, which is no release.
get / 'Accept: text/html' '<!DOCTYPE html>'
down
# The folder that the release before it wrote.
mkdir -m 700 "$elsewhere/earlier"
unzip -q "$(find "$root/server/src/test/resources/upgrade" -name '*.zip' ! -name '*.postgresql.zip' | sort | tail -1)" -d "$elsewhere/earlier"
chmod 600 "$elsewhere"/earlier/*
# Its tokens expired long ago; in development mode none is asked for.
up "$elsewhere/earlier"
get /api/records/1 'Accept: application/json' 'told before the upgrade'
down
written=$(find "$elsewhere/a folder" "$elsewhere/package" -newer "$elsewhere/unpacked" -print)
[ -z "$written" ] || fail "these were written into the release: $written"
echo "try: the release starts elsewhere" >&2
