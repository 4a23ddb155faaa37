package dev.troth.server.registry;

import dev.troth.server.registry.schema.Submission;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether a schema may be the next version.
 *
 * @param reasons why not; each names the rule that is broken
 * @param examples documents that would break
 * @param lasting whether it follows from the versions compared alone, and was decided
 */
record Compatibility(
    boolean compatible, List<String> reasons, List<String> examples, boolean lasting) {

  Compatibility {
    reasons = List.copyOf(reasons);
    examples = List.copyOf(examples);
  }

  /** Nothing is in the way of a schema. */
  static Compatibility fine(Submission schema) {
    return new Compatibility(true, List.of(), List.of(), schema.references().isEmpty());
  }

  /** Why not, with the documents that show it. */
  List<String> messages() {
    return joined(reasons, examples);
  }

  Compatibility and(Compatibility other) {
    return new Compatibility(
        compatible && other.compatible,
        joined(reasons, other.reasons),
        joined(examples, other.examples),
        lasting && other.lasting);
  }

  private static List<String> joined(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
