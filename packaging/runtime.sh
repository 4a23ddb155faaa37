#!/usr/bin/env bash
# runtime.sh JDK FOLDER [MODULES]: links the Java runtime of a release. jlink names its version and its modules alone in the
# file "release", so what the JDK says of itself there comes too: the bill of materials and the trial read it.
set -euo pipefail
jdk=$1 out=$2
modules=${3:-java.se,jdk.charsets,jdk.crypto.cryptoki,jdk.httpserver,jdk.jfr,jdk.localedata,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs}
grep -q '^JAVA_RUNTIME_VERSION=' "$jdk/release" || {
  echo "runtime: $jdk/release has no JAVA_RUNTIME_VERSION, expected that of a JDK 25" >&2
  exit 2
}
locales=()
case ",$modules," in *,jdk.localedata,*) locales=(--include-locales=en) ;; esac
about=$(mktemp)
trap 'rm -f "$about"' EXIT
# jlink itself adds JAVA_VERSION and MODULES.
grep -E '^(IMPLEMENTOR|IMPLEMENTOR_VERSION|JAVA_RUNTIME_VERSION|JAVA_VERSION_DATE|LIBC|OS_ARCH|OS_NAME|SOURCE)=' "$jdk/release" >"$about"
"$jdk/bin/jlink" --add-modules "$modules" ${locales[@]+"${locales[@]}"} --release-info="$about" --strip-debug \
  --no-header-files --no-man-pages --vm=server --output "$out"
