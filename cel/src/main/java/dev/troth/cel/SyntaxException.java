package dev.troth.cel;

/** A text that is no rule: what is wrong and where. */
public final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;

  SyntaxException(String source, int at, String reason) {
    this("'%s' is wrong at character %d: %s".formatted(source, at + 1, reason));
  }

  SyntaxException(String problem) {
    super(problem);
    this.problem = problem;
  }

  /** What is wrong and where, in one sentence. */
  public String problem() {
    return problem;
  }
}
