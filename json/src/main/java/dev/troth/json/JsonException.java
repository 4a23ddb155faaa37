package dev.troth.json;

/** A document that is not JSON: what is wrong and where. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int offset;
  private final int line;
  private final int column;
  private final String reason;

  JsonException(String reason, int offset, int line, int column) {
    super("line %d, column %d: %s".formatted(line, column, reason));
    this.reason = reason;
    this.offset = offset;
    this.line = line;
    this.column = column;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }

  /** Bytes before the place. */
  public int offset() {
    return offset;
  }

  /** The line, from 1. */
  public int line() {
    return line;
  }

  /** The column in bytes, from 1. */
  public int column() {
    return column;
  }
}
