package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.kafka.Broker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Spans go by a topic to who judges their requests, and count as the sender's truth says. */
final class SpansByKafkaTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Broker broker;

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @BeforeEach
  void open() throws Exception {
    broker = Broker.start(folder.resolve("broker"));
    broker.topic("spans", 3);
    platform =
        TestPlatform.start(
            "slo.files",
            FILE.toString(),
            "slo.watermark",
            "5s",
            "telemetry.kafka.bootstrap",
            broker.bootstrap(),
            "telemetry.kafka.topic",
            "spans");
  }

  @AfterEach
  void close() {
    platform.close();
    broker.close();
  }

  private JsonNode objective() {
    return platform.get("/api/objectives/orders").json().get("objective");
  }

  private void awaitCounts(HalvedOrders orders) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> {
          JsonNode requests = objective().get("requests");
          assertThat(requests.get("total").asInt()).isEqualTo(orders.total());
          assertThat(requests.get("bad").asInt()).isEqualTo(orders.bad());
        });
    assertThat(objective().at("/requests/unknown").asLong(-1)).isZero();
  }

  private long rows(String sql) {
    return platform.database().read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  /** Everything that was sent has been taken, and is in the database as an open request. */
  private void awaitOpen(HalvedOrders orders) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() ->
            assertThat(
                    rows(
                        "SELECT count(DISTINCT trace_id) FROM open_request WHERE source LIKE 'spans/%'"))
                .isEqualTo(orders.total()));
  }

  @Test
  void aBrokerThatIsKilledAndAPlatformThatBeginsAnewInTheMiddleOfRequestsLoseAndDoubleNothing()
      throws Exception {
    HalvedOrders orders = new HalvedOrders(List.of(platform));
    orders.begin(40);
    // Whoever has a partition next joins the second halves to the first ones it never saw.
    awaitOpen(orders);
    platform.restart();
    orders.begin(20);
    // It hangs first: what it has not confirmed may be in no log, and dies with it.
    broker.stopAnswering();
    Thread later = Thread.ofVirtual().start(() -> orders.finish(60));
    try {
      await().atMost(Duration.ofSeconds(30)).until(() -> orders.refused() > 0);
    } finally {
      broker.kill();
      broker.restart();
      later.join();
    }
    awaitOpen(orders);
    assertThat(orders.unsent()).isZero();
    // Nothing goes the other way.
    assertThat(rows("SELECT count(*) FROM open_request WHERE source = ''")).isZero();
    platform.clock().advance(Duration.ofSeconds(10));
    platform.clock().advance(Duration.ofSeconds(65));
    awaitCounts(orders);
    // What comes again after it was judged and counted counts no more.
    orders.repeat();
    platform.restart();
    platform.clock().advance(Duration.ofSeconds(65));
    orders.begin(1);
    orders.finish(1);
    awaitOpen(orders);
    platform.clock().advance(Duration.ofSeconds(75));
    awaitCounts(orders);
  }

  /** Sends a message past the platform; returns the place after it. */
  private long send(int part, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      return producer.send(new ProducerRecord<>("spans", part, null, bytes)).get().offset() + 1;
    }
  }

  private void awaitLost(String reason, int count) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() ->
            assertThat(platform.get("/metrics").body())
                .contains("troth_otlp_lost_total{reason=\"%s\"} %d.0".formatted(reason, count)));
  }

  @Test
  void messagesThatAreNoneOrAreGoneHoldUpNobodyAndAreCountedAsLost() throws Exception {
    for (String value : List.of("nonsense", "{\"at\":1}", "{\"at\":1,\"spans\":[{}]}")) {
      for (int part = 0; part < 3; part++) {
        send(part, value);
      }
    }
    HalvedOrders orders = new HalvedOrders(List.of(platform));
    orders.begin(6);
    orders.finish(6);
    awaitOpen(orders);
    awaitLost("unreadableMessages", 9);
    platform.stop();
    send(1, "never read");
    broker.removeBefore("spans", 1, send(1, "never read"));
    platform.restart();
    awaitLost("messagesGone", 2);
    orders.begin(6);
    orders.finish(6);
    awaitOpen(orders);
    platform.clock().advance(Duration.ofSeconds(75));
    awaitCounts(orders);
  }
}
