package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.objective.OrderTraces.Publish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The promise from span to person: a publish that fails behind a 201 burns the objective, pages,
 * reaches the inbox, and recovery resolves it. Each hand-over is followed by its id.
 */
final class OrdersPromiseTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private final TestPlatform platform =
      TestPlatform.start("slo.files", FILE.toString(), "slo.watermark", "5s");
  private final OrderTraces orders = new OrderTraces(platform);

  @AfterEach
  void stop() {
    platform.close();
  }

  /** A minute of traffic in steps of ten seconds; returns the trace ids of the last step. */
  private List<String> minute(int perStep, Publish publish) {
    List<String> ids = List.of();
    for (int i = 0; i < 6; i++) {
      ids = orders.orders(perStep, publish);
      platform.clock().advance(Duration.ofSeconds(10));
    }
    return ids;
  }

  private JsonNode objective(String name) {
    for (JsonNode one : platform.get("/api/objectives").json().get("objectives")) {
      if (one.get("name").asString().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("there is no objective " + name);
  }

  private void awaitState(String state) {
    await()
        .untilAsserted(
            () -> assertThat(objective("orders").get("state").asString()).isEqualTo(state));
  }

  /** The newest inbox item about the objective with this type. */
  private JsonNode told(String type) {
    for (JsonNode item : platform.get("/api/inbox?user=ann").json().get("items")) {
      if (item.get("type").asString().equals(type)
          && item.get("subject").asString().equals("slo/orders")) {
        return item;
      }
    }
    throw new AssertionError("nobody was told of " + type);
  }

  @Test
  void aFailureBehindA201BurnsPagesIsToldAndRecovers() {
    platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"slo/orders\"}");
    for (int i = 0; i < 5; i++) {
      minute(5, Publish.TAKEN);
    }
    awaitState("ok");
    assertThat(objective("orders").get("availability").asDouble()).isEqualTo(1.0);

    // Refused, then taken in part: the caller got a 201 each time.
    minute(3, Publish.REFUSED);
    String failed = minute(3, Publish.PARTLY_FAILED).getFirst();
    awaitState("page");

    JsonNode burning = objective("orders");
    String incident = burning.get("incident").asString();
    assertThat(burning.get("budget").get("remainingRatio").asDouble()).isNegative();
    JsonNode document = platform.get("/api/incidents/" + incident).json();
    assertThat(document.get("objective").asString()).isEqualTo("orders");
    assertThat(document.get("state").asString()).isEqualTo("open");
    assertThat(document.get("causes").get(0).get("step").asString()).isEqualTo("bus");

    JsonNode fired = told("alert.fired");
    assertThat(fired.get("after").get("incident").asString()).isEqualTo(incident);
    assertThat(fired.get("after").get("alert").asString()).isEqualTo("page");

    JsonNode verdict = platform.get("/api/traces/" + failed).json().get("verdicts").get(0);
    assertThat(verdict.get("objective").asString()).isEqualTo("orders");
    assertThat(verdict.get("outcome").asString()).isEqualTo("bad");
    assertThat(verdict.get("failed").get(0).asString()).isEqualTo("bus");

    for (int i = 0; i < 25; i++) {
      minute(20, Publish.TAKEN);
    }
    awaitState("ok");
    JsonNode resolved = told("alert.resolved");
    assertThat(resolved.get("after").get("incident").asString()).isEqualTo(incident);
    JsonNode closed = platform.get("/api/incidents/" + incident).json();
    assertThat(closed.get("state").asString()).isEqualTo("resolved");
    assertThat(closed.get("resolvedAt").isNull()).isFalse();
  }

  @Test
  void a201WithoutAnyPublishIsBadToo() {
    for (int i = 0; i < 2; i++) {
      minute(5, Publish.TAKEN);
    }
    minute(5, Publish.NEVER_SENT);
    awaitState("page");
    // Steps are counted from what is stored, a commit behind what is evaluated.
    await()
        .untilAsserted(() -> {
          JsonNode detail = platform.get("/api/objectives/orders").json();
          JsonNode bus = detail.get("chain").get("steps").get(3);
          assertThat(bus.get("name").asString()).isEqualTo("bus");
          assertThat(bus.get("bad").asInt()).isPositive();
          assertThat(bus.get("share").asDouble()).isEqualTo(1.0);
        });
  }

  @Test
  void aRestartInTheMiddleCountsEveryAcknowledgedOrderOnce() {
    minute(7, Publish.TAKEN);
    orders.orders(4, Publish.REFUSED);
    // The last orders are not judged yet: their watermark has not passed.
    platform.restart();
    platform.clock().advance(Duration.ofSeconds(10));
    await()
        .untilAsserted(() -> {
          JsonNode requests = objective("orders").get("requests");
          assertThat(requests.get("total").asInt()).isEqualTo(46);
          assertThat(requests.get("bad").asInt()).isEqualTo(4);
        });
  }

  @Test
  void aClockThatIsSetBackLosesNoCounts() {
    minute(7, Publish.TAKEN);
    platform.clock().advance(Duration.ofHours(30));
    orders.orders(5, Publish.REFUSED);
    platform.clock().advance(Duration.ofSeconds(10));
    await()
        .untilAsserted(
            () -> assertThat(objective("orders").get("requests").get("bad").asInt()).isEqualTo(5));
    platform.clock().advance(Duration.ofHours(-30));
    orders.orders(3, Publish.TAKEN);
    platform.clock().advance(Duration.ofSeconds(10));
    await()
        .untilAsserted(() -> {
          JsonNode requests = objective("orders").get("requests");
          assertThat(requests.get("total").asInt()).isEqualTo(50);
          assertThat(requests.get("bad").asInt()).isEqualTo(5);
        });
    JsonNode gaps = platform.get("/api/objectives/orders").json().get("gaps");
    assertThat(gaps.toString()).contains("the clock was set back");
  }
}
