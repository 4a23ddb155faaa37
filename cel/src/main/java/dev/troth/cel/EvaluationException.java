package dev.troth.cel;

/** A rule that has no answer for a document, such as a division by zero or a missing field. */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EvaluationException(String reason) {
    super(reason, null, false, false);
  }
}
