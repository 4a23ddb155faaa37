package dev.troth.server.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** CloudEvents from topics of a real broker. */
class ChangesInTest {
  private static final Duration LONG = Duration.ofSeconds(30);

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
        "events.kafka.bootstrap",
        broker.bootstrap(),
        "events.kafka.in",
        topic,
        "events.kafka.group",
        "group-" + topic);
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 0),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static ProducerRecord<byte[], byte[]> structured(String topic, String event) {
    ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, event.getBytes(UTF_8));
    message
        .headers()
        .add("content-type", "application/cloudevents+json; charset=UTF-8".getBytes(UTF_8));
    return message;
  }

  private static String event(String id, String subject) {
    return """
    {"specversion":"1.0","id":"%s","source":"/shop","type":"order.placed","subject":"%s","data":{"id":"%s"}}
    """
        .formatted(id, subject, id);
  }

  private static JsonNode traffic(TestPlatform platform) {
    return platform.get("/api/events/kafka").json();
  }

  /** What came in, over all partitions. */
  private static String counts(TestPlatform platform) {
    long taken = 0;
    long repeated = 0;
    long refused = 0;
    for (JsonNode part : traffic(platform).get("in")) {
      taken += part.get("taken").asLong();
      repeated += part.get("repeated").asLong();
      refused += part.get("refused").asLong();
    }
    return "%d taken, %d repeated, %d refused".formatted(taken, repeated, refused);
  }

  private static List<JsonNode> changes(TestPlatform platform, String type) {
    List<JsonNode> found = new ArrayList<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/subjects/changes?limit=200" + before).json();
      for (JsonNode change : page.get("items")) {
        if (change.get("type").asString().equals(type)) {
          found.addFirst(change);
        }
      }
      if (!page.has("next")) {
        return found;
      }
      before = "&before=" + page.get("next").asLong();
    }
  }

  @Test
  void bothModesBecomeChangesAndWhatIsNoEventIsKeptAndHoldsUpNobody() throws Exception {
    broker.topic("modes", 1);
    try (TestPlatform platform = platform("modes");
        KafkaProducer<byte[], byte[]> producer = producer()) {
      platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"order/*\"}");
      producer.send(structured("modes", event("1", "order/1")));
      ProducerRecord<byte[], byte[]> binary =
          new ProducerRecord<>("modes", "{\"total\":2.50}".getBytes(UTF_8));
      Map.of(
              "ce_specversion",
              "1.0",
              "ce_id",
              "2",
              "ce_source",
              "/shop",
              "ce_type",
              "order.placed",
              "ce_subject",
              "order/Zoë",
              "content-type",
              "application/json")
          .forEach((name, value) -> binary.headers().add(name, value.getBytes(UTF_8)));
      producer.send(binary);
      producer.send(new ProducerRecord<>("modes", "no event".getBytes(UTF_8)));
      producer.send(new ProducerRecord<>("modes", new byte[] {0, 1, 2}));
      producer.send(new ProducerRecord<>("modes", "tombstone".getBytes(UTF_8), null));
      producer.send(structured("modes", "{\"specversion\":\"1.0\""));
      producer.send(structured("modes", event("3", "record/1")));
      producer.send(
          structured("modes", event("1", "order/1").replace("{\"id\":\"1\"}", "{\"other\":1}")));
      producer.send(structured("modes", event("1", "order/1")));
      producer.send(structured("modes", event("4", "order/4")));
      producer.flush();
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(counts(platform)).isEqualTo("3 taken, 1 repeated, 6 refused"));
      assertThat(changes(platform, "order.placed"))
          .extracting(change -> change.get("subject").asString())
          .containsExactly("order/1", "order/Zoë", "order/4");
      assertThat(changes(platform, "order.placed").get(1).at("/after/total").toString())
          .isEqualTo("2.50");
      assertThat(platform.get("/api/inbox?user=ann").json().get("items")).hasSize(3);

      JsonNode refused = platform.get("/api/events/kafka/refused").json().get("items");
      assertThat(refused).hasSize(6);
      JsonNode first = refused.get(5);
      assertThat(first.get("topic").asString()).isEqualTo("modes");
      assertThat(first.get("offset").asLong()).isEqualTo(2);
      assertThat(first.get("reason").asString()).contains("there is no ce_specversion");
      assertThat(first.get("value").asString()).isEqualTo("no event");
      assertThat(refused.get(4).get("encoding").asString()).isEqualTo("base64");
      assertThat(refused.get(2).get("reason").asString()).contains("is not JSON");
      assertThat(refused.get(1).get("reason").asString()).contains("the platform's own");
      assertThat(refused.get(0).get("reason").asString())
          .contains("taken before with other contents");
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(platform.get("/metrics").body())
                  .contains("troth_watch_kafka_in_lag{partition=\"0\",topic=\"modes\"} 0.0")
                  .contains("troth_watch_kafka_messages_total{outcome=\"refused\"} 6.0"));
    }
  }

  @Test
  void aBrokerThatIsKilledAndStartedAgainLosesAndDoublesNothing() throws Exception {
    broker.topic("killed", 3);
    try (TestPlatform platform = platform("killed");
        KafkaProducer<byte[], byte[]> producer = producer()) {
      int all = 600;
      for (int i = 0; i < all; i++) {
        producer.send(structured("killed", event("k" + i, "order/" + i % 7)));
        if (i == all / 2) {
          producer.flush();
          broker.kill();
          Thread.ofVirtual()
              .start(() -> {
                try {
                  broker.restart();
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
        }
      }
      producer.flush();
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(counts(platform)).startsWith(all + " taken").endsWith(" 0 refused"));
      assertThat(changes(platform, "order.placed"))
          .extracting(change -> change.at("/event/id").asString())
          .doesNotHaveDuplicates()
          .hasSize(all);
    }
  }

  @Test
  void messagesThatTheBrokerRemovedAreSaidToBeLost() throws Exception {
    broker.topic("short", 1);
    try (TestPlatform platform = platform("short");
        KafkaProducer<byte[], byte[]> producer = producer()) {
      producer.send(structured("short", event("s0", "order/1")));
      producer.flush();
      await().atMost(LONG).untilAsserted(() -> assertThat(counts(platform)).startsWith("1 taken"));
      platform.stop();
      for (int i = 1; i < 10; i++) {
        producer.send(structured("short", event("s" + i, "order/1")));
      }
      producer.flush();
      broker.removeBefore("short", 0, 5);
      platform.restart();
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(counts(platform)).isEqualTo("6 taken, 0 repeated, 1 refused"));
      assertThat(platform.get("/api/events/kafka/refused").body())
          .contains(
              "message 1 of short-0 is not there, the first one is 5: the messages between are lost");
    }
  }

  @Test
  void aTopicThatIsMadeLaterOrAnewIsReadFromItsBeginning() throws Exception {
    Path often = Files.writeString(folder.resolve("often"), "metadata.max.age.ms=500\n");
    try (TestPlatform platform =
            TestPlatform.start(
                "events.kafka.bootstrap",
                broker.bootstrap(),
                "events.kafka.in",
                "later",
                "events.kafka.properties",
                often.toString());
        KafkaProducer<byte[], byte[]> producer = producer()) {
      assertThat(traffic(platform).get("in")).isEmpty();
      broker.topic("later", 1);
      for (int i = 0; i < 3; i++) {
        producer.send(structured("later", event("l" + i, "order/1")));
      }
      producer.flush();
      await().atMost(LONG).untilAsserted(() -> assertThat(counts(platform)).startsWith("3 taken"));
      platform.stop();
      broker.removeTopic("later");
      broker.topic("later", 1);
      try (KafkaProducer<byte[], byte[]> anew = producer()) {
        anew.send(structured("later", event("l3", "order/1")));
        anew.flush();
      }
      platform.restart();
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(counts(platform)).isEqualTo("4 taken, 0 repeated, 1 refused"));
      assertThat(platform.get("/api/events/kafka/refused").body())
          .contains(
              "message 3 of later-0 is not there, the first one is 0: the topic was made anew");
    }
  }

  @Test
  void messagesComeInHoweverTheyArePacked() throws Exception {
    broker.topic("packed", 1);
    List<String> ways = List.of("none", "gzip", "snappy", "lz4", "zstd");
    try (TestPlatform platform = platform("packed")) {
      for (String way : ways) {
        try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "compression.type", way),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
          producer.send(structured("packed", event(way, "order/" + way)));
          producer.flush();
        }
      }
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(counts(platform)).isEqualTo("5 taken, 0 repeated, 0 refused"));
    }
  }
}
