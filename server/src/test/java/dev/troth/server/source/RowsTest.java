package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.TestPostgres;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Rows of a real PostgreSQL server, by its replication stream. */
final class RowsTest {
  private final TestPlatform platform = TestPlatform.start("watch.webhooks.allow", "127.0.0.1/32");
  private final String database = TestPostgres.newDatabase();

  @BeforeEach
  void tables() {
    sql(
        """
        CREATE TABLE orders (id INT PRIMARY KEY, status TEXT, total NUMERIC(10,2), paid BOOLEAN,
          doc JSONB, note TEXT);
        CREATE TABLE log (line TEXT);
        CREATE TABLE whole (a INT, b INT, note TEXT, seen INT, PRIMARY KEY (b, a));
        ALTER TABLE whole REPLICA IDENTITY FULL;
        ALTER TABLE orders ALTER COLUMN note SET STORAGE EXTERNAL;
        ALTER TABLE whole ALTER COLUMN note SET STORAGE EXTERNAL\
        """);
  }

  @AfterEach
  void close() {
    platform.close();
    // The slot of a source that a test left behind keeps its database.
    TestPostgres.execute(
        database,
        "SELECT pg_terminate_backend(active_pid), pg_sleep(0.2) FROM pg_replication_slots"
            + " WHERE database = current_database() AND active_pid IS NOT NULL");
    TestPostgres.execute(
        database,
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
            + " WHERE database = current_database()");
    TestPostgres.drop(database);
  }

  private void sql(String statement) {
    TestPostgres.execute(database, statement);
  }

  private String url() {
    return "postgresql://postgres@127.0.0.1:"
        + database.replaceFirst(".*:(\\d+)/([^?]+).*", "$1/$2");
  }

  private String slotOf() {
    return database.replaceFirst(".*/([^?]+).*", "$1");
  }

  private Answer add(List<String> tables, Map<String, Object> more) {
    Map<String, Object> rows = new TreeMap<>(Map.of("tables", tables, "slot", slotOf()));
    Map<String, Object> body =
        new TreeMap<>(Map.of("name", "shop", "kind", "postgresql", "url", url()));
    more.forEach(
        (key, value) -> (List.of("password", "slot").contains(key) ? rows : body).put(key, value));
    body.put("rows", rows);
    return platform.post("/api/sources", Json.mapper().writeValueAsString(body));
  }

  private void added(String... tables) {
    Answer added = add(List.of(tables), Map.of());
    assertThat(added.status()).as(added.body()).isEqualTo(201);
  }

  private JsonNode source() {
    return platform.get("/api/sources/shop").json();
  }

  private JsonNode changes(String target, int count) {
    String path = "/api/subjects/changes?limit=100&target=" + target;
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(platform.get(path).json().get("items")).as(target).hasSize(count));
    return platform.get(path).json().get("items");
  }

  private int slots() {
    return count("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()");
  }

  private int count(String query) {
    return Integer.parseInt(TestPostgres.value(database, query));
  }

  @Test
  void whatHappenedToRowsIsToldWithWhatIsKnownOfThem() {
    added("public.orders", "public.log", "public.whole(note)");
    JsonNode tables = source().at("/stream/tables");
    assertThat(tables.toString())
        .isEqualTo(
            "[{\"table\":\"public.orders\",\"identity\":\"key\"},"
                + "{\"table\":\"public.log\",\"identity\":\"none\"},"
                + "{\"table\":\"public.whole(note)\",\"identity\":\"full\"}]");
    sql(
        "INSERT INTO orders VALUES (7, 'open', 9.50, false, '{\"city\":\"Oslo\"}', repeat('n',"
            + " 9000))");
    sql("UPDATE orders SET status = 'paid', paid = true WHERE id = 7");
    sql("UPDATE orders SET id = 8 WHERE id = 7");
    sql("DELETE FROM orders WHERE id = 8");
    // Without a replica identity the table can be written as before.
    sql("INSERT INTO log VALUES ('a'); UPDATE log SET line = 'b'; DELETE FROM log");
    sql("INSERT INTO whole VALUES (1, 2, repeat('w', 9000), 0)");
    sql("UPDATE whole SET seen = 1");
    sql("UPDATE whole SET note = 'short'");
    sql("BEGIN; INSERT INTO whole VALUES (5, 5, 'never', 0); ROLLBACK");
    sql("TRUNCATE orders, whole");
    JsonNode seven = changes("table/public.orders/7", 3);
    assertThat(seven.get(2).get("type").asString()).isEqualTo("table.inserted");
    assertThat(seven.get(2).get("actor").asString()).isEqualTo("source/shop");
    assertThat(seven.get(2).at("/after/total").toString()).isEqualTo("9.50");
    assertThat(seven.get(2).at("/after/doc/city").asString()).isEqualTo("Oslo");
    assertThat(seven.get(2).at("/after/paid").isBoolean()).isTrue();
    assertThat(seven.get(1).get("type").asString()).isEqualTo("table.updated");
    assertThat(seven.get(1).at("/after/status").asString()).isEqualTo("paid");
    assertThat(seven.get(1).get("after").has("note")).as("unchanged and not sent").isFalse();
    assertThat(seven.get(1).get("before")).isEmpty();
    assertThat(seven.get(0).get("type").asString()).isEqualTo("table.rekeyed");
    assertThat(seven.get(0).at("/before/id").asInt()).isEqualTo(7);
    assertThat(seven.get(0).at("/after/id").asInt()).isEqualTo(8);
    assertThat(changes("table/public.orders/8", 1).get(0).get("type").asString())
        .isEqualTo("table.deleted");
    JsonNode log = changes("table/public.log", 1);
    assertThat(log.get(0).at("/after/line").asString()).isEqualTo("a");
    JsonNode whole = changes("table/public.whole/2/1", 2);
    assertThat(whole.get(0).get("changed").toString()).isEqualTo("[\"note\"]");
    assertThat(whole.get(0).at("/before/note").asString()).startsWith("wwww").hasSize(9_000);
    assertThat(whole.get(0).get("after").has("seen")).isFalse();
    changes("table/public.whole/5/5", 0);
    for (String emptied : List.of("orders", "whole")) {
      assertThat(changes("table/public." + emptied, 1).get(0).get("type").asString())
          .isEqualTo("table.truncated");
    }
    assertThat(source().get("health").asString()).isEqualTo("ok");
    assertThat(source().at("/changes").asInt()).isEqualTo(9);
  }

  @Test
  void anAlteredTableIsToldAsItIsNow() {
    added("public.orders");
    sql("INSERT INTO orders VALUES (1)");
    sql("ALTER TABLE orders ADD COLUMN vip BOOLEAN, DROP COLUMN doc");
    sql("INSERT INTO orders (id, vip) VALUES (2, true)");
    sql("ALTER TABLE orders RENAME TO sales");
    sql("INSERT INTO sales (id) VALUES (3)");
    assertThat(changes("table/public.orders/2", 1).get(0).get("after").has("doc")).isFalse();
    assertThat(changes("table/public.orders/2", 1).get(0).at("/after/vip").asBoolean()).isTrue();
  }

  @Test
  void aPausedSourceGoesOnWhereItWasAndItsSlotIsSaidToWait() {
    added("public.orders");
    sql("INSERT INTO orders VALUES (1)");
    changes("table/public.orders/1", 1);
    assertThat(platform.post("/api/sources/shop/pause", "").status()).isEqualTo(200);
    await()
        .until(() ->
            count(
                    "SELECT count(*) FROM pg_replication_slots WHERE active AND database ="
                        + " current_database()")
                == 0);
    sql("INSERT INTO orders SELECT g, 'x' FROM generate_series(2, 1500) g");
    platform.clock().advance(Duration.ofSeconds(61));
    await().until(() -> source().at("/stream/behind").asLong() > 100_000);
    assertThat(source().at("/stream/farEnd").asString()).isEqualTo("idle");
    changes("table/public.orders/2", 0);
    platform.restart();
    assertThat(platform.post("/api/sources/shop/resume", "").status()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(30)).until(() -> source().at("/changes").asLong() == 1_500);
    changes("table/public.orders/1", 1);
    changes("table/public.orders/1500", 1);
    platform.clock().advance(Duration.ofSeconds(16));
    await().until(() -> source().at("/stream/farEnd").asString().equals("streaming"));
    Answer tested = platform.post("/api/sources/shop/test", "");
    assertThat(tested.json().get("works").asBoolean()).isTrue();
    assertThat(tested.json().at("/fields/public.orders").asString()).isEqualTo("key");
  }

  @Test
  void aStreamThatBreaksBeginsAgainAndLosesNothing() {
    added("public.orders");
    await().until(() -> source().get("health").asString().equals("ok"));
    sql("INSERT INTO orders VALUES (1)");
    changes("table/public.orders/1", 1);
    TestPostgres.close(database);
    await().until(() -> source().get("health").asString().equals("failing"));
    for (int i = 0; i < 4; i++) {
      int failures = source().get("failures").asInt();
      platform.clock().advance(Duration.ofSeconds(60));
      await().until(() -> source().get("failures").asInt() > failures);
    }
    assertThat(platform.get("/api/subjects/changes?target=source/shop").body())
        .contains("source.failed");
    TestPostgres.open(database);
    sql("INSERT INTO orders VALUES (2)");
    platform.clock().advance(Duration.ofSeconds(60));
    changes("table/public.orders/2", 1);
    changes("table/public.orders/1", 1);
    assertThat(source().get("health").asString()).isEqualTo("ok");
    assertThat(platform.get("/api/subjects/changes?target=source/shop").body())
        .contains("source.recovered");
  }

  @Test
  void aStreamThatBreaksAtTheSameRowForEverIsSaidToFail() throws IOException {
    int port = Integer.parseInt(database.replaceFirst(".*:(\\d+)/.*", "$1"));
    try (CuttingProxy proxy = new CuttingProxy(port, "breaks-it")) {
      Answer added =
          add(
              List.of("public.log"),
              Map.of("url", url().replace(":" + port + "/", ":" + proxy.port() + "/")));
      assertThat(added.status()).as(added.body()).isEqualTo(201);
      await().until(() -> source().get("health").asString().equals("ok"));
      sql("INSERT INTO log VALUES ('breaks-it')");
      for (int i = 0; i < 3; i++) {
        int failures = i + 1;
        await().until(() -> source().path("failures").asInt() >= failures);
        platform.clock().advance(Duration.ofMinutes(5));
      }
      assertThat(changes("source/shop", 2).get(0).get("type").asString())
          .isEqualTo("source.failed");
    }
  }

  @Test
  void slotAndPublicationsAreThereWithTheSourceAndGoneWithoutIt() {
    added("public.orders", "public.log");
    assertThat(slots()).isEqualTo(1);
    assertThat(count("SELECT count(*) FROM pg_publication")).isEqualTo(2);
    await().until(() -> source().get("health").asString().equals("ok"));
    assertThat(platform.delete("/api/sources/shop").status()).isEqualTo(200);
    assertThat(slots()).isZero();
    assertThat(count("SELECT count(*) FROM pg_publication")).isZero();
    assertThat(platform.get("/api/sources/shop").status()).isEqualTo(404);
    added("public.orders");
    sql("INSERT INTO orders VALUES (1)");
    changes("table/public.orders/1", 1);
    TestPostgres.close(database);
    Answer kept = platform.delete("/api/sources/shop");
    assertThat(kept.status()).isEqualTo(409);
    assertThat(kept.body()).contains("is kept, because what was made for it cannot be dropped");
    assertThat(source().get("health").asString()).isNotEqualTo("paused");
    Answer left = platform.delete("/api/sources/shop?leave=1");
    assertThat(left.status()).as(left.body()).isEqualTo(200);
    assertThat(left.json().get("leftOver").asString()).contains("cannot be reached");
    TestPostgres.open(database);
    Answer again = add(List.of("public.orders"), Map.of());
    assertThat(again.status()).isEqualTo(422);
    assertThat(again.body()).contains("is there already and nobody reads it");
  }

  @Test
  void aSlotThatIsGoneIsSaidAndNotMadeAgain() {
    added("public.orders");
    sql("INSERT INTO orders VALUES (1)");
    changes("table/public.orders/1", 1);
    assertThat(platform.post("/api/sources/shop/pause", "").status()).isEqualTo(200);
    await()
        .until(() ->
            count(
                    "SELECT count(*) FROM pg_replication_slots WHERE active AND database ="
                        + " current_database()")
                == 0);
    sql("SELECT pg_drop_replication_slot('%s')".formatted(slotOf()));
    assertThat(platform.post("/api/sources/shop/resume", "").status()).isEqualTo(200);
    await().until(() -> source().get("health").asString().equals("failing"));
    assertThat(source().get("lastError").asString())
        .contains("is not there, so changes after", "remove the source and add it again");
    assertThat(slots()).isZero();
    assertThat(platform.post("/api/sources/shop/test", "").json().get("works").asBoolean())
        .isFalse();
    assertThat(platform.delete("/api/sources/shop").status()).isEqualTo(200);
  }

  @Test
  void whatCannotBeWatchedIsRefusedAndLeavesNothingBehind() {
    Map<String, Map<String, Object>> wrong =
        Map.of(
            "expected schema.table",
            Map.of("table", "orders"),
            "table public.none is not there",
            Map.of("table", "public.none"),
            "has no column price",
            Map.of("table", "public.orders(price)"),
            "url has a password",
            Map.of("url", url().replace("postgres@", "postgres:hush@")),
            "url has parameters",
            Map.of("url", url() + "?socketFactory=x"),
            "sslmode is",
            Map.of("url", url() + "?sslmode=maybe"),
            "may not be reached",
            Map.of("url", url().replace("127.0.0.1", "127.0.0.2")),
            "cannot be reached",
            Map.of("url", url().replaceFirst(":\\d+/", ":1/")),
            "the platform's own",
            Map.of("subject", "record"),
            "slot is",
            Map.of("slot", "Not-A-Slot"));
    wrong.forEach((why, more) -> {
      Map<String, Object> given = new TreeMap<>(more);
      Object table = given.remove("table");
      Answer refused = add(List.of(table == null ? "public.orders" : table.toString()), given);
      assertThat(refused.status()).as(why + refused.body()).isEqualTo(422);
      assertThat(refused.body()).contains(why);
    });
    assertThat(slots()).isZero();
    assertThat(count("SELECT count(*) FROM pg_publication")).isZero();
    added("public.orders");
    assertThat(add(List.of("public.orders"), Map.of("name", "other", "slot", "other")).status())
        .isEqualTo(409);
    assertThat(slots()).isEqualTo(1);
  }

  @Test
  void aPasswordIsProvedAndNeverShown() throws Exception {
    String role = slotOf() + "_role";
    String hba = TestPostgres.value(database, "SHOW hba_file");
    TestPostgres.prepend(
        hba, "host all,replication %s 127.0.0.1/32 scram-sha-256\n".formatted(role));
    sql("CREATE ROLE %s LOGIN REPLICATION SUPERUSER PASSWORD 'hush-4711'".formatted(role));
    sql("SELECT pg_reload_conf(), pg_sleep(0.5)");
    String theirs = url().replace("postgres@", role + "@");
    Answer none = add(List.of("public.orders"), Map.of("url", theirs));
    assertThat(none.status()).isEqualTo(422);
    Answer wrong = add(List.of("public.orders"), Map.of("url", theirs, "password", "hush-4712"));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body()).contains("password authentication failed").doesNotContain("hush");
    Answer right = add(List.of("public.orders"), Map.of("url", theirs, "password", "hush-4711"));
    assertThat(right.status()).as(right.body()).isEqualTo(201);
    sql("INSERT INTO orders VALUES (1)");
    changes("table/public.orders/1", 1);
    String shown =
        right.body()
            + platform.get("/api/sources").body()
            + platform.get("/api/subjects/changes?target=*").body();
    assertThat(shown).doesNotContain("hush");
    assertThat(platform.delete("/api/sources/shop").status()).isEqualTo(200);
    sql("DROP ROLE " + role);
  }
}
