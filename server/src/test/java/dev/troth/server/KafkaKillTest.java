package dev.troth.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.kafka.Broker;
import dev.troth.server.kafka.Reading;
import dev.troth.testkit.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Kills a platform between a topic of events and a topic of changes, again and again. */
final class KafkaKillTest {
  private static final int SUBJECTS = 9;

  @TempDir Path folder;

  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicBoolean done = new AtomicBoolean();

  @Test
  void everyMessageBecomesOneChangeAndEveryChangeGoesOutInOrderWhateverKillsThePlatform()
      throws Exception {
    int kills = Size.count(2, 30);
    long seed = Long.getLong("troth.seed", System.nanoTime());
    System.out.printf("%d kills from seed %d%n", kills, seed);
    SplittableRandom random = new SplittableRandom(seed);
    // A killed platform leaves the group as soon as the broker allows.
    Path properties =
        Files.writeString(folder.resolve("kafka.properties"), "session.timeout.ms=6000\n");
    try (Broker broker = Broker.start(folder.resolve("broker"))) {
      broker.topic("orders", 2);
      broker.topic("changes", 2);
      String[] settings = {
        "events.kafka.bootstrap",
        broker.bootstrap(),
        "events.kafka.in",
        "orders",
        "events.kafka.out",
        "changes",
        "events.kafka.properties",
        properties.toString()
      };
      Thread sender = Thread.ofVirtual().start(() -> send(broker.bootstrap()));
      try {
        for (int i = 0; i < kills; i++) {
          try (PlatformProcess platform = PlatformProcess.start(folder, settings)) {
            long before = counts(platform).taken();
            await().atMost(Duration.ofSeconds(60)).until(() -> counts(platform).taken() > before);
            // The moment of the kill is the point of this test, and no condition can name it.
            TimeUnit.MICROSECONDS.sleep(random.nextInt(400_000));
            platform.kill();
          }
        }
      } finally {
        done.set(true);
        sender.join();
      }
      try (PlatformProcess platform = PlatformProcess.start(folder, settings)) {
        await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(() -> assertThat(counts(platform).all()).isEqualTo(sent.get()));
        Counts counts = counts(platform);
        // A message that came twice would have been known by its id: the place does not repeat it.
        assertThat(counts).isEqualTo(new Counts(sent.get(), 0, 0));
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() ->
                assertThat(platform.get("/api/events/kafka").at("/out/waiting").asLong(-1))
                    .isZero());
        int repeated = assertWhole(Reading.all(broker.bootstrap(), "changes"));
        System.out.printf("%d messages, %d of their changes sent again%n", sent.get(), repeated);
        assertThat(repeated).as("a page a kill").isLessThanOrEqualTo(kills * 100);
      }
    }
  }

  private record Counts(long taken, long repeated, long refused) {
    long all() {
      return taken + repeated + refused;
    }
  }

  private static Counts counts(PlatformProcess platform) throws Exception {
    Counts sum = new Counts(0, 0, 0);
    for (JsonNode part : platform.get("/api/events/kafka").get("in")) {
      sum =
          new Counts(
              sum.taken() + part.get("taken").asLong(),
              sum.repeated() + part.get("repeated").asLong(),
              sum.refused() + part.get("refused").asLong());
    }
    return sum;
  }

  /** Sends events without an end, each confirmed by the broker before it counts. */
  private void send(String bootstrap) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      while (!done.get()) {
        List<java.util.concurrent.Future<?>> page = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          page.add(producer.send(message(sent.get() + i)));
        }
        for (var answer : page) {
          answer.get();
        }
        sent.addAndGet(page.size());
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static ProducerRecord<byte[], byte[]> message(int number) {
    String subject = "order/" + number % SUBJECTS;
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"%s\"}"
            .formatted(number, subject);
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>("orders", subject.getBytes(UTF_8), event.getBytes(UTF_8));
    message.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    return message;
  }

  /** Each subject's events came in the order of their sending; returns how many came again. */
  private int assertWhole(List<Reading.Told> told) {
    Map<String, Long> versions = new HashMap<>();
    Map<String, Integer> numbers = new HashMap<>();
    int repeated = 0;
    int first = 0;
    for (Reading.Told one : told) {
      if (!one.key().startsWith("order/")) {
        continue;
      }
      long last = versions.getOrDefault(one.key(), 0L);
      assertThat(one.version()).as(one.key()).isLessThanOrEqualTo(last + 1);
      if (one.version() <= last) {
        repeated++;
        continue;
      }
      first++;
      versions.put(one.key(), one.version());
      int number = one.event().at("/data/event/id").asInt(-1);
      assertThat(number).as(one.key()).isGreaterThan(numbers.getOrDefault(one.key(), -1));
      numbers.put(one.key(), number);
    }
    assertThat(first).isEqualTo(sent.get());
    return repeated;
  }
}
