#!/usr/bin/env bash
# image.sh [FOLDER]: makes an OCI image of a release without a container engine: FOLDER/troth-<version>-oci.tar. The
# system below Troth is that of Debian's packages named here, fetched by apt. FOLDER is target/release unless it is named.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(cd "${1:-$root/target/release}" && pwd)
fail() { echo "image: $1" >&2; exit "${2:-2}"; }
for tool in tar gzip sha256sum apt-get dpkg-deb; do command -v $tool >/dev/null || fail "$tool is not on PATH"; done
version=$(sed -n '0,/<version>/s/.*<version>\(.*\)<\/version>.*/\1/p' "$root/pom.xml")
release=$out/troth-$version-linux-x64.tar.gz
[ -f "$release" ] || fail "there is no $release: run ./build package"
# A shell to start with, what the Java runtime is linked with, certificates of the web, and the user's name.
packages=(base-files libc6 libgcc-s1 zlib1g dash coreutils libselinux1 libpcre2-8-0 libacl1 libattr1 libgmp10 ca-certificates tzdata netbase)

epoch=$(gzip -dc "$release" | tar -tv --full-time --utc -f - 2>/dev/null | awk 'NR==1 {print $4, $5}') || true
epoch=$(date -u -d "${epoch:-1970-01-01 00:00:00}" +%s)
work=$(mktemp -d "$out/making.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{debs,system,blobs/sha256}

echo "image: fetching ${#packages[@]} packages" >&2
(cd "$work/debs" && chmod 755 "$work" "$work/debs" && apt-get download -qq "${packages[@]}" >/dev/null) ||
  fail "apt-get download failed: run apt-get update first" 3
system=$work/system
# One /usr, as Debian has it.
mkdir -p "$system/usr/"{bin,sbin,lib,lib64}
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$system/$folder"; done
for deb in "$work"/debs/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink --no-same-owner -C "$system" -f -; done
ln -sf dash "$system/usr/bin/sh"
rm -rf "$system"/usr/share/{doc,man,lintian,info,locale}
# What the package's own script makes of the certificates.
mkdir -p "$system/etc/ssl/certs"
find "$system/usr/share/ca-certificates" -name '*.crt' | sort | xargs cat >"$system/etc/ssl/certs/ca-certificates.crt"
echo 'root:x:0:0:root:/root:/bin/sh
troth:x:10001:10001::/data:/bin/sh' >"$system/etc/passwd"
echo 'root:x:0:
troth:x:10001:' >"$system/etc/group"
echo 'hosts: files dns' >"$system/etc/nsswitch.conf"
mkdir -p "$system/tmp" "$system/opt"
chmod 1777 "$system/tmp"

echo "image: writing the layers" >&2
blob() { # blob FILE: puts it under its digest and prints "digest size"
  local digest
  digest=$(sha256sum "$1" | cut -d' ' -f1)
  mv "$1" "$work/blobs/sha256/$digest"
  echo "$digest $(stat -c %s "$work/blobs/sha256/$digest")"
}
pack() { tar --sort=name --numeric-owner --mtime="@$epoch" --format=gnu "$@"; }
pack -C "$system" --owner=0 --group=0 -cf "$work/1.tar" .
mkdir -p "$work/data/data" "$work/app/opt" "$work/app/usr/bin"
# The times of the jars belong to the caches: they stay.
tar -xzf "$release" -C "$work/app/opt"
mv "$work/app/opt/troth-$version-linux-x64" "$work/app/opt/troth"
ln -s /opt/troth/troth "$work/app/usr/bin/troth"
touch -h -d "@$epoch" "$work/app/usr/bin/troth" "$work"/app/{opt,usr,usr/bin}
tar -C "$work/app" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -cf "$work/2.tar" opt usr/bin/troth
chmod 700 "$work/data/data"
pack -C "$work/data" --owner=10001 --group=10001 -cf "$work/3.tar" data
diffs='' layers=''
for layer in 1 2 3; do
  diffs="$diffs${diffs:+,}\"sha256:$(sha256sum "$work/$layer.tar" | cut -d' ' -f1)\""
  gzip -n -6 "$work/$layer.tar"
  read -r digest size < <(blob "$work/$layer.tar.gz")
  layers="$layers${layers:+,}{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:$digest\",\"size\":$size}"
done
created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)
bases=$(for deb in "$work"/debs/*.deb; do dpkg-deb -f "$deb" Package Version | sed 's/.*: //' | paste -sd= -; done | sort | paste -sd' ' -)
cat >"$work/config" <<JSON
{"created":"$created","architecture":"amd64","os":"linux","config":{"User":"10001:10001","Env":["PATH=/usr/bin:/bin","LC_ALL=C.UTF-8"],"Entrypoint":["/opt/troth/troth"],"Cmd":["up","--data","/data"],"WorkingDir":"/data","Volumes":{"/data":{}},"ExposedPorts":{"4000/tcp":{},"4317/tcp":{},"4318/tcp":{},"8081/tcp":{}},"StopSignal":"SIGTERM","Labels":{"org.opencontainers.image.title":"troth","org.opencontainers.image.version":"$version","org.opencontainers.image.licenses":"Apache-2.0","dev.troth.packages":"$bases"}},"rootfs":{"type":"layers","diff_ids":[$diffs]},"history":[{"created":"$created","created_by":"packages of Debian"},{"created":"$created","created_by":"troth $version"},{"created":"$created","created_by":"the folder of data"}]}
JSON
read -r digest size < <(blob "$work/config")
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[%s]}' \
  "$digest" "$size" "$layers" >"$work/manifest"
read -r digest size < <(blob "$work/manifest")
printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"platform":{"architecture":"amd64","os":"linux"},"annotations":{"org.opencontainers.image.ref.name":"%s"}}]}' \
  "$digest" "$size" "$version" >"$work/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$work/oci-layout"
chmod -R u=rwX,go=rX "$work"/blobs "$work"/index.json "$work"/oci-layout
pack -C "$work" --owner=0 --group=0 -cf "$out/troth-$version-oci.tar" oci-layout index.json blobs
(
  cd "$out"
  touch SHA256SUMS
  # Another image of this version may have been made before.
  { grep -v "  troth-$version-oci.tar\$" SHA256SUMS || true; sha256sum "troth-$version-oci.tar"; } | sort -k2 >"$work/sums"
  mv "$work/sums" SHA256SUMS
)
"$root/packaging/sign.sh" "$out"
echo "troth-$version-oci.tar $(stat -c %s "$out/troth-$version-oci.tar")"
