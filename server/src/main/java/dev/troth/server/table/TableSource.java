package dev.troth.server.table;

import dev.troth.contracts.table.Table;
import dev.troth.json.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Asks a database how a table is made: {@code TableSource.of("jdbc:postgresql://db/shop",
 * login).table("sales.orders")}. It only reads, and waits for the database at most half a minute.
 */
public final class TableSource {
  private static final String CONNECT_SECONDS = "10";
  private static final String ANSWER_SECONDS = "30";
  private static final int ROWS_AT_A_TIME = 500;

  private final String url;
  private final Login login;

  private TableSource(String url, Login login) {
    this.url = url;
    this.login = login;
  }

  /** Who asks, where the URL does not say. */
  public record Login(Optional<String> user, Optional<String> password) {
    public static final Login NONE = new Login(Optional.empty(), Optional.empty());
  }

  /** The database cannot be reached, or does not answer. */
  public static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, SQLException cause) {
      super(message, cause);
    }
  }

  /**
   * A source of tables.
   *
   * @throws IllegalArgumentException if the URL is of another database than SQLite or PostgreSQL
   */
  public static TableSource of(String url, Login login) {
    if (!url.startsWith("jdbc:sqlite:") && !url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "the database is '%s', expected jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE"
              .formatted(withoutSecrets(url)));
    }
    return new TableSource(url, login);
  }

  /**
   * The table or view of that name, in PostgreSQL perhaps with its schema before a dot.
   *
   * @return nothing if there is no such table
   * @throws Unreachable if the database cannot be asked
   */
  public Optional<Table> table(String name) throws Unreachable {
    boolean sqlite = url.startsWith("jdbc:sqlite:");
    try (Connection connection = DriverManager.getConnection(url, properties(sqlite))) {
      return sqlite
          ? new SqliteTableSource(connection).table(name)
          : new PostgresTableSource(connection).table(name);
    } catch (SQLException e) {
      throw new Unreachable("%s cannot be asked: %s".formatted(withoutSecrets(url), reason(e)), e);
    }
  }

  /** What is done with each row. */
  @FunctionalInterface
  public interface RowReader {
    /**
     * Takes a row.
     *
     * @return whether to go on
     */
    boolean row(Json.Obj row);
  }

  /**
   * Reads all rows of a table as JSON documents, in no order and without holding them.
   *
   * @return nothing if there is no such table, else how many rows were read
   * @throws Unreachable if the database cannot be asked
   */
  public OptionalLong rows(String name, RowReader reader) throws Unreachable {
    boolean sqlite = url.startsWith("jdbc:sqlite:");
    try (Connection connection = DriverManager.getConnection(url, properties(sqlite))) {
      Optional<Table> table =
          sqlite
              ? new SqliteTableSource(connection).table(name)
              : new PostgresTableSource(connection).table(name);
      if (table.isEmpty()) {
        return OptionalLong.empty();
      }
      // PostgreSQL's driver holds a whole result unless a transaction is open.
      connection.setAutoCommit(false);
      String columns =
          table.get().columns().stream()
              .map(column -> quoted(column.name()))
              .collect(Collectors.joining(", "));
      String from =
          Arrays.stream(sqlite ? new String[] {name} : name.split("\\.", 2))
              .map(TableSource::quoted)
              .collect(Collectors.joining("."));
      try (Statement ask = connection.createStatement()) {
        ask.setFetchSize(ROWS_AT_A_TIME);
        long read = 0;
        try (ResultSet row = ask.executeQuery("SELECT " + columns + " FROM " + from)) {
          while (row.next()) {
            read++;
            if (!reader.row(TableRow.document(row, table.get().columns()))) {
              break;
            }
          }
        }
        return OptionalLong.of(read);
      }
    } catch (SQLException e) {
      throw new Unreachable("%s cannot be asked: %s".formatted(withoutSecrets(url), reason(e)), e);
    }
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private Properties properties(boolean sqlite) {
    Properties properties = new Properties();
    if (sqlite) {
      properties.setProperty("open_mode", "1"); // read only: a file that is missing stays missing
      return properties;
    }
    login.user().ifPresent(user -> properties.setProperty("user", user));
    login.password().ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("loginTimeout", CONNECT_SECONDS);
    properties.setProperty("socketTimeout", ANSWER_SECONDS);
    properties.setProperty("readOnly", "true");
    properties.setProperty("ApplicationName", "troth");
    return properties;
  }

  private static String reason(SQLException e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message.lines().findFirst().orElse(message);
  }

  /** The URL without what stands behind the question mark, where passwords are. */
  static String withoutSecrets(String url) {
    return url.replaceFirst("\\?.*$", "").replaceFirst("//[^/@]*@", "//");
  }
}
