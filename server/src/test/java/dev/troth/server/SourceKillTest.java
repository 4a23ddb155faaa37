package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A platform that dies while it looks at a source that is never the same twice. */
final class SourceKillTest {
  private static final String JSON = "application/json";
  private static final int KILLS = 4;

  @TempDir Path folder;

  @Test
  void whatWasToldBeforeAKillGoesOnAfterItWithNothingLostBetweenAndNothingTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("kills of a source from seed " + seed);
    Random random = new Random(seed);
    AtomicLong count = new AtomicLong();
    AtomicBoolean moves = new AtomicBoolean(true);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          long n = moves.get() ? count.incrementAndGet() : count.get();
          byte[] body = "{\"n\":%d}".formatted(n).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String source =
          "{\"name\":\"n\",\"url\":\"http://127.0.0.1:%d/\",\"every\":3600}"
              .formatted(server.getAddress().getPort());
      String[] settings = {"watch.webhooks.allow", "127.0.0.1/32"};
      for (int kill = 0; kill < KILLS; kill++) {
        try (PlatformProcess platform = PlatformProcess.start(folder, settings)) {
          if (kill == 0) {
            assertThat(platform.post("/api/sources", JSON, source)).isEqualTo(201);
          }
          long until = count.get() + 5 + random.nextInt(20);
          while (count.get() < until) {
            lookAgain(platform);
          }
          // Perhaps within a look, perhaps within its commit.
          Thread.onSpinWait();
          platform.kill();
        }
      }
      try (PlatformProcess platform = PlatformProcess.start(folder, settings)) {
        moves.set(false);
        await()
            .until(() -> {
              lookAgain(platform);
              List<long[]> told = told(platform);
              return !told.isEmpty() && told.getLast()[1] == count.get();
            });
        List<long[]> told = told(platform);
        for (int i = 1; i < told.size(); i++) {
          assertThat(told.get(i)[0])
              .as("change %d goes on from the one before", i)
              .isEqualTo(told.get(i - 1)[1]);
          assertThat(told.get(i)[1]).isGreaterThan(told.get(i)[0]);
        }
        assertThat(told).hasSizeGreaterThan(KILLS);
      }
    } finally {
      server.stop(0);
    }
  }

  /** Has the source be due now. */
  private static void lookAgain(PlatformProcess platform) throws Exception {
    assertThat(platform.post("/api/sources/n/pause", JSON, "{}")).isEqualTo(200);
    assertThat(platform.post("/api/sources/n/resume", JSON, "{}")).isEqualTo(200);
    long before = platform.get("/api/sources/n").get("failures").asLong();
    assertThat(before).isZero();
  }

  /** What the changes said was before and after, the oldest first. */
  private static List<long[]> told(PlatformProcess platform) throws Exception {
    List<long[]> told = new ArrayList<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/subjects/changes?target=http/n&limit=100" + before);
      for (JsonNode change : page.get("items")) {
        told.addFirst(new long[] {change.at("/before/n").asLong(), change.at("/after/n").asLong()});
      }
      if (!page.has("next") || page.get("next").isNull()) {
        return told;
      }
      before = "&before=" + page.get("next").asLong();
    }
  }
}
