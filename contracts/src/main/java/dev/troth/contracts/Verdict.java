package dev.troth.contracts;

import dev.troth.contracts.validate.Violation;
import java.util.List;

/**
 * The answer of a validator.
 *
 * @param violations what breaks the contract; none if the message keeps it
 * @param warnings quality rules of severity {@code warning} that the message breaks
 */
public record Verdict(List<Violation> violations, List<Violation> warnings) {
  static final Verdict VALID = new Verdict(List.of(), List.of());

  public Verdict {
    violations = List.copyOf(violations);
    warnings = List.copyOf(warnings);
  }

  public boolean valid() {
    return violations.isEmpty();
  }

  /** The violations, one a line, or {@code valid}. */
  @Override
  public String toString() {
    return valid()
        ? "valid"
        : String.join("\n", violations.stream().map(Violation::toString).toList());
  }
}
