package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Rows of a SQLite file that somebody else writes. */
final class SqliteRowsTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @SuppressWarnings("NullAway.Init")
  private Path file;

  @BeforeEach
  void start() throws IOException {
    file = Files.createDirectory(folder.resolve("app")).toRealPath().resolve("shop.db");
    sql(
        """
        CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT, total REAL, scan BLOB);
        CREATE TABLE log (line TEXT);
        CREATE TABLE pair (a TEXT, b INT, note TEXT, seen INT, PRIMARY KEY (a, b)) WITHOUT ROWID\
        """);
    platform = TestPlatform.start("watch.folders", folder.resolve("app").toString());
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private void sql(String statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      for (String statement : statements.split(";\n?")) {
        connection.createStatement().execute(statement);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(statements, e);
    }
  }

  private String ask(String query) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        ResultSet row = connection.createStatement().executeQuery(query)) {
      return row.next() ? row.getString(1) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private Answer add(List<String> tables, Map<String, Object> more) {
    Map<String, Object> body =
        new TreeMap<>(
            Map.of(
                "name",
                "shop",
                "kind",
                "sqlite",
                "url",
                file.toString(),
                "rows",
                Map.of("tables", tables)));
    body.putAll(more);
    return platform.post("/api/sources", Json.mapper().writeValueAsString(body));
  }

  private void added(String... tables) {
    Answer added = add(List.of(tables), Map.of());
    assertThat(added.status()).as(added.body()).isEqualTo(201);
  }

  private JsonNode source() {
    return platform.get("/api/sources/shop").json();
  }

  private void awaitFailure(String text) {
    await().untilAsserted(() -> assertThat(source().path("lastError").asString("")).contains(text));
  }

  private JsonNode changes(String target, int count) {
    String path = "/api/subjects/changes?limit=100&target=" + target;
    await()
        .untilAsserted(
            () -> assertThat(platform.get(path).json().get("items")).as(target).hasSize(count));
    return platform.get(path).json().get("items");
  }

  @Test
  void whatHappenedToRowsIsToldBeforeAndAfter() {
    added("orders", "log", "pair(note)");
    sql("INSERT INTO orders VALUES (7, 'open', 9.5, x'00ff')");
    sql("UPDATE orders SET status = 'paid'");
    sql("UPDATE orders SET id = 8");
    sql("DELETE FROM orders");
    sql("BEGIN;\nINSERT INTO orders (id) VALUES (9);\nROLLBACK");
    sql("INSERT INTO log VALUES ('a')");
    sql("INSERT INTO pair VALUES ('x/y', 1, 'n', 0)");
    sql("UPDATE pair SET seen = 1");
    sql("UPDATE pair SET note = NULL");
    JsonNode seven = changes("table/orders/7", 3);
    assertThat(seven.get(2).get("type").asString()).isEqualTo("table.inserted");
    assertThat(seven.get(2).at("/after/scan").asString()).isEqualTo("00FF");
    assertThat(seven.get(2).at("/after/total").toString()).isEqualTo("9.5");
    assertThat(seven.get(1).get("changed").toString()).isEqualTo("[\"status\"]");
    assertThat(seven.get(1).at("/before/status").asString()).isEqualTo("open");
    assertThat(seven.get(0).get("type").asString()).isEqualTo("table.rekeyed");
    assertThat(changes("table/orders/8", 1).get(0).get("type").asString())
        .isEqualTo("table.deleted");
    changes("table/orders/9", 0);
    changes("table/log/1", 1);
    JsonNode pair = changes("table/pair/x%252Fy/1", 2);
    assertThat(pair.get(0).get("changed").toString()).isEqualTo("[\"note\"]");
    assertThat(source().at("/changes").asInt()).isEqualTo(7);
    await().until(() -> ask("SELECT count(*) FROM troth_shop_changes").equals("0"));
    platform.clock().advance(Duration.ofSeconds(16));
    await().until(() -> source().at("/stream/farEnd").asString().equals("recording"));
    assertThat(platform.post("/api/sources/shop/test", "").json().get("detail").asString())
        .isEqualTo("recording, 0 changes wait");
  }

  @Test
  void anAlteredTableIsSaidAfterWhatWasRecorded() {
    added("orders");
    sql("INSERT INTO orders (id) VALUES (1);\nALTER TABLE orders ADD COLUMN vip INT");
    changes("table/orders/1", 1);
    awaitFailure("table orders has the columns [id, status, total, scan, vip] now");
    assertThat(platform.post("/api/sources/shop/test", "").json().get("works").asBoolean())
        .isFalse();
    sql("INSERT INTO orders (id) VALUES (2)");
    platform.clock().advance(Duration.ofSeconds(60));
    changes("table/orders/2", 1);
    assertThat(platform.delete("/api/sources/shop").status()).isEqualTo(200);
    added("orders");
    sql("INSERT INTO orders (id, vip) VALUES (3, 1)");
    assertThat(changes("table/orders/3", 1).get(0).at("/after/vip").asInt()).isEqualTo(1);
    sql(
        "CREATE TABLE copy AS SELECT * FROM orders;\n"
            + "DROP TABLE orders;\n"
            + "ALTER TABLE copy RENAME TO orders");
    awaitFailure("table orders was dropped or made anew: its triggers are gone");
  }

  @Test
  void aPausedSourceGoesOnWhereItWasAndARemovedOneLeavesNothing() {
    added("orders");
    sql("INSERT INTO orders (id) VALUES (1)");
    changes("table/orders/1", 1);
    assertThat(platform.post("/api/sources/shop/pause", "").status()).isEqualTo(200);
    platform.restart();
    sql(
        "INSERT INTO orders (id) WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n"
            + " WHERE i < 1300) SELECT i FROM n");
    platform.clock().advance(Duration.ofSeconds(61));
    await().until(() -> source().at("/stream/behind").asInt() == 1_299);
    assertThat(platform.post("/api/sources/shop/resume", "").status()).isEqualTo(200);
    await().until(() -> source().at("/changes").asInt() == 1_300);
    changes("table/orders/1300", 1);
    assertThat(platform.delete("/api/sources/shop").status()).isEqualTo(200);
    assertThat(ask("SELECT group_concat(name) FROM sqlite_schema WHERE name LIKE 'troth%'"))
        .isNull();
    sql("INSERT INTO orders (id) VALUES (5000)");
  }

  @Test
  void anotherFileInItsPlaceIsSaid() throws IOException {
    added("orders");
    Path backup = Files.copy(file, folder.resolve("backup.db"));
    sql("INSERT INTO orders (id) VALUES (1)");
    changes("table/orders/1", 1);
    Files.move(backup, file, StandardCopyOption.REPLACE_EXISTING);
    awaitFailure("was replaced by another file");
    platform.clock().advance(Duration.ofSeconds(60));
    awaitFailure("is older than it was, perhaps from a backup: change 1 was told");
    Files.delete(file);
    Answer kept = platform.delete("/api/sources/shop");
    assertThat(kept.status()).isEqualTo(409);
    assertThat(kept.body()).contains("is not there or not in one of the folders");
    assertThat(platform.delete("/api/sources/shop?leave=1").status()).isEqualTo(200);
    assertThat(Files.exists(file)).isFalse();
  }

  @Test
  void whatCannotBeWatchedIsRefusedAndLeavesNothingBehind() throws IOException {
    Path outside = Files.copy(file, folder.resolve("outside.db"));
    Path link = Files.createSymbolicLink(file.resolveSibling("link.db"), outside.toRealPath());
    Path text = Files.writeString(file.resolveSibling("text.db"), "no database at all, but long");
    String many = IntStream.range(0, 60).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    sql("CREATE TABLE wide (" + many + ")");
    Map<String, String> paths =
        Map.of(
            outside.toString(),
            "not in one of the folders",
            link.toString(),
            "not in one of the folders",
            file + "x",
            "is not there or not in",
            "shop.db",
            "expected a path that begins with /",
            folder.resolve("app").toString(),
            "is no file",
            text.toString(),
            "not a database");
    paths.forEach((path, why) -> {
      Answer refused = add(List.of("orders"), Map.of("url", path));
      assertThat(refused.status()).as(path + refused.body()).isEqualTo(422);
      assertThat(refused.body()).contains(why);
    });
    Map<String, String> tables =
        Map.of(
            "none",
            "table none is not there",
            "orders(price)",
            "has no column price",
            "wide",
            "60 columns of table wide");
    tables.forEach((table, why) -> {
      Answer refused = add(List.of("log", table), Map.of());
      assertThat(refused.status()).as(table + refused.body()).isEqualTo(422);
      assertThat(refused.body()).contains(why);
    });
    assertThat(ask("SELECT group_concat(name) FROM sqlite_schema WHERE name LIKE 'troth%'"))
        .isNull();
    added("wide(c1, c59)");
    sql("INSERT INTO wide (c1) VALUES (1)");
    changes("table/wide/1", 1);
  }

  @Test
  void aLongRowIsCutAndHoldsNothingUp() {
    added("orders");
    String zeros = "INSERT INTO orders (id, status) VALUES (%d, hex(zeroblob(%d)))";
    for (int id = 1; id <= 6; id++) {
      sql(zeros.formatted(id, 1_500_000));
    }
    sql(zeros.formatted(7, 10_000_000));
    sql(
        "INSERT INTO orders (id, status) SELECT 9, replace(hex(zeroblob(1500000)), '0', char(128512))");
    sql("INSERT INTO orders (id, status) VALUES (8, 'short')");
    assertThat(changes("table/orders/8", 1).get(0).at("/after/status").asString())
        .isEqualTo("short");
    assertThat(changes("table/orders/1", 1).get(0).at("/after/status").asString())
        .startsWith("00000")
        .contains("… (3000000 characters, SHA-256 ")
        .hasSizeLessThan(25_000);
    assertThat(changes("table/orders/7", 1).get(0).at("/after/status").asString())
        .endsWith("0… (20000000 characters)")
        .hasSizeLessThan(2_000);
    await().until(() -> ask("SELECT count(*) FROM troth_shop_changes").equals("0"));
    assertThat(source().path("lastError").asString("")).isEmpty();
  }

  @Test
  void aFileWhoseNextRowCannotBeTakenIsSaidToFail() {
    added("orders");
    String recorded =
        ask("SELECT name FROM sqlite_schema WHERE name LIKE 'troth%' AND type = 'table'");
    sql(
        "INSERT INTO %s (tbl, key_before, after) VALUES ('orders', '[1]', 'no json')"
            .formatted(recorded));
    for (int i = 0; i < 3; i++) {
      int failures = i + 1;
      await().until(() -> source().path("failures").asInt() >= failures);
      platform.clock().advance(Duration.ofMinutes(5));
    }
    assertThat(changes("source/shop", 2).get(0).get("type").asString()).isEqualTo("source.failed");
    // What waits is counted also while nobody takes it.
    sql("INSERT INTO orders (id) VALUES (901), (902), (903)");
    platform.clock().advance(Duration.ofSeconds(15));
    await().until(() -> source().at("/stream/behind").asInt() == 4);
    sql("DELETE FROM %s WHERE after = 'no json'".formatted(recorded));
    platform.clock().advance(Duration.ofMinutes(5));
    await().until(() -> source().get("health").asString().equals("ok"));
    // Rows came first, which say as well that it can be read again.
    assertThat(changes("source/shop", 3).get(0).get("type").asString())
        .isEqualTo("source.recovered");
  }
}
