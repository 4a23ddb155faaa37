package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A platform that dies while another process writes the SQLite file that it watches. */
final class SqliteRowsKillTest {
  private static final String JSON = "application/json";
  private static final int ROWS = 20;
  private static final int CHANGES = 4_000;

  @TempDir Path folder;

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:" + folder.resolve("app/app.db") + "?journal_mode=WAL&busy_timeout=20000");
  }

  private void write(Random random, AtomicInteger done, AtomicBoolean stopped) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      while (done.get() < CHANGES && !stopped.get()) {
        int rows = 1 + random.nextInt(30);
        statement.execute("BEGIN IMMEDIATE");
        for (int i = 0; i < rows; i++) {
          statement.execute("UPDATE counter SET n = n + 1 WHERE id = " + random.nextInt(ROWS));
        }
        boolean takenBack = random.nextInt(8) == 0;
        statement.execute(takenBack ? "ROLLBACK" : "COMMIT");
        done.addAndGet(takenBack ? 0 : rows);
      }
    }
  }

  @Test
  void everyCommittedChangeIsToldOnceAndInOrder() throws Exception {
    long seed = System.nanoTime();
    System.out.println("kills over a SQLite file from seed " + seed);
    Random random = new Random(seed);
    Path app = Files.createDirectories(folder.resolve("app")).toRealPath();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INT NOT NULL)");
      for (int i = 0; i < ROWS; i++) {
        statement.execute("INSERT INTO counter VALUES (%d, 0)".formatted(i));
      }
    }
    String[] settings = {"watch.folders", app.toString()};
    PlatformProcess platform = PlatformProcess.start(folder, settings);
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicInteger done = new AtomicInteger();
    AtomicReference<SQLException> failed = new AtomicReference<>();
    try {
      Path file = app.resolve("app.db");
      String source =
          "{\"name\":\"counts\",\"kind\":\"sqlite\",\"url\":\"%s\",\"rows\":{\"tables\":[\"counter\"]}}"
              .formatted(file);
      assertThat(platform.post("/api/sources", JSON, source)).isEqualTo(201);
      Thread writing =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  write(new Random(seed + 1), done, stopped);
                } catch (SQLException e) {
                  failed.set(e);
                }
              });
      for (int kill = 1; kill <= 3; kill++) {
        int until = kill * CHANGES / 4 + random.nextInt(CHANGES / 10);
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> done.get() >= until || failed.get() != null);
        platform.kill();
        platform = PlatformProcess.start(folder, settings);
      }
      writing.join(Duration.ofSeconds(60));
      assertThat(failed).as("the application is not disturbed").hasValue(null);
      Map<String, Integer> counted = new TreeMap<>();
      try (Connection connection = connect();
          ResultSet row =
              connection.createStatement().executeQuery("SELECT id, n FROM counter WHERE n > 0")) {
        while (row.next()) {
          counted.put("table/counter/" + row.getInt(1), row.getInt(2));
        }
      }
      int all = counted.values().stream().mapToInt(Integer::intValue).sum();
      PlatformProcess last = platform;
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> last.get("/api/sources/counts").at("/changes").asInt() >= all);
      Map<String, Integer> told = new TreeMap<>();
      for (JsonNode change : told(platform)) {
        String row = change.get("subject").asString();
        assertThat(change.at("/before/n").asInt())
            .as("%s goes on from the change before it", row)
            .isEqualTo(told.getOrDefault(row, 0));
        told.put(row, change.at("/after/n").asInt());
      }
      assertThat(told).isEqualTo(counted);
      assertThat(Files.exists(file)).isTrue();
    } finally {
      stopped.set(true);
      platform.close();
    }
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
