package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class WebhookTest {
  private final Receiver receiver = new Receiver();
  private final TestPlatform platform = TestPlatform.start("watch.webhooks.allow", "127.0.0.1/32");

  @AfterEach
  void stop() {
    platform.close();
    receiver.close();
  }

  private JsonNode endpoint(String address) {
    Answer answer =
        platform.post(
            "/api/endpoints",
            "{\"user\":\"ann\",\"channel\":\"webhook/ops\",\"address\":\"%s\"}".formatted(address));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  private void watch() {
    String body = "{\"user\":\"ann\",\"target\":\"record/1\",\"channels\":[\"webhook/ops\"]}";
    assertThat(platform.post("/api/watches", body).status()).isEqualTo(201);
  }

  private void update(String value) {
    String body = "{\"value\":\"%s\"}".formatted(value);
    assertThat(platform.post("/api/update/1", body).status()).isEqualTo(200);
  }

  private List<String> deliveries(String state) {
    List<String> found = new ArrayList<>();
    platform
        .get("/api/deliveries?user=ann&state=" + state)
        .json()
        .get("items")
        .forEach(row ->
            found.add(
                "%d %d %s"
                    .formatted(
                        row.get("version").asInt(),
                        row.get("attempts").asInt(),
                        row.get("note").asString())));
    return found;
  }

  private void awaitDeliveries(String state, String... expected) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(deliveries(state)).containsExactly(expected));
  }

  @Test
  void aChangeReachesTheReceiverSignedAndNamed() {
    JsonNode endpoint = endpoint(receiver.address());
    assertThat(endpoint.get("secret").asString()).startsWith("whsec_");
    assertThat(platform.get("/api/endpoints?user=ann").body()).doesNotContain("whsec_");
    watch();
    update("a");
    awaitDeliveries("delivered", "1 1 HTTP 204");
    Receiver.Got got = receiver.got.getFirst();
    assertThat(got.header("Webhook-id")).startsWith("ntf_");
    assertThat(got.header("Webhook-signature")).startsWith("v1,");
    assertThat(got.body())
        .contains(
            "\"type\":\"record.updated\"",
            "\"title\":\"Demo Record: value changed from “Initial Value” to a");
  }

  @Test
  void aFailedDeliveryIsRetriedUnderTheSameNameUntilItWorks() {
    var _ = endpoint(receiver.address());
    watch();
    receiver.status = 503;
    update("a");
    awaitDeliveries("pending", "1 1 HTTP 503");
    receiver.status = 302;
    platform.clock().advance(Duration.ofSeconds(5));
    awaitDeliveries("pending", "1 2 HTTP 302");
    receiver.status = 200;
    platform.clock().advance(Duration.ofMinutes(5));
    awaitDeliveries("delivered", "1 3 HTTP 200");
    assertThat(receiver.got)
        .extracting(got -> got.header("Webhook-id"))
        .hasSize(3)
        .containsOnly(receiver.got.getFirst().header("Webhook-id"));
  }

  @Test
  void anOlderVersionThatFailedGivesWayToTheNewer() {
    var _ = endpoint(receiver.address());
    watch();
    receiver.status = 503;
    update("a");
    awaitDeliveries("pending", "1 1 HTTP 503");
    receiver.status = 200;
    update("b");
    awaitDeliveries("delivered", "2 1 HTTP 200");
    platform.clock().advance(Duration.ofSeconds(5));
    awaitDeliveries("superseded", "1 1 version 2 is newer");
  }

  @Test
  void aReceiverThatIsGoneIsDisabledItsOwnerToldAndItsDeadLettersReplayed() {
    long id = endpoint(receiver.address()).get("id").asLong();
    watch();
    receiver.status = 410;
    update("a");
    awaitDeliveries("dead", "1 1 HTTP 410");
    update("b");
    awaitDeliveries("dead", "2 1 disabled: HTTP 410", "1 1 HTTP 410");
    assertThat(platform.get("/api/inbox?user=ann").body()).contains("endpoint.disabled");

    receiver.status = 200;
    assertThat(platform.post("/api/endpoints/" + id + "/enable", "").status()).isEqualTo(200);
    Answer replayed = platform.post("/api/deliveries/replay?user=ann", "");
    assertThat(replayed.json().get("replayed").asInt()).isEqualTo(2);
    awaitDeliveries("delivered", "2 1 HTTP 200", "1 1 HTTP 200");
  }

  @Test
  void anUnwatchedSubjectIsNotSentAnyMore() {
    var _ = endpoint(receiver.address());
    watch();
    receiver.status = 503;
    update("a");
    awaitDeliveries("pending", "1 1 HTTP 503");
    for (JsonNode watch : platform.get("/api/watches?user=ann").json().get("items")) {
      assertThat(platform.delete("/api/watches/" + watch.get("id").asLong()).status())
          .isEqualTo(200);
    }
    platform.clock().advance(Duration.ofSeconds(5));
    awaitDeliveries("pending");
    assertThat(deliveries("dead")).as("nobody waits for it").isEmpty();
  }

  @Test
  void aChannelThatReachesTheUserNowhereIsRefusedAtOnceAndTheOthersAreNamed() {
    var _ = endpoint(receiver.address());
    for (String channel : List.of("pigeon", "webhook", "webhook/none", "email")) {
      String wish =
          "{\"user\":\"ann\",\"target\":\"record/1\",\"channels\":[\"%s\"]}".formatted(channel);
      Answer refused = platform.post("/api/watches", wish);
      assertThat(refused.status()).as(channel).isEqualTo(422);
      assertThat(refused.json().get("detail").asString())
          .contains(
              "channel is '%s', expected one of console, inbox, webhook/ops".formatted(channel));
    }
    watch();
    long id =
        platform
            .get("/api/watches?user=ann")
            .json()
            .get("items")
            .valueStream()
            .filter(watch -> watch.get("target").asString().equals("record/1"))
            .findFirst()
            .orElseThrow()
            .get("id")
            .asLong();
    String edit = "{\"channels\":[\"webhook/ops\",\"pigeon\"]}";
    assertThat(platform.send("PATCH", "/api/watches/" + id, edit).status()).isEqualTo(422);
  }

  @Test
  void whatIsOwedToAnAddressThatWasRemovedIsNotSent() {
    long id = endpoint(receiver.address()).get("id").asLong();
    watch();
    receiver.status = 503;
    update("a");
    awaitDeliveries("pending", "1 1 HTTP 503");
    assertThat(platform.delete("/api/endpoints/" + id).status()).isEqualTo(200);
    platform.clock().advance(Duration.ofSeconds(5));
    awaitDeliveries("dead", "1 2 ann has no address for webhook/ops");
    assertThat(receiver.got).hasSize(1);
  }

  @Test
  void aTestIsSentAtOnceAndAPrivateAddressIsRefused() {
    long id = endpoint(receiver.address()).get("id").asLong();
    Answer sent = platform.post("/api/endpoints/" + id + "/test", "");
    assertThat(sent.json().get("delivered").asBoolean()).isTrue();
    for (String address :
        List.of(
            "http://127.0.0.2:1/",
            "http://[::1]:1/",
            "http://169.254.169.254/",
            "http://[::ffff:10.0.0.1]/",
            "http://0x7f000002:1/")) {
      long closed = endpoint(address).get("id").asLong();
      JsonNode refused = platform.post("/api/endpoints/" + closed + "/test", "").json();
      assertThat(refused.get("delivered").asBoolean()).as(address).isFalse();
      assertThat(refused.get("detail").asString())
          .as(address)
          .matches(".* may not be reached: address is .*|its host is unknown");
    }
    for (String address :
        List.of(
            "ftp://x/",
            "http://a:b@c/",
            "x",
            "",
            "http://x:99999/",
            "http://x:0/",
            "http://x/#s")) {
      assertThat(
              platform.post("/api/endpoints", "{\"address\":\"%s\"}".formatted(address)).status())
          .isEqualTo(422);
    }
  }

  @Test
  void whatATestCameToIsSaidInWords() throws Exception {
    try (ServerSocket closing = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        ServerSocket unused = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      unused.close();
      Thread server =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    try (Socket accepted = closing.accept()) {
                      int _ = accepted.getInputStream().read(new byte[65_536]);
                    }
                  }
                } catch (IOException end) {
                  // The test closed it.
                }
              });
      assertThat(detail("http://127.0.0.1:%d/".formatted(unused.getLocalPort())))
          .isEqualTo("nobody listens there");
      assertThat(detail("http://127.0.0.1:%d/".formatted(closing.getLocalPort())))
          .isEqualTo("it ended the connection without an answer");
      assertThat(detail("https://127.0.0.1:%d/".formatted(closing.getLocalPort())))
          .startsWith("TLS failed: ");
      assertThat(detail("http://troth.invalid/")).isEqualTo("its host is unknown");
      closing.close();
      server.join(10_000);
    }
  }

  private String detail(String address) {
    long id = endpoint(address).get("id").asLong();
    return platform.post("/api/endpoints/" + id + "/test", "").json().get("detail").asString();
  }
}
