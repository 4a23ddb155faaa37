package dev.troth.server.rows;

/** What a source streams from is not as it has to be, or cannot be reached. */
public final class StreamFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StreamFailure(String message) {
    super(message, null, false, false);
  }

  /** What went wrong, in a line. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
