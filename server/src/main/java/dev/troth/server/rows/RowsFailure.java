package dev.troth.server.rows;

/** A database whose rows are watched is not as it has to be, or cannot be reached. */
public final class RowsFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RowsFailure(String message) {
    super(message, null, false, false);
  }

  /** What went wrong, in a line. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
