package dev.troth.server.rows;

import dev.troth.watch.row.RecordedRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Rows of SQLite files, by triggers that write down each change in the transaction that makes it.
 * Table and triggers are made and dropped by commands alone.
 */
public final class SqliteRowSource {
  private static final int SQLITE_BUSY = 5;

  /** What is held of a file at a time, give or take a row. */
  private static final int MOST_CHARACTERS = 8 << 20;

  /** With the key's, two arguments each: older versions take 127. */
  private static final int MOST_COLUMNS = 50;

  private static final int BUSY_MILLIS = 5_000;

  /** SQLite's own numbers: READWRITE, URI and NOFOLLOW. */
  private static final int READ_AND_WRITE = 0x2;

  private static final int BY_URI = 0x40;
  private static final int NO_LINKS = 0x0100_0000;

  private final AllowedFolders folders;

  public SqliteRowSource(AllowedFolders folders) {
    this.folders = folders;
  }

  /** A file as it stands. */
  public record Look(boolean recording, long waiting) {}

  /** What was recorded, with its number. */
  public record Recorded(long id, RecordedRow row) {}

  private Connection connect(SqliteRows rows) throws SQLException {
    Path file = folders.require(rows.file());
    if (!Files.isRegularFile(file)) {
      throw new StreamFailure("%s is no file, expected one of SQLite".formatted(rows.file()));
    }
    return open(file);
  }

  /** Opens a file, links resolved: a link that was put in the way since leads nowhere. */
  static Connection open(Path file) throws SQLException {
    Properties how = new Properties();
    // Without CREATE: a file that went away is not made anew.
    how.setProperty("open_mode", Integer.toString(READ_AND_WRITE | BY_URI | NO_LINKS));
    return DriverManager.getConnection(
        "jdbc:sqlite:file:%s?mode=rw&busy_timeout=%d"
            .formatted(file.toUri().getRawPath(), BUSY_MILLIS),
        how);
  }

  private static StreamFailure failure(SqliteRows rows, SQLException e) {
    return new StreamFailure("%s: %s".formatted(rows.file(), e.getMessage()));
  }

  /**
   * Makes table and triggers.
   *
   * @return the rows with the columns that the tables have
   * @throws StreamFailure when something is not as it has to be; then nothing was made
   */
  public SqliteRows make(SqliteRows rows) {
    try (Connection connection = connect(rows);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        SqliteRows known = known(connection, rows);
        if (exists(connection, "table", known.recorded())) {
          throw new StreamFailure(
              "table %s is there already: another platform watches the file, or it is left over; drop it with its triggers, or choose another name"
                  .formatted(known.recorded()));
        }
        SqliteTriggers triggers = new SqliteTriggers(known);
        statement.execute(triggers.table());
        for (int i = 0; i < known.tables().size(); i++) {
          for (String trigger :
              triggers.triggers(i, key(connection, known.tables().get(i).name()))) {
            statement.execute(trigger);
          }
        }
        requireUsable(connection, known);
        statement.execute("COMMIT");
        return known;
      } catch (SQLException | RuntimeException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    } catch (SQLException e) {
      throw failure(rows, e);
    }
  }

  /** Compiles what applications do, so that no trigger is there that makes them fail. */
  private static void requireUsable(Connection connection, SqliteRows rows) throws SQLException {
    for (SqliteRows.Table table : rows.tables()) {
      String name = SqliteTriggers.quoted(table.name());
      String column =
          SqliteTriggers.quoted(
              texts(connection, "SELECT name FROM pragma_table_info(?)", table.name()).getFirst());
      for (String deed :
          List.of(
              "EXPLAIN INSERT INTO %1$s DEFAULT VALUES",
              "EXPLAIN UPDATE %1$s SET %2$s = %2$s", "EXPLAIN DELETE FROM %1$s")) {
        var _ = texts(connection, deed.formatted(name, column));
      }
    }
  }

  private static SqliteRows known(Connection connection, SqliteRows rows) throws SQLException {
    List<SqliteRows.Table> known = new ArrayList<>();
    for (SqliteRows.Table table : rows.tables()) {
      List<String> all = columns(connection, table.name());
      if (all.isEmpty() || !exists(connection, "table", table.name())) {
        throw new StreamFailure("table %s is not there, expected a table".formatted(table.name()));
      }
      for (String column : table.columns()) {
        if (!all.contains(column)) {
          throw new StreamFailure(
              "table %s has no column %s, expected of %s".formatted(table.name(), column, all));
        }
      }
      int shown = table.columns().isEmpty() ? all.size() : table.columns().size();
      if (shown > MOST_COLUMNS) {
        throw new StreamFailure(
            "%d columns of table %s are watched, expected at most %d: SQLite's functions take no more; choose some"
                .formatted(shown, table.name(), MOST_COLUMNS));
      }
      known.add(new SqliteRows.Table(table.name(), table.columns(), all));
    }
    return new SqliteRows(rows.file(), rows.mark(), known);
  }

  private static boolean exists(Connection connection, String type, String name)
      throws SQLException {
    return !texts(connection, "SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?", type, name)
        .isEmpty();
  }

  private static List<String> columns(Connection connection, String table) throws SQLException {
    return texts(connection, "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1", table);
  }

  private static List<String> key(Connection connection, String table) throws SQLException {
    List<String> key =
        texts(connection, "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", table);
    return key.isEmpty() ? List.of("rowid") : key;
  }

  private static List<String> texts(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        ask.setString(i + 1, parameters[i]);
      }
      List<String> found = new ArrayList<>();
      try (ResultSet row = ask.executeQuery()) {
        while (row.next()) {
          found.add(row.getString(1));
        }
      }
      return found;
    }
  }

  /** How it stands. */
  public Look look(SqliteRows rows) {
    try (Connection connection = connect(rows)) {
      if (!exists(connection, "table", rows.recorded())) {
        return new Look(false, 0);
      }
      String waiting =
          texts(connection, "SELECT count(*) FROM " + SqliteTriggers.quoted(rows.recorded()))
              .getFirst();
      return new Look(obstacle(connection, rows).isEmpty(), Long.parseLong(waiting));
    } catch (SQLException e) {
      throw failure(rows, e);
    }
  }

  /** Why something of what happens is not recorded; empty if all is. */
  private static String obstacle(Connection connection, SqliteRows rows) throws SQLException {
    for (int i = 0; i < rows.tables().size(); i++) {
      SqliteRows.Table table = rows.tables().get(i);
      for (String trigger : rows.triggers(i)) {
        if (!exists(connection, "trigger", trigger)) {
          return "table %s was dropped or made anew: its triggers are gone".formatted(table.name());
        }
      }
      List<String> columns = columns(connection, table.name());
      if (!columns.equals(table.all())) {
        return "table %s has the columns %s now, and its triggers record %s"
            .formatted(table.name(), columns, table.all());
      }
    }
    return "";
  }

  /**
   * Drops table and triggers.
   *
   * @throws StreamFailure when they may be still there
   */
  public void drop(SqliteRows rows) {
    try (Connection connection = connect(rows);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      for (int i = 0; i < rows.tables().size(); i++) {
        for (String trigger : rows.triggers(i)) {
          statement.execute("DROP TRIGGER IF EXISTS " + SqliteTriggers.quoted(trigger));
        }
      }
      statement.execute("DROP TABLE IF EXISTS " + SqliteTriggers.quoted(rows.recorded()));
      statement.execute("COMMIT");
    } catch (SQLException e) {
      throw failure(rows, e);
    }
  }

  /**
   * Opens the file to read what is recorded after a number.
   *
   * @throws StreamFailure when it is another file than the one that the number is of
   */
  public Tail open(SqliteRows rows, long after) {
    try {
      Connection connection = connect(rows);
      Tail tail = new Tail(rows, connection, folders.require(rows.file()));
      try {
        tail.requireSame(after);
      } catch (SQLException | RuntimeException e) {
        tail.close();
        throw e;
      }
      return tail;
    } catch (SQLException e) {
      throw failure(rows, e);
    }
  }

  /** An open file, for one thread. */
  public static final class Tail implements Closeable {
    private final SqliteRows rows;
    private final Connection connection;
    private final Path file;
    private final @Nullable Object opened;
    private long version = -1;
    private long schema = -1;

    Tail(SqliteRows rows, Connection connection, Path file) {
      this.rows = rows;
      this.connection = connection;
      this.file = file;
      this.opened = identity();
    }

    private @Nullable Object identity() {
      try {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      } catch (IOException e) {
        return null;
      }
    }

    private void requireSame(long after) throws SQLException {
      if (!exists(connection, "table", rows.recorded())) {
        throw new StreamFailure(
            "%s has no table %s: it was dropped, or the file is another one; remove the source and add it again"
                .formatted(rows.file(), rows.recorded()));
      }
      List<String> last =
          texts(connection, "SELECT seq FROM sqlite_sequence WHERE name = ?", rows.recorded());
      if ((last.isEmpty() ? 0 : Long.parseLong(last.getFirst())) < after) {
        throw new StreamFailure(
            "%s is older than it was, perhaps from a backup: change %d was told, and it has %s; remove the source and add it again"
                .formatted(rows.file(), after, last));
      }
    }

    /** Whether something was written since it was asked last; the first time it is so. */
    public boolean moved() {
      try {
        if (!Objects.equals(opened, identity())) {
          throw new StreamFailure("%s was replaced by another file".formatted(rows.file()));
        }
        long now = number("PRAGMA data_version");
        boolean moved = now != version;
        version = now;
        return moved;
      } catch (SQLException e) {
        throw failure(rows, e);
      }
    }

    /**
     * Looks whether everything is still recorded, if the schema changed since.
     *
     * @throws StreamFailure when it is not
     */
    public void requireRecording() {
      try {
        long now = number("PRAGMA schema_version");
        if (now != schema) {
          String obstacle = obstacle(connection, rows);
          if (!obstacle.isEmpty()) {
            throw new StreamFailure(
                obstacle + "; remove the source and add it again to watch the table as it is");
          }
          schema = now;
        }
      } catch (SQLException e) {
        throw failure(rows, e);
      }
    }

    private long number(String pragma) throws SQLException {
      return Long.parseLong(texts(connection, pragma).getFirst());
    }

    /** At most so many behind a number, in order; fewer where they are long. */
    public List<Recorded> after(long id, int most) {
      String sql =
          "SELECT id, tbl, key_before, key_after, %s, %s FROM %s WHERE id > %d ORDER BY id LIMIT %d"
              .formatted(
                  RecordedJson.selected("before"),
                  RecordedJson.selected("after"),
                  SqliteTriggers.quoted(rows.recorded()),
                  id,
                  most);
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        List<Recorded> found = new ArrayList<>();
        long characters = 0;
        while (characters < MOST_CHARACTERS && row.next()) {
          characters += length(row.getString(5)) + length(row.getString(6));
          found.add(
              new Recorded(
                  row.getLong(1),
                  new RecordedRow(
                      row.getString(2),
                      RecordedJson.key(row.getString(3)),
                      RecordedJson.key(row.getString(4)),
                      RecordedJson.fields(row.getString(5)),
                      RecordedJson.fields(row.getString(6)))));
        }
        return found;
      } catch (SQLException e) {
        throw failure(rows, e);
      }
    }

    private static int length(@Nullable String text) {
      return text == null ? 0 : text.length();
    }

    /** What stands up to a number is told, and need not be kept. */
    public void forget(long upTo) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "DELETE FROM %s WHERE id <= %d"
                .formatted(SqliteTriggers.quoted(rows.recorded()), upTo));
      } catch (SQLException e) {
        // A writer that takes long is no failure: the next call forgets this too.
        if (e.getErrorCode() != SQLITE_BUSY) {
          throw failure(rows, e);
        }
      }
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException e) {
        // It read, and deleted what is told; both are done.
      }
    }
  }
}
