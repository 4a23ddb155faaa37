package dev.troth.server.console.page;

/** A built page that cannot be filled safely or completely. */
public final class PageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PageException(String message) {
    super(message);
  }
}
