package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Slack's incoming webhooks, against a double that keeps to their limits. */
final class SlackTest {
  private final TestPlatform platform = TestPlatform.start("watch.webhooks.allow", "127.0.0.1/32");
  private final List<JsonNode> got = new CopyOnWriteArrayList<>();
  private final List<Instant> times = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String retryAfter = "";

  @SuppressWarnings("NullAway.Init")
  private HttpServer slack;

  @BeforeEach
  void open() throws IOException {
    slack = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    slack.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    slack.createContext(
        "/services/T0/B0/secret",
        exchange -> {
          got.add(
              Json.mapper()
                  .readTree(
                      new String(
                          exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          times.add(platform.clock().instant());
          if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
          }
          exchange.sendResponseHeaders(status, 2);
          exchange.getResponseBody().write("ok".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    slack.start();
  }

  @AfterEach
  void close() {
    platform.close();
    slack.stop(0);
  }

  private long add() {
    String address =
        "http://127.0.0.1:%d/services/T0/B0/secret".formatted(slack.getAddress().getPort());
    Answer added =
        platform.post(
            "/api/endpoints",
            "{\"user\":\"ann\",\"channel\":\"slack\",\"address\":\"%s\"}".formatted(address));
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    assertThat(added.body()).doesNotContain("secret", "whsec");
    return added.json().get("id").asLong();
  }

  private void watch(String target) {
    String wish = "{\"user\":\"ann\",\"target\":\"%s\",\"channels\":[\"slack\"]}".formatted(target);
    assertThat(platform.post("/api/watches", wish).status()).isEqualTo(201);
  }

  private void update(String value) {
    String body = Json.mapper().writeValueAsString(Map.of("value", value));
    assertThat(platform.post("/api/update/1", body).status()).isEqualTo(200);
  }

  private int count(String state) {
    return platform.get("/api/deliveries?user=ann&state=" + state).json().get("items").size();
  }

  @Test
  void aChangeArrivesInBlocksWithALinkAndNoTextMentionsAnybody() {
    var _ = add();
    watch("record/1");
    update("<!channel> & <https://evil.example|here> " + "&".repeat(5_000));
    await().until(() -> count("delivered") == 1);
    JsonNode message = got.getFirst();
    assertThat(message.get("text").asString())
        .startsWith("Demo Record: value changed from “Initial Value” to “&lt;");
    JsonNode blocks = message.get("blocks");
    assertThat(blocks.at("/0/type").asString()).isEqualTo("header");
    assertThat(blocks.at("/0/text/text").asString()).hasSizeLessThanOrEqualTo(150);
    assertThat(blocks.at("/1/fields").size()).isBetween(1, 10);
    assertThat(blocks.at("/2/text/text").asString()).hasSizeLessThanOrEqualTo(3_000);
    assertThat(blocks.at("/3/text/text").asString())
        .isEqualTo("<http://127.0.0.1:%d/go/record/1|Open it>".formatted(platform.port()));
    String all = message.toString().replace(blocks.at("/3/text/text").asString(), "");
    assertThat(all).doesNotContain("<", ">").doesNotContainPattern("&(?!(amp|lt|gt);)");
    assertThat(got).hasSize(1);
  }

  @Test
  void oneWebhookIsSentAMessageASecond() {
    var _ = add();
    watch("record/*");
    for (int i = 0; i < 4; i++) {
      assertThat(platform.post("/api/records", "{\"name\":\"r\",\"value\":\"v\"}").status())
          .isEqualTo(201);
    }
    for (int i = 1; i <= 4; i++) {
      int sent = i;
      await().until(() -> count("delivered") == sent);
      assertThat(got).hasSize(sent);
      platform.clock().advance(Duration.ofSeconds(1));
    }
    assertThat(times).doesNotHaveDuplicates();
  }

  @Test
  void theTimeThatSlackAsksForHoldsForEverythingThatWaits() {
    var _ = add();
    watch("record/*");
    status = 429;
    retryAfter = "30";
    update("a");
    await().until(() -> got.size() == 1 && count("pending") == 1);
    status = 200;
    retryAfter = "";
    assertThat(platform.post("/api/records", "{\"name\":\"r\",\"value\":\"v\"}").status())
        .isEqualTo(201);
    platform.clock().advance(Duration.ofSeconds(29));
    await().until(() -> count("pending") == 2);
    assertThat(got).hasSize(1);
    platform.clock().advance(Duration.ofSeconds(2));
    await().until(() -> count("delivered") == 1);
    platform.clock().advance(Duration.ofSeconds(2));
    await().until(() -> count("delivered") == 2);
    assertThat(got).hasSize(3);
  }

  @Test
  void theTimeThatAnAddressAskedForCountsWhileItRestsAsWell() {
    var _ = add();
    watch("record/*");
    status = 503;
    for (int i = 1; i <= 5; i++) {
      // The fifth failure begins a rest of 30 s, and its answer asks for more.
      retryAfter = i == 5 ? "300" : "";
      int attempts = i;
      assertThat(platform.post("/api/records", "{\"name\":\"r\",\"value\":\"v\"}").status())
          .isEqualTo(201);
      await().until(() -> failures() == attempts);
      if (i < 5) {
        platform.clock().advance(Duration.ofSeconds(1));
      }
    }
    status = 200;
    retryAfter = "";
    assertThat(got).hasSize(5);
    platform.clock().advance(Duration.ofSeconds(31));
    tellBob();
    assertThat(got).as("after the rest, within the pause").hasSize(5);
    platform.clock().advance(Duration.ofSeconds(268));
    tellBob();
    assertThat(got).as("a second before the pause ends").hasSize(5);
    platform.clock().advance(Duration.ofSeconds(2));
    await().until(() -> got.size() > 5);
  }

  /** A change that reaches another address shows that the worker has looked at what is due. */
  private void tellBob() {
    List<String> heard = new CopyOnWriteArrayList<>();
    String path = "/services/T0/bob/" + platform.clock().millis();
    slack.createContext(
        path,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
          heard.add(path);
        });
    String address = "http://127.0.0.1:%d%s".formatted(slack.getAddress().getPort(), path);
    for (String body :
        List.of(
            "{\"user\":\"bob\",\"channel\":\"slack\",\"address\":\"%s\"}".formatted(address),
            "{\"user\":\"bob\",\"target\":\"record/1\",\"channels\":[\"slack\"]}")) {
      String to = body.contains("target") ? "/api/watches" : "/api/endpoints";
      assertThat(platform.post(to, body).status()).isIn(200, 201);
    }
    update(path);
    await().until(() -> heard.size() == 1);
  }

  private int failures() {
    return platform.get("/api/endpoints?user=ann").json().at("/items/0/failures").asInt();
  }

  @Test
  void aWebhookThatSlackTookBackIsDisabledAndATestSaysSo() {
    long id = add();
    Answer tested = platform.post("/api/endpoints/%d/test".formatted(id), "");
    assertThat(tested.json().get("delivered").asBoolean()).isTrue();
    assertThat(got.getFirst().at("/blocks/0/text/text").asString()).isEqualTo("A test from Troth");
    watch("record/1");
    status = 404;
    update("a");
    await().until(() -> count("dead") == 1);
    assertThat(platform.get("/api/endpoints?user=ann").body()).contains("\"disabled\"");
    assertThat(platform.post("/api/endpoints/%d/rotate".formatted(id), "").status()).isEqualTo(409);
    String closed = "{\"channel\":\"slack/x\",\"address\":\"http://127.0.0.2:1/services/x\"}";
    long other = platform.post("/api/endpoints", closed).json().get("id").asLong();
    assertThat(platform.post("/api/endpoints/%d/test".formatted(other), "").json().toString())
        .contains("may not be reached");
  }
}
