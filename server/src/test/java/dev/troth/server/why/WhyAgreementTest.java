package dev.troth.server.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import dev.troth.testkit.Property;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The explanation of who was told says what the inbox and the receivers say, of everything. */
final class WhyAgreementTest {
  private static final List<String> USERS = List.of("ann", "bob", "cleo");
  private static final List<String> TARGETS =
      List.of("order/1", "order/2", "order/*", "crate/*", "crate/a/1", "crate/a/*", "*");
  private static final List<String> SUBJECTS =
      List.of("order/1", "order/2", "crate/a/1", "crate/b");
  private static final List<String> LEVELS =
      List.of("none", "participating", "all", "custom", "ignore");

  private final TestPlatform platform = TestPlatform.start("watch.webhooks.allow", "127.0.0.1/32");
  private final Set<String> received = new ConcurrentSkipListSet<>();
  private int events;

  @SuppressWarnings("NullAway.Init")
  private HttpServer receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          JsonNode data =
              Json.mapper().readTree(exchange.getRequestBody().readAllBytes()).get("data");
          String user = exchange.getRequestURI().getPath().substring(1) + " ";
          if (data.has("changes")) {
            data.get("changes").forEach(one -> received.add(user + one.at("/change/seq").asLong()));
          } else {
            received.add(user + data.at("/change/seq").asLong());
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    for (String user : USERS) {
      Answer added =
          post(
              "/api/endpoints",
              Map.of(
                  "user",
                  user,
                  "address",
                  "http://127.0.0.1:%d/%s".formatted(receiver.getAddress().getPort(), user)));
      assertThat(added.status()).isEqualTo(201);
    }
  }

  @AfterEach
  void close() {
    platform.close();
    receiver.stop(0);
  }

  private Answer post(String path, Map<String, Object> body) {
    return platform.post(path, Json.mapper().writeValueAsString(body));
  }

  @Test
  void itSaysWhatTheFanOutDidForEveryUserAndChange() {
    Property.of("why agrees with the fan-out")
        .runs(6, 60)
        .check(random -> {
          for (int i = 0; i < 40; i++) {
            step(random);
          }
          settle();
          agree();
        });
  }

  private void step(RandomGenerator random) {
    switch (random.nextInt(10)) {
      case 8, 9 -> prefer(random);
      case 0, 1, 2 -> watch(random);
      case 3 -> unwatch(random);
      case 4 -> platform.clock().advance(Duration.ofMinutes(random.nextInt(20)));
      default -> change(random);
    }
  }

  private static <T> T any(RandomGenerator random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void watch(RandomGenerator random) {
    Map<String, Object> wish = new HashMap<>();
    String level = any(random, LEVELS);
    wish.put("user", any(random, USERS));
    wish.put("target", any(random, TARGETS));
    wish.put("level", level);
    wish.put("channels", random.nextBoolean() ? List.of("webhook") : List.of("inbox"));
    wish.put("ownChanges", random.nextBoolean());
    wish.put("filter", random.nextInt(3) == 0 ? "n < 10" : "");
    wish.put("types", level.equals("custom") ? List.of("placed") : List.of());
    if (level.equals("custom") || random.nextInt(3) > 0) {
      wish.put("mutedUntil", null);
    } else {
      wish.put(
          "mutedUntil",
          platform.clock().instant().plus(Duration.ofMinutes(random.nextInt(30))).toString());
    }
    Answer answer = post("/api/watches", wish);
    assertThat(answer.status()).as(answer.body()).isIn(200, 201);
  }

  private void prefer(RandomGenerator random) {
    Map<String, Object> terms = new HashMap<>();
    terms.put("user", any(random, USERS));
    terms.put("scope", any(random, List.of("all", "type:order", "watch:order/*", "watch:*")));
    terms.put("channel", any(random, List.of("*", "webhook")));
    switch (random.nextInt(7)) {
      case 0 -> terms.put("send", random.nextBoolean());
      case 1 ->
          terms.put(
              "mutedUntil",
              platform.clock().instant().plus(Duration.ofMinutes(random.nextInt(30))).toString());
      case 2 -> terms.put("quiet", any(random, List.of("12:00-14:00", "13:30-13:45", "off")));
      case 3 -> terms.put("digest", any(random, List.of("15m", "1h", "cron */20 * * * *", "off")));
      case 4 -> {
        terms.put("digest", "15m");
        terms.put("collapse", random.nextBoolean());
      }
      case 5 -> terms.put("limit", any(random, List.of("1/10m", "2/1h", "off")));
      default -> {
        // What says nothing is removed.
      }
    }
    Answer answer = platform.put("/api/preferences", Json.mapper().writeValueAsString(terms));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private void unwatch(RandomGenerator random) {
    String user = any(random, USERS);
    JsonNode watches = platform.get("/api/watches?limit=100&user=" + user).json().get("items");
    if (!watches.isEmpty()) {
      long id = watches.get(random.nextInt(watches.size())).get("id").asLong();
      assertThat(platform.delete("/api/watches/" + id).status()).isBetween(200, 299);
    }
  }

  private void change(RandomGenerator random) {
    Map<String, Object> data = new TreeMap<>();
    data.put("n", random.nextInt(20));
    if (random.nextInt(4) == 0) {
      data.put("text", "look, @" + any(random, USERS));
    }
    Answer answer =
        platform.post(
            "/api/events",
            Json.mapper()
                .writeValueAsString(
                    Map.of(
                        "specversion",
                        "1.0",
                        "id",
                        "e" + ++events,
                        "source",
                        any(random, USERS),
                        "type",
                        random.nextBoolean() ? "placed" : "paid",
                        "subject",
                        any(random, SUBJECTS),
                        "data",
                        data)),
            "Content-Type",
            "application/cloudevents+json");
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
  }

  private void settle() {
    await()
        .until(() ->
            platform
                    .database()
                    .read(handle ->
                        handle
                            .createQuery(
                                "SELECT (SELECT count(*) FROM fanout)"
                                    + " + (SELECT count(*) FROM delivery"
                                    + " WHERE state = 'pending' AND due <= :now)")
                            .bind("now", platform.clock().millis())
                            .mapTo(Integer.class)
                            .one())
                == 0);
  }

  private void agree() {
    long head = head();
    for (String user : USERS) {
      Map<Long, String> inbox = inbox(user);
      Set<String> told = new TreeSet<>();
      for (long seq = 1; seq <= head; seq++) {
        JsonNode why = platform.get("/api/changes/%d/why?user=%s".formatted(seq, user)).json();
        String name = "change %d for %s: %s".formatted(seq, user, why);
        assertThat(why.get("told").asBoolean()).as(name).isEqualTo(inbox.containsKey(seq));
        if (inbox.containsKey(seq)) {
          assertThat(why.get("rule").asString()).as(name).isEqualTo(inbox.get(seq));
        }
        assertThat(why.get("explanation").asString()).as(name).isNotBlank();
        assertThat(why.has("watch"))
            .as(name)
            .isEqualTo(!why.get("rule").asString().equals("no-watch"));
        for (JsonNode way : why.get("channels")) {
          String state = way.get("state").asString();
          if (state.equals("pending")) {
            assertThat(way.get("detail").asString())
                .as(name)
                .containsPattern(
                    "waits until .*: (all|type:order|watch:\\S+) on (every channel|webhook): ");
          } else if (state.equals("suppressed")) {
            assertThat(way.get("detail").asString())
                .as(name)
                .containsPattern("(nothing is sent|muted until)");
          }
          if (state.equals("delivered")) {
            assertThat(way.get("attempts").size()).as(name).isEqualTo(1);
            told.add(user + " " + seq);
          }
        }
      }
      Set<String> got = new TreeSet<>(received);
      got.removeIf(one -> !one.startsWith(user + " "));
      assertThat(told).isEqualTo(got);
    }
  }

  private long head() {
    return platform
        .database()
        .read(handle -> handle.createQuery("SELECT max(seq) FROM change").mapTo(Long.class).one());
  }

  private Map<Long, String> inbox(String user) {
    Map<Long, String> told = new TreeMap<>();
    String before = "";
    while (true) {
      JsonNode page = platform.get("/api/inbox?state=all&limit=200&user=" + user + before).json();
      for (JsonNode item : page.get("items")) {
        told.put(item.get("seq").asLong(), item.get("reason").asString());
      }
      if (!page.has("next")) {
        return told;
      }
      before = "&before=" + page.get("next").asLong();
    }
  }
}
