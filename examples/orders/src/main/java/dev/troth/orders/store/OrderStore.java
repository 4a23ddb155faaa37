package dev.troth.orders.store;

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
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Orders in a SQLite file; an order that was put is on the disk. One connection, used in turn: safe
 * for use by many threads.
 */
final class OrderStore implements AutoCloseable {
  private final Connection connection;
  private final ReentrantLock turn = new ReentrantLock();

  /** What became of a write. */
  enum Put {
    WRITTEN,
    THERE_ALREADY,
    ANOTHER_THERE
  }

  private OrderStore(Connection connection) {
    this.connection = connection;
  }

  /** Opens the file, which is made when it is not there. */
  static OrderStore open(Path file) throws IOException, SQLException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS orders (
            id TEXT PRIMARY KEY,
            customer TEXT NOT NULL,
            amount_cents INTEGER NOT NULL,
            currency TEXT NOT NULL,
            placed_at TEXT NOT NULL,
            document BLOB NOT NULL
          ) WITHOUT ROWID
          """);
    }
    return new OrderStore(connection);
  }

  Put put(Order order) throws SQLException {
    turn.lock();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING")) {
      insert.setString(1, order.orderId());
      insert.setString(2, order.customer());
      insert.setLong(3, order.amountCents());
      insert.setString(4, order.currency());
      insert.setString(5, order.placedAt().toString());
      insert.setBytes(6, Json.bytes(order));
      if (insert.executeUpdate() == 1) {
        return Put.WRITTEN;
      }
      return get(order.orderId()).filter(order::equals).isPresent()
          ? Put.THERE_ALREADY
          : Put.ANOTHER_THERE;
    } finally {
      turn.unlock();
    }
  }

  Optional<Order> get(String id) throws SQLException {
    turn.lock();
    try (PreparedStatement select =
        connection.prepareStatement("SELECT document FROM orders WHERE id = ?")) {
      select.setString(1, id);
      try (ResultSet found = select.executeQuery()) {
        return found.next()
            ? Optional.of(Json.read(found.getBytes(1), Order.class))
            : Optional.empty();
      }
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void close() throws SQLException {
    turn.lock();
    try {
      connection.close();
    } finally {
      turn.unlock();
    }
  }
}
