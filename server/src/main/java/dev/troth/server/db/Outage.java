package dev.troth.server.db;

import dev.troth.server.db.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Whether a database gives connections. Once somebody waited for one in vain, nobody else does: all
 * are refused at once, while one thread asks until it gets one.
 */
final class Outage {
  private static final Duration ASK_EVERY = Duration.ofMillis(250);

  private final DataSource pool;
  private boolean away;
  private boolean closed;

  Outage(DataSource pool) {
    this.pool = pool;
  }

  synchronized boolean isOn() {
    return away;
  }

  /** Throws while it is away. */
  void check() {
    if (isOn()) {
      throw new StorageException(Kind.BROKEN, "the database does not answer");
    }
  }

  /** Looks whether work failed because there was no connection. */
  synchronized void failed(RuntimeException failure) {
    boolean none = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      none |= cause instanceof SQLTransientConnectionException;
    }
    if (none && !away && !closed) {
      away = true;
      Thread.ofVirtual().name("db-outage").start(this::ask);
    }
  }

  private void ask() {
    try {
      while (!answers() && goesOn()) {
        Thread.sleep(ASK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end();
  }

  private boolean answers() {
    try (Connection connection = pool.getConnection()) {
      return !connection.isClosed();
    } catch (SQLException e) {
      return false;
    }
  }

  private synchronized boolean goesOn() {
    return !closed;
  }

  private synchronized void end() {
    away = false;
  }

  /** The pool is closed: nobody asks any more. */
  synchronized void close() {
    closed = true;
  }
}
