package dev.troth.observe.discovery;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The container of a process as the path of its control group tells it, for containerd, CRI-O and
 * Docker, by systemd or not, in both versions of control groups.
 *
 * @param id 64 hexadecimal digits
 * @param pod the number of its pod in Kubernetes
 */
record Container(Optional<String> id, Optional<String> pod) {
  private static final Pattern ID = Pattern.compile("(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])");

  /** A pod's own number, or for pods of files on the node the digest of the file. */
  private static final Pattern POD =
      Pattern.compile(
          "pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}"
              + "|[0-9a-f]{32})(?![0-9a-f])");

  /** In a container within a container, the inner one. */
  static Container of(String controlGroups) {
    return new Container(
        last(ID.matcher(controlGroups)),
        last(POD.matcher(controlGroups)).map(pod -> pod.replace('_', '-')));
  }

  private static Optional<String> last(Matcher matcher) {
    Optional<String> last = Optional.empty();
    while (matcher.find()) {
      last = Optional.of(matcher.group(1));
    }
    return last;
  }
}
