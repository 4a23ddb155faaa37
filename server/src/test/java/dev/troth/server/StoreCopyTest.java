package dev.troth.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.db.StoreCopy;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A platform that moves from SQLite to PostgreSQL, and copies that do not come to their end. */
class StoreCopyTest {
  private static final Path OBJECTIVES =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private static final List<String> DOCUMENTS =
      List.of(
          "/api/records",
          "/api/records/2",
          "/api/subjects/changes?limit=200",
          "/api/watches",
          "/api/watches?user=ann",
          "/api/inbox?user=ann",
          "/api/endpoints?user=ann",
          "/api/tokens",
          "/api/objectives",
          "/api/objectives/orders",
          "/api/traces",
          "/registry/subjects/orders-value/versions/1");

  @TempDir Path folder;
  private String url = "";

  @BeforeEach
  void create() {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
  }

  @AfterEach
  void drop() {
    if (!url.isEmpty()) {
      TestPostgres.drop(url);
    }
  }

  private TestPlatform start(String store) {
    return TestPlatform.start(
        "data",
        folder.toString(),
        "store.url",
        store,
        "slo.files",
        OBJECTIVES.toString(),
        "slo.watermark",
        "5s");
  }

  private StoreCopy copy() {
    return new StoreCopy(folder.resolve("troth.db"), url, Clock.systemUTC());
  }

  private static Map<String, JsonNode> documents(TestPlatform platform) {
    Map<String, JsonNode> documents = new LinkedHashMap<>();
    for (String path : DOCUMENTS) {
      TestPlatform.Answer answer = platform.get(path);
      assertThat(answer.status()).as(path).isEqualTo(200);
      documents.put(path, answer.json());
    }
    return documents;
  }

  private static void assertSame(TestPlatform platform, Map<String, JsonNode> expected) {
    documents(platform)
        .forEach((path, document) ->
            assertThat(said(document)).as(path).isEqualTo(said(expected.get(path))));
  }

  /** A document without the instant of its figures, which a start moves on. */
  private static String said(@Nullable JsonNode document) {
    return String.valueOf(document).replaceAll("\"asOf\":\"[^\"]*\",?", "");
  }

  /** Something in every part of a platform, and the newest rows of two tables gone again. */
  private static void live(TestPlatform platform) {
    platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"record/*\"}");
    platform.post("/api/watches", "{\"user\":\"bob\",\"target\":\"slo/orders\"}");
    platform.post(
        "/api/records", "{\"name\":\"Pump\",\"value\":\"é ☃ 𝄞\",\"fields\":{\"bar\":2.50}}");
    platform.put("/api/records/7", "{\"name\":\"Valve\",\"value\":\"open\"}");
    platform.delete("/api/records/7");
    platform.post("/api/update/1", "{\"value\":\"urgent\"}");
    platform.post("/api/inbox/2/read?user=ann", "");
    platform.post("/api/tokens", "{\"user\":\"ann\",\"role\":\"member\",\"life\":\"30d\"}");
    String event =
        """
        {"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"order/1","data":{"n":1}}
        """;
    platform.send("POST", "/api/events", event, "Content-Type", "application/cloudevents+json");
    for (String host : List.of("a", "b")) {
      String address = "{\"user\":\"%s\",\"address\":\"http://127.0.0.1:9/\"}".formatted(host);
      JsonNode added = platform.post("/api/endpoints", address).json();
      platform.delete("/api/endpoints/" + added.path("id").asLong());
    }
    String schema = "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"type\\\":\\\"object\\\"}\"}";
    platform.post("/registry/subjects/orders-value/versions", schema);
    OrderTraces orders = new OrderTraces(platform);
    orders.orders(5, Publish.TAKEN);
    orders.orders(3, Publish.REFUSED);
    platform.clock().advance(Duration.ofSeconds(10));
    awaitCounts(platform);
  }

  /** The first look at the objectives after a start comes a moment later. */
  private static void awaitCounts(TestPlatform platform) {
    await()
        .untilAsserted(() ->
            assertThat(platform.get("/api/objectives").body())
                .contains("\"total\":8", "insufficient traffic", "no alert"));
  }

  /** All rows of all tables, as texts; truths as SQLite has them. */
  private static Map<String, List<String>> rows(String url) throws SQLException {
    Map<String, List<String>> rows = new TreeMap<>();
    boolean sqlite = url.startsWith("jdbc:sqlite");
    String tables =
        sqlite
            ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      List<String> names = new ArrayList<>();
      try (ResultSet found = statement.executeQuery(tables)) {
        while (found.next()) {
          names.add(found.getString(1));
        }
      }
      for (String name : names) {
        List<String> of = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT * FROM " + name)) {
          int columns = row.getMetaData().getColumnCount();
          while (row.next()) {
            TreeMap<String, String> fields = new TreeMap<>();
            for (int i = 1; i <= columns; i++) {
              Object value = row.getObject(i);
              fields.put(
                  row.getMetaData().getColumnName(i),
                  value instanceof Boolean truth ? (truth ? "1" : "0") : String.valueOf(value));
            }
            of.add(fields.toString());
          }
        }
        of.sort(null);
        rows.put(name, of);
      }
    }
    return rows;
  }

  @Test
  void aCopiedPlatformSaysTheSameAndGoesOnWithTheNextNumbers() throws Exception {
    try (TestPlatform platform = start("off")) {
      live(platform);
      platform.restart();
      awaitCounts(platform);
      Map<String, JsonNode> before = documents(platform);
      assertThat(requireNonNull(before.get("/api/inbox?user=ann")).get("items")).isNotEmpty();
      long head =
          requireNonNull(before.get("/api/subjects/changes?limit=200"))
              .get("items")
              .get(0)
              .get("seq")
              .asLong();
      String position = position(platform, head);
      platform.stop();

      List<StoreCopy.Copied> copied = copy().run((table, rows, all) -> {});

      Map<String, List<String>> here = rows("jdbc:sqlite:" + folder.resolve("troth.db"));
      Map<String, List<String>> there = rows(url);
      assertThat(copied)
          .extracting(StoreCopy.Copied::table)
          .containsExactlyInAnyOrderElementsOf(
              here.keySet().stream().filter(name -> !name.equals("schema_history")).toList());
      assertThat(copied)
          .allSatisfy(table ->
              assertThat(table.rows())
                  .as(table.table())
                  .isEqualTo(here.getOrDefault(table.table(), List.of()).size()))
          .filteredOn(table -> table.rows() > 0)
          .hasSizeGreaterThan(20);
      here.remove("schema_history");
      assertThat(there).containsAllEntriesOf(here);

      platform.store(url);
      platform.restart();
      assertThat(platform.isOnSqlite()).isFalse();
      await().untilAsserted(() -> assertSame(platform, before));
      assertThat(position(platform, head)).isEqualTo(position);

      JsonNode written = platform.post("/api/records", "{\"name\":\"New\",\"value\":\"v\"}").json();
      assertThat(written.get("id").asLong()).as("record 7 was there and is gone").isEqualTo(8);
      JsonNode newest = platform.get("/api/subjects/changes?limit=1").json().get("items").get(0);
      assertThat(newest.get("seq").asLong()).isEqualTo(head + 1);
      String address = "{\"user\":\"cy\",\"address\":\"http://127.0.0.1:9/\"}";
      assertThat(platform.post("/api/endpoints", address).json().get("id").asLong())
          .as("endpoints 1 and 2 were there and are gone")
          .isEqualTo(3);
      platform.put("/api/records/1", "{\"name\":\"r\",\"value\":\"told\"}");
      assertThat(platform.get("/api/inbox?user=ann").body()).contains("told");
    }
  }

  /** The name of a place in the log, from the start that wrote it. */
  private static String position(TestPlatform platform, long seq) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT epoch FROM change_start WHERE first_seq <= ?
                    ORDER BY first_seq DESC LIMIT 1
                    """)
                .bind(0, seq)
                .mapTo(String.class)
                .one());
  }

  @Test
  void aTargetThatIsNotEmptyIsRefusedAndLeftAsItIs() throws Exception {
    start("off").close();
    TestPostgres.execute(url, "CREATE TABLE theirs (n INT)");
    assertThatThrownBy(() -> copy().run((table, rows, all) -> {}))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("is not empty, it has theirs: expected a database without tables");
    assertThat(rows(url)).containsOnlyKeys("theirs");
    TestPostgres.execute(url, "DROP TABLE theirs");
    var _ = copy().run((table, rows, all) -> {});
    assertThatThrownBy(() -> copy().run((table, rows, all) -> {}))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("is not empty");
  }

  @Test
  void aFolderOfAnotherVersionIsRefused() throws Exception {
    start("off").close();
    sqlite("UPDATE schema_history SET version = 99999 WHERE version = 290");
    assertThatThrownBy(() -> copy().run((table, rows, all) -> {}))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("[99999]")
        .hasMessageContaining("written by a newer one");
    sqlite("DELETE FROM schema_history WHERE version = 99999");
    assertThatThrownBy(() -> copy().run((table, rows, all) -> {}))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("lacks the schema steps [V290__portable]");
    assertThat(rows(url)).isEmpty();
  }

  @Test
  void whatPostgresqlCannotHoldIsNamedAndNothingIsCopied() throws Exception {
    start("off").close();
    sqlite("UPDATE record SET value = 'a' || char(0) || 'b'");
    assertThatThrownBy(() -> copy().run((table, rows, all) -> {}))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("table record, row 1: value is String 'aU+0000b'");
    assertThat(rows(url)).isEmpty();
  }

  @Test
  void aWrongUrlIsNamedWithoutItsPassword() {
    start("off").close();
    String away = "jdbc:postgresql://127.0.0.1:1/troth?user=ann&password=sesame";
    StoreCopy copy = new StoreCopy(folder.resolve("troth.db"), away, Clock.systemUTC());
    assertThatThrownBy(() -> copy.run((table, rows, all) -> {}))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("database jdbc:postgresql://127.0.0.1:1/troth cannot be opened")
        .hasMessageNotContaining("sesame");
  }

  /** Copies until the first full part of a table is sent, says so, and waits for its end. */
  public static final class Halfway {
    private Halfway() {}

    public static void main(String[] args) throws Exception {
      Path reached = Path.of(args[2]);
      var _ =
          new StoreCopy(Path.of(args[0]), args[1], Clock.systemUTC())
              .run((table, rows, all) -> {
                if (table.equals("record") && rows > 0 && rows == all) {
                  try {
                    Files.writeString(reached, table);
                    Thread.currentThread().join();
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }
              });
    }
  }

  @Test
  void aCopyThatIsKilledInTheMiddleLeavesAnEmptyTarget() throws Exception {
    start("off").close();
    Path reached = folder.resolve("reached");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Halfway.class.getName(),
                folder.resolve("troth.db").toString(),
                url,
                reached.toString())
            .inheritIO()
            .start();
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(reached));
      // Another copy, and a look from outside, see that it has begun or see nothing at all.
      assertThatThrownBy(() -> copy().run((table, rows, all) -> {}))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("is the target of another copy");
      assertThat(rows(url)).isEmpty();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(copy().run((table, rows, all) -> {}))
                .filteredOn(table -> table.table().equals("record"))
                .containsExactly(new StoreCopy.Copied("record", 1)));
  }

  private void sqlite(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("troth.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
