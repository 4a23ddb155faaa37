#!/usr/bin/env bash
# release.sh [FOLDER]: makes what people install, from a build that is there: a tarball and a .deb that need no JDK, and
# their checksums, signed where TROTH_SIGNING_KEY names a key (sign.sh). What does not start elsewhere (try.sh) is not put
# into FOLDER. The same sources and JDK give the same bytes but for the caches of classes in app/aot, which the JVM
# writes anew each time. FOLDER is target/release unless it is named.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/.mvn/find-jdk.sh"
find_jdk || exit 2
dist=$root/cli/target/troth
orders=$root/examples/orders/target/orders
out=${1:-$root/target/release}
fail() { echo "release: $1" >&2; exit "${2:-2}"; }
[ "$(uname -sm)" = "Linux x86_64" ] || fail "this is $(uname -sm), expected Linux x86_64: a runtime is made for its own platform"
[ -f "$dist/troth.jar" ] && [ -f "$orders/orders.jar" ] || fail "there is no build in $dist: run ./build package"
for tool in tar gzip sha256sum dpkg-deb unzip; do command -v $tool >/dev/null || fail "$tool is not on PATH"; done

version=$(sed -n '0,/<version>/s/.*<version>\(.*\)<\/version>.*/\1/p' "$root/pom.xml")
name=troth-$version-linux-x64
# All files bear the time of the last commit, so that the same commit gives the same archive.
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 1735689600)}
mkdir -p "$out"
work=$(mktemp -d "$out/making.XXXXXX")
trap 'rm -rf "$work"' EXIT
home=$work/$name
mkdir -p "$home"/{app/lib,app/aot,app/orders,bin,examples/orders,share}

echo "release: linking the Java runtime" >&2
"$root/packaging/runtime.sh" "$TROTH_JDK" "$home/runtime"

# Only what the manifest names: an older build may have left jars behind.
cp "$dist/troth.jar" "$home/app/troth.jar"
unzip -p "$dist/troth.jar" META-INF/MANIFEST.MF | tr -d '\r' | sed -e ':a' -e 'N' -e '$!ba' -e 's/\n //g' |
  sed -n 's/^Class-Path: //p' | tr ' ' '\n' | while read -r jar; do cp "$dist/$jar" "$home/app/$jar"; done
cp -r "$orders/." "$home/app/orders/"
cp "$root/.mvn/flags" "$root/.mvn/flags.sh" "$home/app/"
cp -r "$root/examples/orders/contracts" "$root"/examples/orders/slo{,-tokens}.yaml "$home/examples/orders/"
cp -r "$root/examples/serverless" "$home/examples/" && rm -rf "$home/examples/serverless/target"
cp "$root/packaging/troth" "$home/troth"
ln -s ../troth "$home/bin/troth"
for binary in "$root"/gate/native/target/native/troth-gate{,-all}-x86_64; do
  if [ -f "$binary" ]; then cp "$binary" "$home/bin/$(basename "$binary" -x86_64)"; fi
done
cp "$root"/{README,SECURITY,CHANGELOG}.md "$root/LICENSE" "$home/"
cp -r "$root/docs" "$home/docs"
cp -r "$root/packaging/systemd" "$home/share/systemd"
"$home/runtime/bin/java" -jar "$home/app/troth.jar" completion >"$home/share/troth.bash"
"$TROTH_JDK/bin/java" "$root/packaging/BillOfMaterials.java" "$home" "$root/.mvn/checksums" \
  "${TROTH_MAVEN_REPOSITORY:-${HOME:-/root}/.m2/repository}" "$version" "$epoch" "$root/console/package.json" >"$home/share/troth.cdx.json"

# The JVM takes a cache only while each jar has the size and the time that it had when the cache was made. The time comes
# from what is in the jars, so that other jars of the same size never meet an older cache.
content=$(cd "$home/app" && cat troth.jar lib/*.jar "$home/runtime/release" | sha256sum | cut -c1-7)
jars=$((epoch - 16#$content % 2000000))
find "$home" -exec touch -h -d "@$epoch" {} +
find "$home/app" -name '*.jar' -exec touch -d "@$jars" {} +
for kind in $(sed -n 's/^[a-z.]* *\([a-z]*\) .*/\1/p' "$home/app/flags" | sort -u); do
  echo "release: preparing a fast start ($kind)" >&2
  (
    . "$home/app/flags.sh"
    cd "$work"
    "$home/runtime/bin/java" -XX:AOTCacheOutput="$home/app/aot/$kind.aot" -Xlog:disable -Xlog:all=off $(flags_of all) \
      -Xmx512m "-Dtroth.home=$home" -jar "$home/app/troth.jar" rehearse "$kind" >"$work/$kind.log" 2>&1
  ) || true
  [ -f "$home/app/aot/$kind.aot" ] || fail "no cache of classes was made for $kind: $(tail -3 "$work/$kind.log")" 3
done
chmod -R u=rwX,go=rX "$home"
find "$home" -newermt "@$epoch" -exec touch -h -d "@$epoch" {} +
find "$home/app" -name '*.jar' -exec touch -d "@$jars" {} +

archive() { # archive FOLDER NAME...: a tar of them whose bytes depend on nothing else
  tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -cf - "${@:2}"
}
echo "release: writing $name.tar.gz" >&2
archive "$work" "$name" | gzip -n -6 >"$work/$name.tar.gz"

echo "release: writing troth_${version}_amd64.deb" >&2
deb=$work/deb
mkdir -p "$deb"/{DEBIAN,usr/lib,usr/bin,usr/lib/systemd/system,etc/troth,usr/share/doc/troth,usr/share/bash-completion/completions,usr/share/lintian/overrides}
cp -a "$home" "$deb/usr/lib/troth"
rm -rf "$deb/usr/lib/troth"/{docs,bin,share,README.md,SECURITY.md,CHANGELOG.md,LICENSE}
ln -s ../lib/troth/troth "$deb/usr/bin/troth"
for binary in "$home"/bin/troth-gate*; do if [ -f "$binary" ]; then cp -a "$binary" "$deb/usr/bin/"; fi; done
cp "$home"/share/systemd/*.service "$deb/usr/lib/systemd/system/"
sed -i 's|/opt/troth/troth|/usr/bin/troth|' "$deb"/usr/lib/systemd/system/*.service
cp "$root"/packaging/systemd/*.yaml "$deb/etc/troth/"
sed 1d "$home/share/troth.bash" >"$deb/usr/share/bash-completion/completions/troth"
cp -r "$home/docs" "$home"/{README,SECURITY}.md "$deb/usr/share/doc/troth/"
cp "$home/share/troth.cdx.json" "$deb/usr/share/doc/troth/"
printf 'troth (%s) stable; urgency=medium\n\n  * See /usr/share/doc/troth/CHANGELOG.md.\n\n -- The Troth authors <troth@troth.dev>  %s\n' \
  "$version" "$(date -Rud "@$epoch")" | gzip -n -9 >"$deb/usr/share/doc/troth/changelog.gz"
cp "$root/CHANGELOG.md" "$deb/usr/share/doc/troth/"
cp "$root/packaging/debian/copyright" "$deb/usr/share/doc/troth/"
cp "$root/packaging/debian/overrides" "$deb/usr/share/lintian/overrides/troth"
cp "$root/packaging/debian/"{postinst,prerm,postrm} "$deb/DEBIAN/"
(cd "$deb" && find etc -type f | sed 's|^|/|' | sort >DEBIAN/conffiles)
(cd "$deb" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
sed "s/@VERSION@/$version/; s/@SIZE@/$(du -sk --exclude=DEBIAN "$deb" | cut -f1)/" "$root/packaging/debian/control" >"$deb/DEBIAN/control"
chmod -R u=rwX,go=rX "$deb"
# Secrets may stand in them; systemd hands a copy to each unit.
chmod 600 "$deb"/etc/troth/*.yaml
chmod 755 "$deb"/DEBIAN/{postinst,prerm,postrm}
find "$deb" -not -name '*.jar' -exec touch -h -d "@$epoch" {} +
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zgzip -z6 --build "$deb" "$work/troth_${version}_amd64.deb" >/dev/null

(cd "$work" && sha256sum "$name.tar.gz" "troth_${version}_amd64.deb" >SHA256SUMS)
"$root/packaging/sign.sh" "$work"
echo "release: starting it elsewhere" >&2
rm -rf "$out/refused"
"$root/packaging/try.sh" "$work" || {
  mkdir "$out/refused"
  mv "$work/$name.tar.gz" "$work/troth_${version}_amd64.deb" "$work"/SHA256SUMS* "$out/refused/"
  fail "the release does not start elsewhere; it lies in $out/refused" 3
}
rm -f "$out/SHA256SUMS.sig"
mv "$work/$name.tar.gz" "$work/troth_${version}_amd64.deb" "$work"/SHA256SUMS* "$out/"
ls -l "$out" | awk 'NR>1 && !/making/ {print $NF, $5}'
