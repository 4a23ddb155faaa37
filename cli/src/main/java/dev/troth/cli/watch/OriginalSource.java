package dev.troth.cli.watch;

import dev.troth.cli.command.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The SQLite file of the original design: {@code records(id, name, value)} and {@code watchers(id,
 * user, record_id)}. It is opened for reading only.
 */
record OriginalSource(List<Row> records, List<Watcher> watchers) {

  /** A record. */
  record Row(long id, String name, String value) {}

  /** A user's watch of a record. */
  record Watcher(String user, long record) {}

  static OriginalSource read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw CommandException.usage(file + " is not there, expected a SQLite file");
    }
    String url = "jdbc:sqlite:file:" + file.toUri().getRawPath() + "?mode=ro";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      return new OriginalSource(records(statement), watchers(statement));
    } catch (SQLException e) {
      throw CommandException.usage(
          "%s cannot be read: %s; expected SQLite with records(id, name, value) and watchers(id, user, record_id)"
              .formatted(file, e.getMessage()));
    }
  }

  private static List<Row> records(Statement statement) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet found =
        statement.executeQuery("SELECT id, name, value FROM records ORDER BY id")) {
      while (found.next()) {
        rows.add(new Row(found.getLong(1), text(found, 2), text(found, 3)));
      }
    }
    return List.copyOf(rows);
  }

  private static List<Watcher> watchers(Statement statement) throws SQLException {
    List<Watcher> rows = new ArrayList<>();
    try (ResultSet found =
        statement.executeQuery(
            "SELECT DISTINCT user, record_id FROM watchers ORDER BY record_id, user")) {
      while (found.next()) {
        rows.add(new Watcher(text(found, 1), found.getLong(2)));
      }
    }
    return List.copyOf(rows);
  }

  private static String text(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }
}
