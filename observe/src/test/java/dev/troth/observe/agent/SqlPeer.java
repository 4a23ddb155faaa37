package dev.troth.observe.agent;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a database once its input has ended; arguments: URL, number of statements. Half of them go
 * by the simple protocol, half by the extended one, and some fail.
 */
final class SqlPeer {
  private static final int CLIENTS = 2;

  /** After each so many statements a batch of the same size follows. */
  static final int BATCH = 50;

  private SqlPeer() {}

  public static void main(String[] args) throws Exception {
    System.in.readAllBytes();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String mode = i == 0 ? "simple" : "extended";
      threads.add(
          Thread.ofPlatform()
              .start(() ->
                  ask(args[0] + "&preferQueryMode=" + mode, Integer.parseInt(args[1]) / CLIENTS)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void ask(String url, int count) {
    try (Connection connection = DriverManager.getConnection(url)) {
      for (int i = 0; i < count; i++) {
        try {
          one(connection, i);
        } catch (SQLException asAsked) {
          // a part of the statements is to fail
        }
        if (i % BATCH == 0) {
          batch(connection, i);
        }
      }
    } catch (SQLException refused) {
      throw new IllegalStateException(refused);
    }
  }

  /** Several executions that are sent at once; the simple protocol sends them one by one. */
  private static void batch(Connection connection, int first) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO notes (id) VALUES (?)")) {
      for (int i = 0; i < BATCH; i++) {
        insert.setInt(1, first + i);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void one(Connection connection, int i) throws SQLException {
    switch (i % 5) {
      case 0 -> {
        try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO orders (id, note) VALUES (?, 'secret-note')")) {
          insert.setInt(1, i / 10); // each second one is there already
          insert.execute();
        }
      }
      case 1 -> {
        try (Statement query = connection.createStatement()) {
          query
              .executeQuery("SELECT 1 / (id - id) FROM orders WHERE note <> 'secret-" + i + "'")
              .close();
        }
      }
      case 2 -> {
        try (Statement query = connection.createStatement()) {
          query.executeQuery("SELECT repeat('r', 500) FROM generate_series(1, 200)").close();
        }
      }
      default -> {
        try (PreparedStatement query =
            connection.prepareStatement("SELECT id, note FROM orders WHERE id = ?")) {
          query.setInt(1, i);
          query.executeQuery().close();
        }
      }
    }
  }
}
