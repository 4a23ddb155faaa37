package dev.troth.server.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.kafka.Reading.Told;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every change in a topic of a real broker. */
class ChangesOutTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static Broker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.start(folder);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static TestPlatform platform(String topic) {
    return TestPlatform.start(
        "events.kafka.bootstrap", broker.bootstrap(), "events.kafka.out", topic);
  }

  private static JsonNode traffic(TestPlatform platform) {
    return platform.get("/api/events/kafka").json();
  }

  private static void awaitAllSent(TestPlatform platform) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(traffic(platform).at("/out/waiting").asLong(-1)).isZero());
  }

  private static void update(TestPlatform platform, int record, String value) {
    String body = "{\"name\":\"r\",\"value\":\"%s\"}".formatted(value);
    assertThat(platform.put("/api/records/" + record, body).status()).isBetween(200, 201);
  }

  @Test
  void everyChangeIsAnEventKeyedByItsSubjectAndSentOnce() throws Exception {
    broker.topic("all", 3);
    try (TestPlatform platform = platform("all")) {
      for (int i = 0; i < 20; i++) {
        update(platform, 1 + i % 4, "v" + i);
      }
      String event =
          """
          {"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"order/1","data":{"n":1},
           "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
          """;
      platform.send("POST", "/api/events", event, "Content-Type", "application/cloudevents+json");
      awaitAllSent(platform);
      platform.restart();
      update(platform, 1, "last");
      awaitAllSent(platform);

      List<Told> told = Reading.all(broker.bootstrap(), "all");
      assertThat(told).hasSize(22);
      assertThat(told)
          .allSatisfy(one -> {
            assertThat(one.key()).isEqualTo(one.event().get("subject").asString());
            assertThat(one.contentType()).startsWith("application/cloudevents+json");
            assertThat(one.event().get("specversion").asString()).isEqualTo("1.0");
          });
      assertThat(told)
          .filteredOn(one -> one.key().equals("record/1"))
          .extracting(Told::version)
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(told.stream().map(one -> one.event().get("id").asString()).distinct()).hasSize(22);
      Told order =
          told.stream().filter(one -> one.key().equals("order/1")).findFirst().orElseThrow();
      assertThat(order.event().get("traceparent").asString()).contains("4bf92f3577b34da6");
      assertThat(order.event().at("/data/after/n").asInt()).isEqualTo(1);
      assertThat(order.event().get("time").asString()).isEqualTo("2026-03-01T12:00:00Z");
    }
  }

  @Test
  void whileTheBrokerIsAwayChangesWaitAndGoOutInOrderAfterwards() throws Exception {
    broker.topic("away", 3);
    try (TestPlatform platform = platform("away")) {
      update(platform, 1, "first");
      awaitAllSent(platform);
      broker.kill();
      int all = 450;
      for (int i = 0; i < all; i++) {
        update(platform, 1 + i % 5, "v" + i);
      }
      assertThat(platform.get("/-/ready").status()).isEqualTo(200);
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(traffic(platform).path("obstacleOut").asString("")).contains("change 2"));
      assertThat(traffic(platform).at("/out/waiting").asLong()).isEqualTo(all);
      assertThat(platform.get("/metrics").body()).contains("troth_watch_kafka_out_waiting 450.0");
      broker.restart();
      awaitAllSent(platform);
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(traffic(platform).has("obstacleOut")).isFalse());
      assertInOrder(
          Reading.all(broker.bootstrap(), "away"), Map.of("record/1", 91L, "record/5", 90L));
    }
  }

  /** Each subject's versions come from 1 up without a gap; what came before may come again. */
  private static void assertInOrder(List<Told> told, Map<String, Long> newest) {
    Map<String, Long> seen = new HashMap<>();
    for (Told one : told) {
      long last = seen.getOrDefault(one.key(), 0L);
      assertThat(one.version()).as(() -> order(told, one.key())).isLessThanOrEqualTo(last + 1);
      seen.put(one.key(), Math.max(last, one.version()));
    }
    assertThat(seen).containsAllEntriesOf(newest);
  }

  private static String order(List<Told> told, String key) {
    return told.stream()
        .filter(one -> one.key().equals(key))
        .map(one -> "%d in %d".formatted(one.version(), one.partition()))
        .toList()
        .toString();
  }

  @Test
  void aChangeTooLongForTheTopicGoesWithoutItsFieldsAndHoldsUpNobody() throws Exception {
    broker.narrowTopic("long", 40_000);
    try (TestPlatform platform = platform("long")) {
      update(platform, 1, "x".repeat(30_000));
      // Before and after together are longer than the topic takes.
      update(platform, 1, "y".repeat(30_000));
      update(platform, 1, "short");
      awaitAllSent(platform);
      List<Told> told = Reading.all(broker.bootstrap(), "long");
      assertThat(told)
          .extracting(Told::version)
          .containsExactlyElementsOf(LongStream.of(1, 2, 3).boxed().toList());
      assertThat(told.get(1).event().at("/data/truncated").asBoolean()).isTrue();
      assertThat(told.get(1).event().at("/data/after").isMissingNode()).isTrue();
    }
  }

  @Test
  void whatHasNotGoneOutIsNotRemoved() throws Exception {
    broker.topic("kept", 1);
    try (TestPlatform platform = platform("kept")) {
      update(platform, 1, "a");
      awaitAllSent(platform);
      long sent = traffic(platform).at("/out/sent").asLong();
      PositionStore positions = new PositionStore("kept");
      long needs = platform.database().read(positions::needs);
      assertThat(needs).isEqualTo(sent + 1);
      assertThat(needs).isEqualTo(2);
    }
  }
}
