package dev.troth.server.db;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.jdbi.v3.core.transaction.TransactionException;

/** The disk or the database file is in the way of work that was right. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  private static final String READ_ONLY = "the database takes no writes";

  /** Whether the database as a whole refuses writes. */
  boolean isReadOnly() {
    return READ_ONLY.equals(getMessage());
  }

  StorageException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** What is in the way. */
  public enum Kind {
    /** There is no room left. */
    FULL,
    /** The file cannot be read or written, is damaged, locked or gone; the server is away. */
    BROKEN,
    /** The server went away while it was asked to commit. */
    UNKNOWN
  }

  public Kind kind() {
    return kind;
  }

  /**
   * What SQLite's result codes and SQL states say of the storage, if the failure is one of it. That
   * a reader tried to write is none: it is a fault of the program.
   */
  static Optional<StorageException> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientConnectionException) {
        return Optional.of(new StorageException(Kind.BROKEN, "the database does not answer"));
      }
      if (cause instanceof SQLException sql && sql.getErrorCode() == 0) {
        return ofState(failure, String.valueOf(sql.getSQLState()));
      }
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

  /** PostgreSQL's codes (its documentation, appendix A). */
  private static Optional<StorageException> ofState(Throwable failure, String state) {
    if (state.startsWith("08") || state.startsWith("57P")) {
      boolean committing =
          failure instanceof TransactionException
              && String.valueOf(failure.getMessage()).contains("commit");
      return Optional.of(
          committing
              ? new StorageException(
                  Kind.UNKNOWN, "the database went away while it was asked to commit")
              : new StorageException(Kind.BROKEN, "the database does not answer"));
    }
    return switch (state) {
      case "53100" -> Optional.of(new StorageException(Kind.FULL, "the disk is full"));
      case "53300" ->
          Optional.of(new StorageException(Kind.BROKEN, "the database has no connection left"));
      case "25006" -> Optional.of(new StorageException(Kind.BROKEN, READ_ONLY));
      case "25P03" ->
          Optional.of(
              new StorageException(
                  Kind.BROKEN, "the database ended a transaction that stood still for too long"));
      case "55P03", "57014" ->
          Optional.of(new StorageException(Kind.BROKEN, "the database did not answer in time"));
      default -> Optional.empty();
    };
  }
}
