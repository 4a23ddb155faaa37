package dev.troth.contracts.pattern;

/** A pattern that would take too long on a text: nothing is known about whether it matches. */
public final class CostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CostException(String pattern, int length) {
    super(
        "the pattern '%s' takes too many steps on a text of %,d characters"
            .formatted(pattern, length));
  }
}
