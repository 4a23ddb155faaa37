package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import dev.troth.server.rabbit.RabbitBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Queues of a real broker as sources. */
final class QueueTest {
  @TempDir static Path folder;
  private static @Nullable RabbitBroker running;

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @SuppressWarnings("NullAway.Init")
  private Connection connection;

  @SuppressWarnings("NullAway.Init")
  private Channel channel;

  @BeforeAll
  static void startBroker() throws IOException {
    running = RabbitBroker.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    if (running != null) {
      running.close();
    }
  }

  private static RabbitBroker broker() {
    return Optional.ofNullable(running).orElseThrow();
  }

  @BeforeEach
  void start() throws IOException {
    platform = TestPlatform.start("watch.webhooks.allow", "127.0.0.1/32");
    connection = broker().connect();
    channel = Optional.ofNullable(connection.createChannel()).orElseThrow();
    channel.confirmSelect();
    channel.queueDeclare("dead", true, false, false, Map.of());
    channel.queueDeclare(
        "orders",
        true,
        false,
        false,
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
  }

  @AfterEach
  void close() throws IOException {
    platform.close();
    channel.queueDelete("orders");
    channel.queueDelete("dead");
    connection.close();
  }

  private Answer add(Map<String, Object> more) {
    Map<String, Object> body =
        new TreeMap<>(
            Map.of(
                "name",
                "shop",
                "kind",
                "rabbitmq",
                "url",
                broker().address("orders"),
                "queue",
                Map.of("password", RabbitBroker.PASSWORD)));
    body.putAll(more);
    return platform.post("/api/sources", Json.mapper().writeValueAsString(body));
  }

  private void added(Map<String, Object> more) {
    Answer added = add(more);
    assertThat(added.status()).as(added.body()).isEqualTo(201);
  }

  private void send(BasicProperties properties, String body) {
    send(properties, body.getBytes(StandardCharsets.UTF_8));
  }

  private void send(BasicProperties properties, byte[] body) {
    try {
      channel.basicPublish("", "orders", properties, body);
      assertThat(channel.waitForConfirms(10_000)).isTrue();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static BasicProperties message(String id, String contentType) {
    return new BasicProperties.Builder()
        .messageId(id)
        .contentType(contentType)
        .type("order.paid")
        .deliveryMode(2)
        .build();
  }

  private JsonNode source() {
    return platform.get("/api/sources/shop").json();
  }

  private JsonNode changes(String target, int count) {
    String path = "/api/subjects/changes?limit=100&target=" + target;
    await()
        .untilAsserted(
            () -> assertThat(platform.get(path).json().get("items")).as(target).hasSize(count));
    return platform.get(path).json().get("items");
  }

  @Test
  void eachMessageIsAChangeByItsBodyAndItsId() throws IOException {
    assertThat(
            platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"queue/shop\"}").status())
        .isEqualTo(201);
    added(Map.of());
    send(message("m1", "application/json"), "{\"order\":{\"id\":7,\"total\":9.50}}");
    send(message("m1", "application/json"), "{\"order\":{\"id\":7,\"total\":9.50}}");
    send(message("m2", "text/plain"), "grüße");
    send(message("m3", "application/octet-stream"), new byte[] {0, -1});
    send(new BasicProperties(), "[1]");
    send(new BasicProperties(), "no json");
    JsonNode told = changes("queue/shop", 5);
    assertThat(told.get(4).get("type").asString()).isEqualTo("order.paid");
    assertThat(told.get(4).get("actor").asString()).isEqualTo("source/shop");
    assertThat(told.get(4).at("/after/order.total").toString()).isEqualTo("9.50");
    assertThat(told.get(3).at("/after/value").asString()).isEqualTo("grüße");
    assertThat(told.get(2).at("/after/base64").asString()).isEqualTo("AP8=");
    assertThat(told.get(1).get("type").asString()).isEqualTo("queue.received");
    assertThat(told.get(1).at("/after/value").toString()).isEqualTo("[1]");
    assertThat(told.get(0).at("/after/value").asString()).isEqualTo("no json");
    await()
        .untilAsserted(
            () -> assertThat(channel.queueDeclarePassive("orders").getMessageCount()).isZero());
    await()
        .untilAsserted(
            () -> assertThat(platform.get("/api/inbox?user=ann").json().get("items")).hasSize(5));
    assertThat(source().at("/changes").asInt()).isEqualTo(5);
    assertThat(source().at("/health").asString()).isEqualTo("ok");
    assertThat(platform.post("/api/sources/shop/test", "").json().get("detail").asString())
        .isEqualTo("consuming, 0 messages wait");
    assertThat(platform.get("/api/sources").body() + platform.get("/api/subjects/changes?target=*"))
        .doesNotContain("hush");
  }

  @Test
  void aCloudEventIsTakenAsItIsInBothModes() {
    added(Map.of());
    Map<String, Object> headers =
        new TreeMap<>(
            Map.of(
                "cloudEvents:specversion",
                "1.0",
                "cloudEvents:id",
                "e1",
                "cloudEvents:source",
                "/shop",
                "cloudEvents:type",
                "shop.order.sent",
                "cloudEvents_subject",
                "order/9"));
    send(
        new BasicProperties.Builder().headers(headers).contentType("application/json").build(),
        "{\"parcel\":3}");
    send(
        new BasicProperties.Builder()
            .contentType("application/cloudevents+json; charset=utf-8")
            .build(),
        "{\"specversion\":\"1.0\",\"id\":\"e2\",\"source\":\"/shop\",\"type\":\"shop.order.lost\","
            + "\"subject\":\"order/9\",\"data\":{\"parcel\":3}}");
    JsonNode told = changes("order/9", 2);
    assertThat(told.get(1).get("type").asString()).isEqualTo("shop.order.sent");
    assertThat(told.get(1).at("/after/parcel").asInt()).isEqualTo(3);
    assertThat(told.get(0).get("type").asString()).isEqualTo("shop.order.lost");
  }

  @Test
  void whatCannotBeTakenIsSaidGoesToTheDeadLettersAndBlocksNothing() throws IOException {
    added(
        Map.of(
            "queue", Map.of("password", RabbitBroker.PASSWORD, "id", "/id"), "subject", "order"));
    send(message("good-1", "application/json"), "{\"id\":1}");
    send(message("broken", "application/json"), "{\"id\":");
    send(message("nameless", "application/json"), "{\"name\":1}");
    send(message("long", "application/json"), "{\"id\":\"" + "x".repeat(300_000) + "\"}");
    send(message("good-1", "application/json"), "{\"id\":1,\"other\":true}");
    send(
        new BasicProperties.Builder()
            .headers(Map.of("cloudEvents:specversion", "1.0", "cloudEvents:id", "e"))
            .build(),
        "{}");
    send(message("nul", "application/json"), "{\"id\":\"a\\u0000b\"}");
    send(message("good-2", "application/json"), "{\"id\":2}");
    changes("order/2", 1);
    assertThat(changes("order/1", 1).get(0).at("/after").toString()).isEqualTo("{\"id\":1}");
    await().until(() -> source().get("errors").asInt() == 6);
    assertThat(source().get("health").asString()).isEqualTo("ok");
    assertThat(source().get("lastError").asString()).contains("was refused");
    String said = platform.get("/api/subjects/changes?target=source/shop").body();
    assertThat(said).contains("source.refused", "message broken was refused: the body is no JSON");
    await()
        .untilAsserted(
            () -> assertThat(channel.queueDeclarePassive("dead").getMessageCount()).isEqualTo(6));
    GetResponse first = channel.basicGet("dead", true);
    assertThat(first.getProps().getMessageId()).isEqualTo("broken");
    assertThat(platform.get("/metrics").body())
        .contains("troth_watch_source_errors_total{source=\"shop\"} 6.0");
  }

  @Test
  void aPausedSourceLeavesTheMessagesToTheBroker() throws IOException {
    added(Map.of());
    send(message("m1", "application/json"), "{\"n\":1}");
    changes("queue/shop", 1);
    assertThat(platform.post("/api/sources/shop/pause", "").status()).isEqualTo(200);
    await()
        .untilAsserted(
            () -> assertThat(channel.queueDeclarePassive("orders").getConsumerCount()).isZero());
    for (int i = 2; i <= 500; i++) {
      channel.basicPublish(
          "",
          "orders",
          message("m" + i, ""),
          ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
    }
    platform.restart();
    platform.clock().advance(Duration.ofSeconds(61));
    await().until(() -> source().at("/stream/behind").asInt() == 499);
    assertThat(source().at("/stream/unit").asString()).isEqualTo("messages");
    assertThat(platform.post("/api/sources/shop/resume", "").status()).isEqualTo(200);
    await().until(() -> source().get("changes").asInt() == 500);
    JsonNode last =
        platform.get("/api/subjects/changes?limit=100&target=queue/shop").json().get("items");
    for (int i = 0; i < 100; i++) {
      assertThat(last.get(i).at("/after/n").asInt()).isEqualTo(500 - i);
    }
    channel.queueDelete("orders");
    await().until(() -> source().get("health").asString().equals("failing"));
    assertThat(source().get("lastError").asString()).contains("the queue was deleted");
    assertThat(platform.delete("/api/sources/shop").status()).isEqualTo(200);
  }

  @Test
  void aStreamThatBreaksAtTheSameMessageForEverIsSaidToFail() throws IOException {
    int port = Integer.parseInt(broker().address("orders").replaceFirst(".*:(\\d+)/.*", "$1"));
    try (CuttingProxy proxy = new CuttingProxy(port, "breaks-it")) {
      added(
          Map.of(
              "url",
              broker().address("orders").replace(":" + port + "/", ":" + proxy.port() + "/")));
      await().until(() -> source().get("health").asString().equals("ok"));
      send(message("a", "application/json"), "{\"note\":\"breaks-it\"}");
      for (int i = 0; i < 3; i++) {
        int failures = i + 1;
        await().until(() -> source().path("failures").asInt() >= failures);
        platform.clock().advance(Duration.ofMinutes(5));
      }
      assertThat(changes("source/shop", 2).get(0).get("type").asString())
          .isEqualTo("source.failed");
    }
  }

  @Test
  void tlsIsVerifiedByTheAuthorityThatIsGiven() throws IOException {
    Map<String, Object> trusting =
        Map.of("password", RabbitBroker.PASSWORD, "authority", broker().authority());
    Answer unknown = add(Map.of("url", broker().tlsAddress("orders")));
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.body()).contains("certification path");
    added(Map.of("url", broker().tlsAddress("orders"), "queue", trusting));
    send(message("m1", "application/json"), "{\"n\":1}");
    changes("queue/shop", 1);
  }

  @Test
  void whatCannotBeReadIsRefusedWithTheReasonAndWithoutThePassword() throws IOException {
    String url = broker().address("orders");
    Map<Map<String, Object>, String> wrong =
        Map.of(
            Map.of("url", broker().address("absent")),
            "no queue 'absent'",
            Map.of("queue", Map.of("password", "hush-wrong")),
            "refuses the user or the password",
            Map.of("queue", Map.of()),
            "the password has 0 characters",
            Map.of("url", url.replace("watcher@", "watcher:hush-in-url@")),
            "url has a password",
            Map.of("url", url.replace("127.0.0.1", "127.0.0.2")),
            "may not be reached",
            Map.of("url", url + "?heartbeat=1"),
            "expected amqps://USER@HOST/QUEUE",
            Map.of("subject", "record/1"),
            "not the platform's own",
            Map.of("every", 60),
            "expected none of them for a queue",
            Map.of("url", url.replace("/orders", "/none/orders")),
            "none");
    wrong.forEach((more, why) -> {
      Answer refused = add(more);
      assertThat(refused.status()).as(more + refused.body()).isEqualTo(422);
      assertThat(refused.body()).contains(why).doesNotContain("hush");
    });
    channel.basicConsume("orders", true, (tag, message) -> {}, tag -> {});
    Answer shared = add(Map.of());
    assertThat(shared.status()).isEqualTo(422);
    assertThat(shared.body()).contains("has 1 readers, expected a queue of its own");
  }
}
