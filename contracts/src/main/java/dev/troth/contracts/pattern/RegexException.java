package dev.troth.contracts.pattern;

/** A text that is not a regular expression of ECMA-262. */
public final class RegexException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;

  RegexException(String pattern, int at, String reason) {
    super("the pattern '%s' is wrong at character %d: %s".formatted(pattern, at + 1, reason));
    problem = String.valueOf(getMessage());
  }

  /** What is wrong and where, in one sentence. */
  public String problem() {
    return problem;
  }
}
