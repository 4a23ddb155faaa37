package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.troth.server.http.Json;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Pages and digests of platforms that share a database, one of which is killed. */
final class TermsReplicasTest {
  private static final String JSON = "application/json";

  @TempDir Path folder;

  private String url = "";

  @SuppressWarnings("NullAway.Init")
  private HttpServer receiver;

  /** A message as it came: its key and the changes in it. */
  private record Got(String id, List<Long> changes) {}

  private final List<Got> got = new CopyOnWriteArrayList<>();
  private final CountDownLatch killed = new CountDownLatch(1);
  private volatile boolean answers = true;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext(
        "/",
        exchange -> {
          JsonNode data =
              Json.mapper().readTree(exchange.getRequestBody().readAllBytes()).get("data");
          List<JsonNode> changes =
              data.has("changes") ? data.get("changes").valueStream().toList() : List.of(data);
          boolean answered = answers;
          got.add(
              new Got(
                  exchange.getRequestHeaders().getFirst("webhook-id"),
                  changes.stream().map(one -> one.at("/change/seq").asLong()).toList()));
          if (!answered) {
            awaitKill();
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  private void awaitKill() {
    try {
      var _ = killed.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() {
    killed.countDown();
    if (!url.isEmpty()) {
      receiver.stop(0);
      TestPostgres.drop(url);
    }
  }

  private TestPlatform platform() {
    return TestPlatform.start("store.url", url, "watch.webhooks.allow", "127.0.0.1/32");
  }

  private String address() {
    return "{\"user\":\"ann\",\"channel\":\"webhook\",\"address\":\"http://127.0.0.1:%d/\"}"
        .formatted(receiver.getAddress().getPort());
  }

  private static final String WISH =
      "{\"user\":\"ann\",\"target\":\"order/*\",\"channels\":[\"webhook\"]}";

  private static final String ESCALATION =
      "{\"target\":\"slo/*\",\"line\":[\"bob\",\"cleo\",\"dora\"],\"within\":300}";

  private static String event(int number) {
    return "{\"specversion\":\"1.0\",\"id\":\"e%1$d\",\"source\":\"/t\",\"type\":\"placed\",\"subject\":\"order/%1$d\"}"
        .formatted(number);
  }

  private static void alert(TestPlatform platform, String type) {
    NewChange alert = NewChange.of(new Subject("slo", "orders"), type, "slo");
    NewChange stated = alert.after(Fields.of("alert", "page", "name", "Orders")).critical();
    var _ = platform.database().write(handle -> platform.changes().append(handle, stated));
  }

  /** Who was paged, the first first, as the log has it. */
  private static List<String> paged(TestPlatform platform) {
    return platform
        .get("/api/subjects/changes?target=oncall/1&limit=100")
        .json()
        .get("items")
        .valueStream()
        .filter(change -> change.get("type").asString().equals("oncall.opened"))
        .map(change -> change.at("/after/to").asString())
        .toList()
        .reversed();
  }

  private static void ok(TestPlatform.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
  }

  private static long number(TestPlatform platform) {
    return platform.database().replicas().number();
  }

  @Test
  void twoPlatformsTakeEachStepOnceAndPutOneMessageTogether() {
    try (TestPlatform one = platform();
        TestPlatform other = platform()) {
      ok(one.post("/api/endpoints", address()));
      ok(one.post("/api/watches", WISH));
      ok(one.put("/api/preferences", "{\"user\":\"ann\",\"digest\":\"1h\"}"));
      ok(other.put("/api/escalations/orders", ESCALATION));
      for (int i = 1; i <= 40; i++) {
        TestPlatform taking = i % 2 == 0 ? one : other;
        ok(taking.post("/api/events", event(i), "Content-Type", "application/cloudevents+json"));
      }
      alert(other, "alert.fired");
      await().until(() -> paged(one).equals(List.of("bob")));
      await()
          .until(() ->
              one.get("/api/deliveries?user=ann&state=pending&limit=100").json().get("items").size()
                  == 40);
      // Both have some of these, and both see that the hour is over.
      for (TestPlatform each : List.of(one, other)) {
        each.clock().advance(Duration.ofHours(1));
      }
      await().until(() -> got.stream().mapToInt(message -> message.changes().size()).sum() >= 40);
      await().until(() -> paged(one).size() >= 2);
      for (TestPlatform each : List.of(one, other)) {
        each.clock().advance(Duration.ofSeconds(300));
      }
      await().until(() -> paged(one).size() >= 3);
      for (TestPlatform each : List.of(one, other)) {
        each.clock().advance(Duration.ofSeconds(300));
      }
      await()
          .until(() -> one.get("/api/pages/1").json().get("state").asString().equals("unanswered"));
      assertThat(paged(other)).containsExactly("bob", "cleo", "dora");
      assertThat(got).hasSize(1);
      assertThat(got.getFirst().changes()).hasSize(40).doesNotHaveDuplicates();
    }
  }

  @Test
  void whatOneThatIsKilledHadInHandIsTakenUpByAnother() throws Exception {
    try (PlatformProcess first =
        PlatformProcess.start(folder, "store.url", url, "watch.webhooks.allow", "127.0.0.1/32")) {
      assertThat(first.post("/api/endpoints", JSON, address())).isEqualTo(201);
      assertThat(first.post("/api/watches", JSON, WISH)).isEqualTo(201);
      String digest = "{\"user\":\"ann\",\"digest\":\"24h\"}";
      assertThat(first.send("PUT", "/api/preferences", JSON, digest)).isEqualTo(200);
      assertThat(first.send("PUT", "/api/escalations/orders", JSON, ESCALATION)).isEqualTo(200);
      for (int i = 1; i <= 5; i++) {
        assertThat(first.post("/api/events", "application/cloudevents+json", event(i)))
            .isEqualTo(200);
      }
      await()
          .until(
              () -> first.get("/api/deliveries?user=ann&state=pending").get("items").size() == 5);
      answers = false;
      // What no terms hold any more goes at once, and together.
      assertThat(first.send("PUT", "/api/preferences", JSON, "{\"user\":\"ann\"}")).isEqualTo(200);
      await().until(() -> got.size() == 1);
      try (TestPlatform second = platform()) {
        second.clock().set(Instant.now());
        alert(second, "alert.fired");
        // The first one looks after pages, since it was there before.
        await().until(() -> paged(second).equals(List.of("bob")));
        assertThat(holder(second)).isNotEqualTo(number(second));
        first.kill();
        answers = true;
        killed.countDown();
        second.clock().advance(Duration.ofSeconds(301));
        await().atMost(Duration.ofSeconds(60)).until(() -> paged(second).size() == 2);
        await().atMost(Duration.ofSeconds(60)).until(() -> got.size() == 2);
        await()
            .until(() ->
                second.get("/api/deliveries?user=ann&state=delivered").json().get("items").size()
                    == 5);
        assertThat(holder(second)).isEqualTo(number(second));
        assertThat(paged(second)).containsExactly("bob", "cleo");
        assertThat(got.getLast()).as("the same message again").isEqualTo(got.getFirst());
        assertThat(got.getFirst().changes()).hasSize(5);
      }
    }
  }

  /** Runs as another platform would: what it writes is committed once somebody waits for it. */
  private void meanwhile(TestPlatform platform, String sql, Runnable due) throws Exception {
    try (Connection another = DriverManager.getConnection(url)) {
      another.setAutoCommit(false);
      assertThat(another.createStatement().executeUpdate(sql)).isPositive();
      due.run();
      await()
          .until(() ->
              platform
                  .database()
                  .read(handle ->
                      handle
                          .createQuery(
                              """
                              SELECT count(*) > 0 FROM pg_stat_activity
                              WHERE wait_event_type = 'Lock' AND datname = current_database()
                              """)
                          .mapTo(Boolean.class)
                          .one()));
      another.commit();
    }
  }

  @Test
  void aStepThatAnotherTakesAtTheSameMomentIsTakenOnce() throws Exception {
    try (TestPlatform platform = platform()) {
      ok(platform.put("/api/escalations/orders", ESCALATION));
      alert(platform, "alert.fired");
      await().until(() -> paged(platform).equals(List.of("bob")));
      long far = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
      meanwhile(
          platform,
          "UPDATE page SET step = 1, due = " + far,
          () -> platform.clock().advance(Duration.ofSeconds(300)));
      // A step of another page, so that the one before has been looked at.
      NewChange next =
          NewChange.of(new Subject("slo", "payments"), "alert.fired", "slo").critical();
      var _ = platform.database().write(handle -> platform.changes().append(handle, next));
      await().until(() -> platform.get("/api/pages/2").body().contains("\"to\":\"bob\""));
      assertThat(platform.get("/api/pages/1").body()).contains("\"to\":\"cleo\"");
      assertThat(paged(platform)).as("what this one said").containsExactly("bob");
    }
  }

  @Test
  void aDigestThatAnotherPutsTogetherAtTheSameMomentIsSentOnce() throws Exception {
    try (TestPlatform platform = platform()) {
      ok(platform.post("/api/endpoints", address()));
      ok(platform.post("/api/watches", WISH));
      ok(platform.put("/api/preferences", "{\"user\":\"ann\",\"digest\":\"1h\"}"));
      for (int i = 1; i <= 3; i++) {
        ok(platform.post("/api/events", event(i), "Content-Type", "application/cloudevents+json"));
      }
      await()
          .until(() ->
              platform.get("/api/deliveries?user=ann&state=pending").json().get("items").size()
                  == 3);
      long far = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
      meanwhile(
          platform,
          "UPDATE delivery SET lease = lease + 1, lease_until = %d, claimed_by = %d"
              .formatted(far, number(platform)),
          () -> platform.clock().advance(Duration.ofHours(1)));
      ok(
          platform.put(
              "/api/preferences",
              "{\"user\":\"ann\",\"scope\":\"type:order\",\"digest\":\"off\"}"));
      ok(platform.post("/api/events", event(4), "Content-Type", "application/cloudevents+json"));
      await().until(() -> !got.isEmpty());
      assertThat(got).hasSize(1);
      assertThat(got.getFirst().changes()).as("the fourth alone").hasSize(1);
    }
  }

  /** The number of the platform that looks after pages. */
  private static long holder(TestPlatform asked) {
    return asked
        .database()
        .read(handle ->
            handle
                .createQuery("SELECT number FROM replica_lease WHERE name = 'escalations'")
                .mapTo(Long.class)
                .one());
  }
}
