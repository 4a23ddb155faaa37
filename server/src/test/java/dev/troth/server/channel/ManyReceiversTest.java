package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.troth.server.TestPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receivers beside each other: each is told once, none waits for another. */
class ManyReceiversTest {
  private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");

  private final TestPlatform platform =
      TestPlatform.start("watch.webhooks.allow", "127.0.0.0/8", "limits.rate", "100000");
  private final Map<String, AtomicInteger> got = new ConcurrentHashMap<>();
  private final Map<String, Queue<Integer>> versions = new ConcurrentHashMap<>();
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final CountDownLatch slow = new CountDownLatch(1);
  private HttpServer receivers;

  /** Each path is a receiver of its own: {@code /slow} answers only when the test ends. */
  @BeforeEach
  void open() throws IOException {
    receivers =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    receivers.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receivers.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String path = exchange.getRequestURI().getPath();
          Matcher version = VERSION.matcher(body);
          if (version.find()) {
            versions
                .computeIfAbsent(path, any -> new ConcurrentLinkedQueue<>())
                .add(Integer.valueOf(version.group(1)));
          }
          got.computeIfAbsent(path, any -> new AtomicInteger()).incrementAndGet();
          if (path.equals("/slow")) {
            try {
              slow.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          exchange.sendResponseHeaders(answers.getOrDefault(path, 204), -1);
          exchange.close();
        });
    receivers.start();
  }

  @AfterEach
  void close() {
    slow.countDown();
    receivers.stop(0);
    platform.close();
  }

  private void watcher(String user, String target) {
    String address = "http://127.0.0.1:%d/%s".formatted(receivers.getAddress().getPort(), user);
    assertThat(
            platform
                .post(
                    "/api/endpoints",
                    "{\"user\":\"%s\",\"channel\":\"webhook\",\"address\":\"%s\"}"
                        .formatted(user, address))
                .status())
        .isEqualTo(201);
    assertThat(
            platform
                .post(
                    "/api/watches",
                    "{\"user\":\"%s\",\"target\":\"%s\",\"channels\":[\"webhook\"]}"
                        .formatted(user, target))
                .status())
        .isEqualTo(201);
  }

  private void event(String subject, int n) {
    assertThat(
            platform
                .post(
                    "/api/events",
                    """
                    {"specversion":"1.0","id":"e%s-%d","source":"/t","type":"t","subject":"%s",
                     "data":{"n":%d}}
                    """
                        .formatted(subject, n, subject, n),
                    "Content-Type",
                    "application/cloudevents+json")
                .status())
        .isEqualTo(200);
  }

  private int count(String user) {
    return got.getOrDefault("/" + user, new AtomicInteger()).get();
  }

  private int delivered() {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery("SELECT count(*) FROM delivery WHERE state = 'delivered'")
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void fourHundredReceiversAreToldOnceEach() {
    int many = 400;
    for (int i = 0; i < many; i++) {
      watcher("user" + i, "order/1");
    }
    event("order/1", 1);
    await().untilAsserted(() -> assertThat(delivered()).isEqualTo(many));
    assertThat(got.values().stream().mapToInt(AtomicInteger::get).sum())
        .as("requests to %d receivers".formatted(many))
        .isEqualTo(many);
  }

  @Test
  void aReceiverThatTakesLongHoldsNobodyUp() {
    watcher("slow", "order/1");
    watcher("quick", "order/2");
    for (int i = 1; i <= 300; i++) {
      event("order/1", i);
    }
    await().untilAsserted(() -> assertThat(count("slow")).isPositive());
    event("order/2", 1);
    await().atMost(15, TimeUnit.SECONDS).untilAsserted(() -> assertThat(count("quick")).isOne());
    assertThat(slow.getCount()).as("the slow one has not answered yet").isOne();
  }

  @Test
  void aReceiverIsToldOfASubjectInTheOrderOfItsVersions() {
    watcher("orderly", "order/1");
    for (int i = 1; i <= 25; i++) {
      event("order/1", i);
    }
    await().untilAsserted(() -> assertThat(count("orderly")).isEqualTo(25));
    assertThat(List.copyOf(versions.get("/orderly")))
        .isSorted()
        .doesNotHaveDuplicates()
        .hasSize(25);
  }

  @Test
  void aReceiverThatWorksAgainGetsAllThatWaited() {
    watcher("shaky", "order/*");
    answers.put("/shaky", 500);
    for (int i = 1; i <= 12; i++) {
      event("order/" + i, 1);
    }
    await().untilAsserted(() -> assertThat(count("shaky")).isBetween(5, 9));
    answers.put("/shaky", 204);
    platform.clock().advance(Duration.ofSeconds(31));
    await()
        .untilAsserted(() ->
            assertThat(
                    platform.get("/api/deliveries?user=shaky&state=delivered").json().get("items"))
                .hasSize(12));
    assertThat(platform.get("/api/endpoints?user=shaky").body()).contains("\"active\"");
  }

  @Test
  void howeverManyAddressesSomebodyHasOthersAreToldMeanwhile() {
    for (int i = 0; i < 40; i++) {
      String channel = "webhook/a" + i;
      String address = "http://127.0.0.1:%d/slow".formatted(receivers.getAddress().getPort());
      assertThat(
              platform
                  .post(
                      "/api/endpoints",
                      "{\"user\":\"hog\",\"channel\":\"%s\",\"address\":\"%s\"}"
                          .formatted(channel, address))
                  .status())
          .isEqualTo(201);
      assertThat(
              platform
                  .post(
                      "/api/watches",
                      "{\"user\":\"hog\",\"target\":\"big/%d\",\"channels\":[\"%s\"]}"
                          .formatted(i, channel))
                  .status())
          .isEqualTo(201);
      for (int n = 0; n < 4; n++) {
        event("big/" + i, n);
      }
    }
    await().until(() -> count("slow") >= 16);
    watcher("vic", "order/*");
    event("order/1", 1);
    await().untilAsserted(() -> assertThat(count("vic")).isEqualTo(1));
    assertThat(count("slow")).as("a quarter of the room").isEqualTo(16);
  }

  @Test
  void oneMessageThatIsNeverTakenDisablesNothing() {
    watcher("picky", "order/*");
    answers.put("/picky", 500);
    event("order/1", 1);
    await().untilAsserted(() -> assertThat(count("picky")).isPositive());
    answers.put("/picky", 204);
    event("order/2", 1);
    await().untilAsserted(() -> assertThat(count("picky")).isGreaterThan(1));
    platform
        .database()
        .write(handle ->
            handle.execute("UPDATE delivery SET attempts = 9, due = 0 WHERE state = 'pending'"));
    answers.put("/picky", 500);
    await()
        .untilAsserted(() ->
            assertThat(platform.get("/api/deliveries?user=picky&state=dead").json().get("items"))
                .hasSize(1));
    assertThat(platform.get("/api/endpoints?user=picky").body()).contains("\"active\"");
  }

  @Test
  void aReceiverForWhichNothingWorksForDaysIsDisabledAndEnablingReleasesWhatWaits() {
    watcher("gone", "order/*");
    answers.put("/gone", 500);
    event("order/1", 1);
    await().untilAsserted(() -> assertThat(count("gone")).isPositive());
    // A day passes once it was tried again: many at once would carry the change past its keeping.
    for (int day = 0; day < 6 && !isDisabled("gone"); day++) {
      int tried = count("gone");
      platform.clock().advance(Duration.ofHours(25));
      await().until(() -> count("gone") > tried || isDisabled("gone"));
    }
    assertThat(isDisabled("gone")).isTrue();
    answers.put("/gone", 204);
    long id =
        platform.get("/api/endpoints?user=gone").json().get("items").get(0).get("id").asLong();
    assertThat(platform.post("/api/endpoints/%d/enable".formatted(id), "{}").status())
        .isEqualTo(200);
    await()
        .untilAsserted(() -> {
          // An attempt from before may still have been under way, and have failed after it all.
          platform.clock().advance(Duration.ofMinutes(1));
          assertThat(platform.get("/api/deliveries?user=gone&state=delivered").json().get("items"))
              .hasSize(1);
        });
  }

  private boolean isDisabled(String user) {
    return platform.get("/api/endpoints?user=" + user).body().contains("\"disabled\"");
  }

  @Test
  void anAnswerWithoutEndIsReadNoFurtherThanItsBeginning() throws IOException {
    AtomicLong sent = new AtomicLong();
    HttpServer endless =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endless.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    endless.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, 0);
          byte[] chunk = new byte[64 * 1024];
          try (var body = exchange.getResponseBody()) {
            while (sent.addAndGet(chunk.length) < 1L << 30) {
              body.write(chunk);
            }
          } catch (IOException e) {
            // The platform has gone, as it should.
          }
        });
    endless.start();
    try {
      var added =
          platform.post(
              "/api/endpoints",
              "{\"channel\":\"webhook\",\"address\":\"http://127.0.0.1:%d/\"}"
                  .formatted(endless.getAddress().getPort()));
      long id = added.json().get("id").asLong();
      assertThat(
              platform
                  .post("/api/endpoints/%d/test".formatted(id), "{}")
                  .json()
                  .get("delivered")
                  .asBoolean())
          .isTrue();
      assertThat(sent.get()).as("bytes that the receiver could send").isLessThan(64L << 20);
    } finally {
      endless.stop(0);
    }
  }

  @Test
  void everyAttemptIsKeptAndPagesOfDeadLettersSkipNone() {
    platform.watchWithoutAddress("refusing", "order/*");
    for (int i = 1; i <= 7; i++) {
      event("order/" + i, 1);
    }
    await()
        .untilAsserted(() ->
            assertThat(platform.get("/api/deliveries?user=refusing").json().get("items"))
                .hasSize(7));
    int seen = 0;
    String next = "";
    String key = "";
    do {
      var page =
          platform
              .get(
                  "/api/deliveries?user=refusing&limit=2"
                      + (next.isEmpty() ? "" : "&before=" + next))
              .json();
      seen += page.get("items").size();
      if (!page.get("items").isEmpty()) {
        key = page.get("items").get(0).get("key").asString();
      }
      next = page.path("next").asString("");
    } while (!next.isEmpty());
    assertThat(seen).isEqualTo(7);
    var attempts = platform.get("/api/deliveries/%s/attempts".formatted(key)).json().get("items");
    assertThat(attempts).hasSize(1);
    assertThat(attempts.get(0).get("outcome").asString()).isEqualTo("refused");
  }
}
