# Sets TROTH_JDK to a JDK 25: JAVA_HOME if it is one, else the usual folders. Sourced by ./build and ./troth.
find_jdk() {
  local home release
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
    release=$(<"$home/release")
    case "$release" in
      *'JAVA_VERSION="25'[.\"+]*) TROTH_JDK=$home; return 0 ;;
    esac
  done
  echo "troth: no JDK 25 found (looked at JAVA_HOME=${JAVA_HOME:-unset}, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks): install one and set JAVA_HOME to it" >&2
  return 1
}
