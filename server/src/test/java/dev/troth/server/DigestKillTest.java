package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A platform that dies while it holds messages, puts them together and sends them. */
final class DigestKillTest {
  private static final int KILLS = 3;
  private static final int EVENTS = 40;
  private static final String JSON = "application/json";

  @TempDir Path folder;

  /** A message as it came. */
  private record Got(String id, Set<Long> changes) {}

  private final List<Got> got = new CopyOnWriteArrayList<>();

  /** From this message on the receiver does not answer, so that the sender dies not knowing. */
  private volatile int unansweredFrom = Integer.MAX_VALUE;

  private volatile CountDownLatch killed = new CountDownLatch(0);

  @SuppressWarnings("NullAway.Init")
  private HttpServer receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext(
        "/",
        exchange -> {
          JsonNode data =
              Json.mapper().readTree(exchange.getRequestBody().readAllBytes()).get("data");
          Set<Long> changes = new TreeSet<>();
          if (data.has("changes")) {
            data.get("changes").forEach(one -> changes.add(one.at("/change/seq").asLong()));
          } else {
            changes.add(data.at("/change/seq").asLong());
          }
          got.add(new Got(exchange.getRequestHeaders().getFirst("webhook-id"), changes));
          if (got.size() >= unansweredFrom) {
            awaitKill();
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  private void awaitKill() {
    try {
      killed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() {
    killed.countDown();
    receiver.stop(0);
  }

  private PlatformProcess platform() throws IOException {
    return PlatformProcess.start(folder, "watch.webhooks.allow", "127.0.0.1/32");
  }

  private static void event(PlatformProcess platform, int number) throws Exception {
    String event =
        """
        {"specversion":"1.0","id":"e%1$d","source":"/t","type":"placed","subject":"order/%1$d"}
        """;
    assertThat(
            platform.post("/api/events", "application/cloudevents+json", event.formatted(number)))
        .isEqualTo(200);
  }

  @Test
  void everyChangeIsToldUnderOneKeyHoweverOftenThePlatformIsKilled() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the kills: " + seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int sent = 0;
    for (int kill = 0; kill <= KILLS; kill++) {
      try (PlatformProcess platform = platform()) {
        if (kill == 0) {
          begin(platform);
        }
        int unanswered = got.size() + 1 + random.nextInt(2);
        killed = new CountDownLatch(1);
        unansweredFrom = kill < KILLS ? unanswered : Integer.MAX_VALUE;
        for (int i = 0; i < EVENTS; i++) {
          event(platform, ++sent);
        }
        if (kill < KILLS) {
          // It has arrived and was not answered: the sender dies before it can write that down.
          await().until(() -> got.size() >= unanswered);
        } else {
          int all = sent;
          await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> told().size() == all && settled(platform, all));
        }
      }
      killed.countDown();
    }
    assertThat(got.stream().map(Got::id).distinct().count())
        .as("messages that came again under their key")
        .isLessThanOrEqualTo(got.size() - KILLS);
    Map<String, Set<Long>> byKey = new HashMap<>();
    Map<Long, String> keys = new HashMap<>();
    for (Got message : got) {
      assertThat(byKey.computeIfAbsent(message.id(), id -> message.changes()))
          .as("message " + message.id())
          .isEqualTo(message.changes());
      for (long change : message.changes()) {
        assertThat(keys.computeIfAbsent(change, seq -> message.id()))
            .as("change " + change)
            .isEqualTo(message.id());
      }
    }
    assertThat(byKey.values()).as("several changes went together").anyMatch(all -> all.size() > 5);
  }

  private void begin(PlatformProcess platform) throws Exception {
    String address =
        "{\"user\":\"ann\",\"address\":\"http://127.0.0.1:%d/\"}"
            .formatted(receiver.getAddress().getPort());
    assertThat(platform.post("/api/endpoints", JSON, address)).isEqualTo(201);
    String wish = "{\"user\":\"ann\",\"target\":\"order/*\",\"channels\":[\"webhook\"]}";
    assertThat(platform.post("/api/watches", JSON, wish)).isEqualTo(201);
    String terms = "{\"user\":\"ann\",\"limit\":\"1/1s\"}";
    assertThat(platform.send("PUT", "/api/preferences", JSON, terms)).isEqualTo(200);
  }

  private Set<Long> told() {
    Set<Long> told = new TreeSet<>();
    got.forEach(message -> told.addAll(message.changes()));
    return told;
  }

  private static boolean settled(PlatformProcess platform, int all) throws Exception {
    List<JsonNode> delivered = new ArrayList<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/deliveries?user=ann&state=delivered&limit=100" + before);
      page.get("items").forEach(delivered::add);
      if (!page.has("next")) {
        return delivered.size() == all;
      }
      before = "&before=" + page.get("next").asString();
    }
  }
}
