package dev.troth.contracts.proof;

/** The search was given up. */
final class Exhausted extends RuntimeException {
  private static final long serialVersionUID = 1;

  Exhausted(String reason) {
    super(reason, null, false, false);
  }
}
