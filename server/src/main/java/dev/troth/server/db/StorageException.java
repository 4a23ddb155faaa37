package dev.troth.server.db;

import java.sql.SQLException;
import java.util.Optional;

/** The disk or the database file is in the way of work that was right. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  StorageException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** What is in the way. */
  public enum Kind {
    /** There is no room left. */
    FULL,
    /** The file cannot be read or written, is damaged, locked or gone. */
    BROKEN
  }

  public Kind kind() {
    return kind;
  }

  /**
   * What SQLite's result codes say of the storage, if the failure is one of it. That a reader tried
   * to write is none: it is a fault of the program.
   */
  static Optional<StorageException> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        // The primary code is the lowest byte (sqlite.org/rescode.html).
        return switch (sql.getErrorCode() & 0xFF) {
          case 13 -> Optional.of(new StorageException(Kind.FULL, "the disk is full"));
          case 5, 6 ->
              Optional.of(
                  new StorageException(Kind.BROKEN, "another process holds the database locked"));
          case 10 ->
              Optional.of(
                  new StorageException(
                      Kind.BROKEN, "the disk does not read or write the database"));
          case 11, 26 -> Optional.of(new StorageException(Kind.BROKEN, "the database is damaged"));
          case 14 ->
              Optional.of(new StorageException(Kind.BROKEN, "the database cannot be opened"));
          default -> Optional.empty();
        };
      }
    }
    return Optional.empty();
  }
}
