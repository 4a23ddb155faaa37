package dev.troth.orders.consumer;

import dev.troth.orders.http.Json;
import dev.troth.orders.order.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the consumer saw, its dead letters, and its place in the stream, in a SQLite file. Each step
 * is one transaction that moves the place along. Safe for use by many threads.
 */
final class SeenStore implements AutoCloseable {
  private final Connection connection;

  /** An order as it came by, and the event that told of it. */
  record Seen(String eventId, Instant seenAt, Order order) {}

  /** How many orders were kept and how many events could not be used. */
  record Counts(long orders, long deadLetters, String position) {}

  /**
   * A place in a stream: the stream's own id, empty before the first; an event's id, 0 at first.
   */
  record Place(String epoch, String position) {}

  /** The file cannot be read or written. */
  static final class StoreFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreFailed(SQLException cause) {
      super("the consumer's file: " + cause.getMessage(), cause);
    }
  }

  private SeenStore(Connection connection) {
    this.connection = connection;
  }

  /** Opens the file, which is made when it is not there. */
  static SeenStore open(Path file) throws IOException, SQLException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS seen (
            order_id TEXT PRIMARY KEY, event_id TEXT NOT NULL, seen_at TEXT NOT NULL,
            document BLOB NOT NULL
          ) WITHOUT ROWID\
          """);
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS dead_letter (
            position TEXT NOT NULL, subject TEXT NOT NULL, data TEXT NOT NULL,
            reason TEXT NOT NULL, at TEXT NOT NULL
          )\
          """);
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS place (
            one INTEGER PRIMARY KEY, epoch TEXT NOT NULL, position TEXT NOT NULL
          )\
          """);
      statement.execute("INSERT INTO place VALUES (1, '', '0') ON CONFLICT (one) DO NOTHING");
    }
    connection.setAutoCommit(false);
    return new SeenStore(connection);
  }

  void keep(String position, String eventId, Order order, Instant seenAt) {
    step(
        position,
        """
        INSERT INTO seen (order_id, event_id, seen_at, document) VALUES (?, ?, ?, ?)
        ON CONFLICT (order_id) DO NOTHING\
        """,
        order.orderId(),
        eventId,
        seenAt.toString(),
        Json.bytes(order));
  }

  void bury(DeadLetter letter) {
    step(
        letter.position(),
        """
        INSERT INTO dead_letter (position, subject, data, reason, at) VALUES (?, ?, ?, ?, ?)
        """,
        letter.position(),
        letter.subject(),
        letter.data(),
        letter.reason(),
        letter.at().toString());
  }

  /** Passes over an event. */
  void moveTo(String position) {
    step(position, "");
  }

  /** Goes to the beginning of a stream that was not read before. */
  void beginWith(String epoch) {
    step("0", "UPDATE place SET epoch = ?", epoch);
  }

  /** Does one thing and moves the place in the stream: both or neither. */
  private synchronized void step(String position, String sql, Object... values) {
    try {
      if (!sql.isEmpty()) {
        update(sql, values);
      }
      update("UPDATE place SET position = ?", position);
      connection.commit();
    } catch (SQLException e) {
      rollback(e);
      throw new StoreFailed(e);
    }
  }

  private void update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private void rollback(SQLException cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** Which stream is read, and the last of its events that was dealt with. */
  synchronized Place place() {
    return one(
            "SELECT epoch, position FROM place",
            row -> new Place(row.getString(1), row.getString(2)))
        .orElseThrow();
  }

  synchronized Optional<Seen> order(String id) {
    return all(
            "SELECT event_id, seen_at, document FROM seen WHERE order_id = ?",
            row ->
                new Seen(
                    row.getString(1),
                    Instant.parse(row.getString(2)),
                    Json.read(row.getBytes(3), Order.class)),
            id)
        .stream()
        .findFirst();
  }

  /** The newest dead letters first. */
  synchronized List<DeadLetter> deadLetters(int most) {
    return all(
        """
        SELECT position, subject, data, reason, at FROM dead_letter
        ORDER BY rowid DESC LIMIT ?\
        """,
        row ->
            new DeadLetter(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Instant.parse(row.getString(5))),
        most);
  }

  synchronized Counts counts() {
    return new Counts(
        one("SELECT count(*) FROM seen", row -> row.getLong(1)).orElse(0L),
        one("SELECT count(*) FROM dead_letter", row -> row.getLong(1)).orElse(0L),
        place().position());
  }

  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> Optional<T> one(String sql, Row<T> reader) {
    return all(sql, reader).stream().findFirst();
  }

  private <T> List<T> all(String sql, Row<T> reader, Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(reader.read(rows));
        }
      }
      connection.commit(); // ends the read, so that it holds nothing back
      return found;
    } catch (SQLException e) {
      throw new StoreFailed(e);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    connection.close();
  }
}
