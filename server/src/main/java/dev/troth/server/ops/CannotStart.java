package dev.troth.server.ops;

/**
 * A condition outside the program that keeps it from starting. Its message is one line that names
 * the thing, the value and what was expected; it is shown without a stack trace.
 */
public class CannotStart extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CannotStart(String message) {
    super(message);
  }
}
