package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.troth.server.http.Json;
import dev.troth.server.rabbit.RabbitBroker;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A platform and a broker that die in turn while somebody sends. */
final class QueueKillTest {
  private static final String JSON = "application/json";
  private static final int SUBJECTS = 5;
  private static final int BATCH = 50;
  private static final int MESSAGES = Size.count(3_000, 10_000);
  private static final int KILLS = Size.count(2, 8);

  @TempDir Path folder;

  /** Sends each message until the broker has confirmed it, so some are sent twice. */
  private static final class Sender implements Runnable {
    private final RabbitBroker broker;
    final AtomicInteger confirmed = new AtomicInteger();
    final AtomicBoolean stopped = new AtomicBoolean();
    final AtomicReference<Throwable> failed = new AtomicReference<>();

    Sender(RabbitBroker broker) {
      this.broker = broker;
    }

    @Override
    public void run() {
      while (confirmed.get() < MESSAGES && !stopped.get()) {
        try (Connection connection = broker.connect()) {
          Channel channel = Optional.ofNullable(connection.createChannel()).orElseThrow();
          channel.confirmSelect();
          while (confirmed.get() < MESSAGES && !stopped.get()) {
            int last = Math.min(MESSAGES, confirmed.get() + BATCH);
            for (int n = confirmed.get() + 1; n <= last; n++) {
              BasicProperties properties =
                  new BasicProperties.Builder().messageId("m" + n).deliveryMode(2).build();
              byte[] body =
                  "{\"id\":%d,\"n\":%d}"
                      .formatted(n % SUBJECTS, n)
                      .getBytes(StandardCharsets.UTF_8);
              channel.basicPublish("", "orders", properties, body);
            }
            if (channel.waitForConfirms(5_000)) {
              confirmed.set(last);
            }
          }
        } catch (IOException | ShutdownSignalException | TimeoutException e) {
          // The broker is away: the same again.
          Thread.onSpinWait();
        } catch (InterruptedException | RuntimeException e) {
          failed.set(e);
          return;
        }
      }
    }
  }

  @Test
  void everyConfirmedMessageIsToldOnceAndInOrder() throws Exception {
    long seed = System.nanoTime();
    System.out.println("kills over a queue from seed " + seed);
    Random random = new Random(seed);
    String[] settings = {"watch.webhooks.allow", "127.0.0.1/32"};
    try (RabbitBroker broker = RabbitBroker.start(Files.createDirectory(folder.resolve("mq")))) {
      broker.declare("orders", Map.of());
      Sender sender = new Sender(broker);
      PlatformProcess platform = PlatformProcess.start(folder, settings);
      Thread sending = Thread.ofPlatform().start(sender);
      try {
        String source =
            Json.mapper()
                .writeValueAsString(
                    Map.of(
                        "name", "mq",
                        "kind", "rabbitmq",
                        "url", broker.address("orders"),
                        "subject", "order",
                        "queue", Map.of("password", RabbitBroker.PASSWORD, "id", "/id")));
        assertThat(platform.post("/api/sources", JSON, source)).isEqualTo(201);
        for (int kill = 0; kill < KILLS; kill++) {
          int until =
              Math.min(
                  MESSAGES, sender.confirmed.get() + 50 + random.nextInt(MESSAGES / KILLS / 2));
          await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> sender.confirmed.get() >= until || sender.failed.get() != null);
          if (kill % 2 == 0) {
            platform.kill();
            platform = PlatformProcess.start(folder, settings);
          } else {
            broker.kill();
            broker.start();
          }
        }
        assertThat(sending.join(Duration.ofSeconds(60))).isTrue();
        assertThat(sender.failed).hasValue(null);
        assertThat(sender.confirmed).hasValue(MESSAGES);
        PlatformProcess last = platform;
        await()
            .atMost(Duration.ofSeconds(90))
            .until(() -> last.get("/api/sources/mq").at("/changes").asInt() >= MESSAGES);
        Map<String, Integer> latest = new HashMap<>();
        List<JsonNode> told = told(platform);
        for (JsonNode change : told) {
          String subject = change.get("subject").asString();
          int n = change.at("/after/n").asInt();
          assertThat(n)
              .as("%s goes on after the one before", subject)
              .isEqualTo(
                  latest.getOrDefault(subject, n % SUBJECTS == 0 ? 0 : n % SUBJECTS - SUBJECTS)
                      + SUBJECTS);
          latest.put(subject, n);
        }
        assertThat(told).hasSize(MESSAGES);
      } finally {
        sender.stopped.set(true);
        platform.close();
      }
    }
  }

  /** All changes of orders, the oldest first. */
  private static List<JsonNode> told(PlatformProcess platform) throws Exception {
    List<JsonNode> told = new ArrayList<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/subjects/changes?target=order/*&limit=100" + before);
      page.get("items").forEach(told::add);
      if (!page.has("next") || page.get("next").isNull()) {
        return told.reversed();
      }
      before = "&before=" + page.get("next").asLong();
    }
  }
}
