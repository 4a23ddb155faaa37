package dev.troth.server.rows;

import dev.troth.watch.webhook.AddressRule;
import java.io.Closeable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Sessions of databases whose rows are watched, at vetted addresses alone. */
public final class PostgresSource {
  private final AddressRule rule;

  public PostgresSource(AddressRule rule) {
    this.rule = rule;
  }

  /** A short session for questions and commands. */
  Session open(PostgresRows rows) {
    Properties properties = properties(rows);
    properties.setProperty("socketTimeout", "40");
    properties.setProperty("options", "-c statement_timeout=20s -c lock_timeout=10s");
    return connect(rows, properties);
  }

  /** A session that replicates, and answers questions until it does. */
  Session openForStream(PostgresRows rows) {
    Properties properties = properties(rows);
    properties.setProperty("replication", "database");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "13");
    properties.setProperty("tcpKeepAlive", "true");
    return connect(rows, properties);
  }

  private Properties properties(PostgresRows rows) {
    Properties properties = new Properties();
    properties.setProperty("user", rows.address().user());
    if (!rows.password().isEmpty()) {
      properties.setProperty("password", rows.password());
    }
    properties.setProperty("sslmode", rows.address().tls());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("ApplicationName", "troth");
    properties.setProperty("socketFactory", VettedSockets.class.getName());
    properties.setProperty("socketFactoryArg", VettedSockets.text(rule));
    return properties;
  }

  private static Session connect(PostgresRows rows, Properties properties) {
    try {
      return new Session(DriverManager.getConnection(rows.address().jdbc(), properties));
    } catch (SQLException e) {
      throw new StreamFailure(
          "%s cannot be reached: %s".formatted(rows.address().shown(), reason(e)));
    }
  }

  /** The first line of what a server or the driver says, and of its cause. */
  static String reason(SQLException e) {
    String message = String.valueOf(e.getMessage());
    String first = message.lines().findFirst().orElse(message);
    Throwable cause = e.getCause();
    return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
        ? first
        : first + " " + cause.getMessage();
  }

  /** A connection whose failures are sentences. */
  static final class Session implements Closeable {
    private final Connection connection;

    Session(Connection connection) {
      this.connection = connection;
    }

    Connection connection() {
      return connection;
    }

    /** Rows of texts; a parameter is a text too. */
    List<List<String>> ask(String sql, String... parameters) {
      try (PreparedStatement ask = connection.prepareStatement(sql)) {
        for (int i = 0; i < parameters.length; i++) {
          ask.setString(i + 1, parameters[i]);
        }
        List<List<String>> rows = new ArrayList<>();
        try (ResultSet row = ask.executeQuery()) {
          int columns = row.getMetaData().getColumnCount();
          while (row.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
              String text = row.getString(i);
              values.add(text == null ? "" : text);
            }
            rows.add(values);
          }
        }
        return rows;
      } catch (SQLException e) {
        throw new StreamFailure(reason(e));
      }
    }

    void execute(String sql) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new StreamFailure(reason(e));
      }
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException e) {
        // What was asked has been answered; the server ends what is left.
      }
    }
  }
}
