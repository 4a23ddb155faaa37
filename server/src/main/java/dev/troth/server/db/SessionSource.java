package dev.troth.server.db;

import dev.troth.server.db.StorageException.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Sessions of a PostgreSQL server that stand apart from the pools: a replica keeps its lease and
 * listens also while its pools are busy.
 */
final class SessionSource {
  private final String url;
  private final String title;
  private final Properties properties;

  SessionSource(String url, String title, Properties properties) {
    this.url = url;
    this.title = title;
    this.properties = properties;
  }

  /** What people call the database. */
  String title() {
    return title;
  }

  /** A new session, which ends with its handle. */
  Handle open() {
    try {
      Connection connection = DriverManager.getConnection(url, properties);
      return Jdbi.open(connection);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** From now on the session is woken by news. */
  void listen(Handle handle) {
    handle.execute("LISTEN " + ReplicaStore.CHANNEL);
  }

  /** Waits until another than a member says that there are news, or the time has passed. */
  void await(Handle handle, long exceptOf, int millis) {
    String own = Long.toString(exceptOf);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      PGConnection session = handle.getConnection().unwrap(PGConnection.class);
      long left = millis;
      while (left > 0) {
        PGNotification[] come = session.getNotifications((int) left);
        if (come != null && Arrays.stream(come).anyMatch(one -> !one.getParameter().equals(own))) {
          return;
        }
        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(SQLException e) {
    return StorageException.of(e)
        .orElseGet(() -> new StorageException(Kind.BROKEN, String.valueOf(e.getMessage())));
  }
}
