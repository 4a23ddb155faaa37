package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Rows that change while the platform and their own server die again and again. */
final class RowsKillTest {
  private static final String JSON = "application/json";
  private static final int ROWS = 100;
  private static final int CHANGES = 10_000;

  @TempDir Path folder;

  private EmbeddedPostgres start(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(folder.resolve("pg"))
        .setCleanDataDirectory(false)
        .setPGStartupWait(Duration.ofMinutes(1))
        .setServerConfig("wal_level", "logical")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("fsync", "off")
        .start();
  }

  /** Kills the server as {@code kill -9} does, and starts it on the same files. */
  private EmbeddedPostgres killed(EmbeddedPostgres server, int port) throws Exception {
    long pid =
        Long.parseLong(Files.readAllLines(folder.resolve("pg/postmaster.pid")).getFirst().strip());
    assertThat(new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor()).isZero();
    server.close();
    EmbeddedPostgres[] again = new EmbeddedPostgres[1];
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          try {
            again[0] = start(port);
            return true;
          } catch (IOException | IllegalStateException e) {
            // Its children still end.
            return false;
          }
        });
    return again[0];
  }

  private static Connection connect(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&socketTimeout=10".formatted(port));
  }

  /** Counts rows up in transactions of all sizes, some of which it takes back. */
  private static final class Writer implements Runnable {
    private final int port;
    private final Random random;
    final AtomicInteger done = new AtomicInteger();
    final AtomicBoolean stopped = new AtomicBoolean();

    Writer(int port, Random random) {
      this.port = port;
      this.random = random;
    }

    @Override
    public void run() {
      while (!stopped.get() && done.get() < CHANGES) {
        try (Connection connection = connect(port);
            Statement statement = connection.createStatement()) {
          connection.setAutoCommit(false);
          while (!stopped.get() && done.get() < CHANGES) {
            transaction(connection, statement);
          }
        } catch (SQLException e) {
          // The server is dead, and comes back.
          Thread.onSpinWait();
        }
      }
    }

    private void transaction(Connection connection, Statement statement) throws SQLException {
      int rows = random.nextInt(40) == 0 ? 1_200 : 1 + random.nextInt(20);
      for (int i = 0; i < rows; i++) {
        statement.addBatch("UPDATE counter SET n = n + 1 WHERE id = " + random.nextInt(ROWS));
      }
      int[] _ = statement.executeBatch();
      if (random.nextInt(10) == 0) {
        connection.rollback();
      } else {
        connection.commit();
        done.addAndGet(rows);
      }
    }
  }

  @Test
  void everyCommittedRowChangeIsToldOnceAndInOrderWhoeverDies() throws Exception {
    long seed = System.nanoTime();
    System.out.println("kills of a stream of rows from seed " + seed);
    Random random = new Random(seed);
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    EmbeddedPostgres server = start(port);
    Writer writer = new Writer(port, new Random(seed + 1));
    String[] settings = {"watch.webhooks.allow", "127.0.0.1/32"};
    PlatformProcess platform = PlatformProcess.start(folder, settings);
    try {
      try (Connection connection = connect(port)) {
        connection
            .createStatement()
            .execute(
                "CREATE TABLE counter (id INT PRIMARY KEY, n INT NOT NULL);"
                    + "ALTER TABLE counter REPLICA IDENTITY FULL;"
                    + "INSERT INTO counter SELECT g, 0 FROM generate_series(0, %d) g"
                        .formatted(ROWS - 1));
      }
      String source =
          "{\"name\":\"counts\",\"kind\":\"postgresql\",\"url\":\"postgresql://postgres@127.0.0.1:%d/postgres\",\"rows\":{\"tables\":[\"public.counter\"]}}"
              .formatted(port);
      assertThat(platform.post("/api/sources", JSON, source)).isEqualTo(201);
      Thread writing = Thread.ofPlatform().start(writer);
      for (int kill = 1; kill <= 5; kill++) {
        int until = kill * CHANGES / 6 + random.nextInt(CHANGES / 20);
        await().atMost(Duration.ofSeconds(60)).until(() -> writer.done.get() >= until);
        if (kill % 2 == 0) {
          server = killed(server, port);
        } else {
          platform.kill();
          platform = PlatformProcess.start(folder, settings);
        }
      }
      writing.join(Duration.ofSeconds(60));
      assertThat(writer.done.get()).isGreaterThanOrEqualTo(CHANGES);
      Map<String, Integer> counted = counted(port);
      int all = counted.values().stream().mapToInt(Integer::intValue).sum();
      PlatformProcess last = platform;
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> last.get("/api/sources/counts").at("/changes").asInt() >= all);
      Map<String, Integer> told = new TreeMap<>();
      for (JsonNode change : told(platform)) {
        String row = change.get("subject").asString();
        assertThat(change.at("/before/n").asInt())
            .as("%s goes on from the change before it", row)
            .isEqualTo(told.getOrDefault(row, 0));
        assertThat(change.at("/after/n").asInt()).isEqualTo(change.at("/before/n").asInt() + 1);
        told.put(row, change.at("/after/n").asInt());
      }
      assertThat(told).isEqualTo(counted);
    } finally {
      writer.stopped.set(true);
      platform.close();
      server.close();
    }
  }

  private static Map<String, Integer> counted(int port) throws SQLException {
    Map<String, Integer> counted = new HashMap<>();
    try (Connection connection = connect(port);
        ResultSet row =
            connection.createStatement().executeQuery("SELECT id, n FROM counter WHERE n > 0")) {
      while (row.next()) {
        counted.put("table/public.counter/" + row.getInt(1), row.getInt(2));
      }
    }
    return counted;
  }

  /** All changes of rows, the oldest first. */
  private static List<JsonNode> told(PlatformProcess platform) throws Exception {
    List<JsonNode> told = new ArrayList<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/subjects/changes?target=table/*&limit=100" + before);
      page.get("items").forEach(told::add);
      if (!page.has("next") || page.get("next").isNull()) {
        return told.reversed();
      }
      before = "&before=" + page.get("next").asLong();
    }
  }
}
