package dev.troth.cli.platform;

import dev.troth.server.db.StoreUrl;
import dev.troth.server.ops.CannotStart;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** A database server, looked at before a platform stands on it. */
final class DatabaseSource {
  private DatabaseSource() {}

  /** Why nobody is let in at a JDBC URL within a time; empty if somebody is. */
  static Optional<String> trouble(String url, Duration within) {
    StoreUrl store = new StoreUrl(url);
    try {
      store.requireKnownParameters();
    } catch (CannotStart refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
    DriverManager.setLoginTimeout(Math.toIntExact(within.toSeconds()));
    try (Connection connection = DriverManager.getConnection(url)) {
      return connection.isValid(Math.toIntExact(within.toSeconds()))
          ? Optional.empty()
          : Optional.of("it does not answer");
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()).replace(url, store.title()));
    }
  }
}
