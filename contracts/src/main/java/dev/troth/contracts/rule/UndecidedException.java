package dev.troth.contracts.rule;

/** A rule that has no answer for a document, such as a division by zero or a missing field. */
final class UndecidedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UndecidedException(String reason) {
    super(reason, null, false, false);
  }
}
