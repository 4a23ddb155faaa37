package dev.troth.server.registry;

import java.util.List;
import java.util.stream.Stream;

/**
 * Whether a schema may be the next version.
 *
 * @param reasons why not; each names the rule that is broken
 * @param examples documents that would break
 */
record Compatibility(boolean compatible, List<String> reasons, List<String> examples) {
  static final Compatibility FINE = new Compatibility(true, List.of(), List.of());

  Compatibility {
    reasons = List.copyOf(reasons);
    examples = List.copyOf(examples);
  }

  /** Why not, with the documents that show it. */
  List<String> messages() {
    return joined(reasons, examples);
  }

  Compatibility and(Compatibility other) {
    return new Compatibility(
        compatible && other.compatible,
        joined(reasons, other.reasons),
        joined(examples, other.examples));
  }

  private static List<String> joined(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
