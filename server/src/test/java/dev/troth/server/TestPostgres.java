package dev.troth.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server for all tests of a run, and a database of its own for each that asks. */
public final class TestPostgres {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private TestPostgres() {}

  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofMinutes(2))
            .setServerConfig("max_connections", "300")
            .setServerConfig("fsync", "off")
            .setServerConfig("wal_level", "logical")
            .setServerConfig("max_replication_slots", "50")
            .setServerConfig("max_wal_senders", "50")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whether there are binaries for this machine. */
  public static boolean runsHere() {
    return (System.getProperty("os.name") + " " + System.getProperty("os.arch"))
        .equals("Linux amd64");
  }

  /** The URL of a new, empty database. */
  public static String newDatabase() {
    String name = "troth_" + COUNT.incrementAndGet();
    execute(url("postgres"), "CREATE DATABASE " + name);
    return url(name);
  }

  /** Removes a database, whoever still uses it. */
  public static void drop(String url) {
    execute(url("postgres"), "DROP DATABASE IF EXISTS " + nameOf(url) + " WITH (FORCE)");
  }

  /** Lets nobody in, and ends all who are. */
  public static void close(String url) {
    String name = nameOf(url);
    execute(url("postgres"), "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
    execute(
        url("postgres"),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
  }

  /** Lets everybody in again. */
  public static void open(String url) {
    execute(url("postgres"), "ALTER DATABASE " + nameOf(url) + " ALLOW_CONNECTIONS true");
  }

  private static String nameOf(String url) {
    return url.replaceFirst(".*/([^/?]+)\\?.*", "$1");
  }

  public static void execute(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.createStatement().execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The one value that a query answers. */
  public static String value(String url, String query) {
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet row = connection.createStatement().executeQuery(query)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** Puts a line before all others of a file of the server's. */
  public static void prepend(String file, String line) throws IOException {
    Path path = Path.of(file);
    Files.writeString(path, line + Files.readString(path));
  }

  private static String url(String database) {
    return Server.RUNNING.getJdbcUrl("postgres", database);
  }
}
