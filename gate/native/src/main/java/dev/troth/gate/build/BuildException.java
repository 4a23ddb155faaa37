package dev.troth.gate.build;

/** A step of the native build that failed; the message says which and why. */
final class BuildException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BuildException(String message) {
    super(message);
  }
}
