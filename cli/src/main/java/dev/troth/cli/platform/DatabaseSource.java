package dev.troth.cli.platform;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/** A database server, looked at before a platform stands on it. */
final class DatabaseSource {
  private DatabaseSource() {}

  /**
   * What answers at a JDBC URL and its version.
   *
   * @throws SQLException if nothing does within the time, or it does not let in
   */
  static String product(String url, Duration within) throws SQLException {
    DriverManager.setLoginTimeout(Math.toIntExact(within.toSeconds()));
    try (Connection connection = DriverManager.getConnection(url)) {
      DatabaseMetaData about = connection.getMetaData();
      return about.getDatabaseProductName() + " " + about.getDatabaseProductVersion();
    }
  }
}
