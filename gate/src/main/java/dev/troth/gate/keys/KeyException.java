package dev.troth.gate.keys;

/**
 * A key that is not accepted; the message names it, its value where that is public, and the cure.
 */
public final class KeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KeyException(String message) {
    super(message);
  }

  public KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
