package dev.troth.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.troth.observe.metrics.OwnUse;
import dev.troth.observe.metrics.Unseen;
import dev.troth.observe.otlp.Heartbeat;
import dev.troth.observe.otlp.Heartbeat.Losses;
import dev.troth.observe.otlp.HttpTransport;
import dev.troth.observe.otlp.Reply;
import dev.troth.observe.otlp.Self;
import dev.troth.observe.otlp.Signal;
import dev.troth.server.TestPlatform;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What agents have not seen makes an interval of the objectives that they feed. */
final class UnseenTest {
  private static final Path ORDERS =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  /** Of one step: what is missing are whole requests. */
  private static final String GATEWAY =
      """
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: gateway, displayName: The gateway answers}
      spec:
        service: orders
        steps:
          - name: function
            match: {service: orders-handler, kind: client, name: POST /api/events}
            failWhen:
              - {attribute: http.response.status_code, atLeast: 400}
        timeWindow:
          - {duration: 1h, isRolling: true}
        objectives:
          - {measure: availability, target: 0.99}
        alerting:
          conditions:
            - {severity: page, short: 1m, long: 5m, above: 6}
      """;

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @SuppressWarnings("NullAway.Init")
  private OrderTraces orders;

  @SuppressWarnings("NullAway.Init")
  private Instant started;

  @BeforeEach
  void start() throws IOException {
    Files.copy(ORDERS, folder.resolve("orders.yaml"));
    Files.writeString(folder.resolve("gateway.yaml"), GATEWAY);
    platform =
        TestPlatform.start(
            "slo.files",
            folder.resolve("orders.yaml") + "," + folder.resolve("gateway.yaml"),
            "slo.watermark",
            "5s");
    orders = new OrderTraces(platform);
    started = platform.clock().instant();
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static long nanos(Instant at) {
    return at.toEpochMilli() * 1_000_000;
  }

  private void beat(String host, long process, Unseen... services) {
    Heartbeat agent =
        new Heartbeat(
            new Self(host, process),
            () -> true,
            () -> new Losses(0, 0, 0, List.of(services)),
            OwnUse::now);
    URI address = URI.create("http://127.0.0.1:" + platform.port("otlp-http"));
    try (HttpTransport transport = new HttpTransport(address, Map.of())) {
      byte[] message = agent.message(nanos(started), nanos(platform.clock().instant()));
      assertThat(transport.send(Signal.METRICS, message)).isInstanceOf(Reply.Accepted.class);
    }
  }

  /** Of lost events alone. */
  private static Unseen lost(String service, long requests) {
    return new Unseen(service, requests, 0, 0, 0, 0, 0);
  }

  private JsonNode objective(String name) {
    return platform.get("/api/objectives/" + name).json().get("objective");
  }

  private void judged(String objective, long requests) {
    for (int i = 0; i < 7; i++) {
      platform.clock().advance(Duration.ofSeconds(1));
    }
    await()
        .untilAsserted(() ->
            assertThat(objective(objective).at("/requests/total").asLong()).isEqualTo(requests));
  }

  private void bounds(String objective, double low, double high) {
    JsonNode bounds = objective(objective).get("bounds");
    assertThat(bounds.isNull()).as(objective(objective).toString()).isFalse();
    assertThat(bounds.get("low").asDouble()).isCloseTo(low, within(1e-9));
    assertThat(bounds.get("high").asDouble()).isCloseTo(high, within(1e-9));
  }

  @Test
  void anObjectiveWithoutAnAgentOrWithOneThatMissesNothingIsNoInterval() {
    var _ = orders.orders(90, Publish.TAKEN);
    judged("gateway", 90);
    assertThat(objective("gateway").get("bounds").isNull()).isTrue();
    assertThat(objective("gateway").at("/evidence/unseen").isNull()).isTrue();
    beat("build-7", 41, lost("payments", 9));
    assertThat(objective("gateway").at("/evidence/unseen").isNull()).isTrue();
    beat("build-7", 41, lost("payments", 9), lost("orders-handler", 0));
    assertThat(objective("gateway").get("bounds").isNull()).isTrue();
    assertThat(objective("gateway").at("/evidence/unseen/requests").asLong(-1)).isZero();
  }

  @Test
  void whatIsMissingMayHaveBeenGoodOrBad() {
    var _ = orders.orders(90, Publish.TAKEN);
    var _ = orders.orders(10, Publish.REFUSED);
    judged("gateway", 100);
    beat("build-7", 41, new Unseen("orders-handler", 5, 3, 2, 0, 7, 0));
    bounds("gateway", 90 / 110.0, 100 / 110.0);
    bounds("orders", (90 - 17) / 100.0, 1);
    JsonNode unseen = objective("gateway").at("/evidence/unseen");
    assertThat(unseen.get("requests").asLong()).isEqualTo(10);
    assertThat(unseen.get("reasons").toString())
        .isEqualTo("{\"abandoned\":3,\"dropped\":2,\"lost\":5}");
    assertThat(unseen.get("calls").asLong()).isEqualTo(7);
    assertThat(unseen.get("bounded").asBoolean()).isTrue();
    platform.restart();
    beat("build-7", 41, new Unseen("orders-handler", 5, 3, 2, 0, 7, 0));
    bounds("gateway", 90 / 110.0, 100 / 110.0);
    String page = platform.get("/objectives/gateway").body();
    assertThat(page).contains("not all was seen: the truth lies between", "at most 5 requests");
    platform.clock().advance(Duration.ofHours(2));
    Awaitility.await("the next figures")
        .untilAsserted(() ->
            assertThat(objective("gateway").at("/evidence/unseen/requests").asLong(-1)).isZero());
  }

  @Test
  void agentsAddUpAndOneThatBeginsAnewBeginsAtNothing() {
    var _ = orders.orders(90, Publish.TAKEN);
    judged("gateway", 90);
    beat("build-7", 41, lost("orders-handler", 4));
    beat("build-8", 41, lost("orders-handler", 3));
    beat("build-7", 41, lost("orders-handler", 6));
    assertThat(objective("gateway").at("/evidence/unseen/requests").asLong()).isEqualTo(9);
    started = started.plusSeconds(1);
    beat("build-7", 42, lost("orders-handler", 1));
    beat("build-7", 42, lost("orders-handler", 1));
    assertThat(objective("gateway").at("/evidence/unseen/requests").asLong()).isEqualTo(10);
    started = started.minusSeconds(1);
    beat("build-7", 41, lost("orders-handler", 90));
    assertThat(objective("gateway").at("/evidence/unseen/requests").asLong())
        .as("an agent that another one has replaced")
        .isEqualTo(10);
  }

  @Test
  void whatMayBelongToAnyServiceOfAMachineCountsForEachOfThatMachine() {
    var _ = orders.orders(90, Publish.TAKEN);
    judged("gateway", 90);
    beat("build-9", 41, lost("", 500), lost("payments", 0));
    beat("build-7", 41, lost("", 20), lost("orders-handler", 1), lost("orders-api", 0));
    bounds("gateway", 90 / 111.0, 1);
    bounds("orders", (90 - 41) / 90.0, 1);
  }

  @Test
  void connectionsThatAreNotReadBoundNothing() {
    var _ = orders.orders(90, Publish.TAKEN);
    judged("gateway", 90);
    beat("build-7", 41, new Unseen("orders-handler", 0, 0, 0, 0, 0, 3));
    JsonNode unseen = objective("gateway").at("/evidence/unseen");
    assertThat(unseen.get("bounded").asBoolean()).isFalse();
    assertThat(unseen.get("connections").asLong()).isEqualTo(3);
    assertThat(platform.get("/objectives/gateway").body())
        .contains("the truth may lie outside of the bounds");
  }

  /** Good traffic, and then a third of it bad. */
  private void burn() {
    for (int i = 0; i < 24; i++) {
      var _ = orders.orders(10, Publish.TAKEN);
      if (i >= 12) {
        var _ = orders.orders(5, Publish.REFUSED);
      }
      platform.clock().advance(Duration.ofSeconds(10));
    }
  }

  private String doubt() {
    await()
        .untilAsserted(() ->
            assertThat(platform.get("/api/objectives/gateway").json().get("alerts")).isNotEmpty());
    JsonNode alert = platform.get("/api/objectives/gateway").json().get("alerts").get(0);
    JsonNode changes = platform.get("/api/subjects/changes?target=slo/gateway").json().get("items");
    String told = "";
    for (JsonNode change : changes) {
      if (change.get("type").asString().equals("alert.fired")) {
        told = change.at("/after/lossCouldExplainIt").asString("");
      }
    }
    assertThat(told).isEqualTo(alert.get("unseen").asString(""));
    return told;
  }

  @Test
  void anAlertSaysThatLossCouldExplainIt() {
    beat("build-7", 41, lost("orders-handler", 2_000));
    burn();
    assertThat(doubt()).isEqualTo("it could: at most 2000 requests were not seen within 5m");
    assertThat(platform.get("/objectives/gateway").body()).contains("explained by loss? it could");
  }

  @Test
  void anAlertSaysThatLossCouldNotExplainIt() {
    beat("build-7", 41, lost("orders-handler", 3));
    burn();
    assertThat(doubt())
        .isEqualTo("no, even if all of it was good: at most 3 requests were not seen within 5m");
  }

  @Test
  void anAlertOfNoAgentSaysNothingOfLoss() {
    burn();
    assertThat(doubt()).isEmpty();
  }

  @Test
  void whatIsOldIsKeptByTheHourAndTheDayAndNothingOfItIsForgottenTooEarly() {
    for (int i = 1; i <= 20; i++) {
      beat("build-7", 41, lost("orders-handler", i));
      platform.clock().advance(Duration.ofMinutes(17));
    }
    Instant first = started.minusSeconds(60);
    for (int days : List.of(0, 1, 9, 80)) {
      platform.clock().advance(Duration.ofDays(days));
      beat("build-7", 41, lost("orders-handler", 20));
      platform
          .database()
          .read(handle -> {
            assertThat(new UnseenStore().since(handle, List.of("orders-handler"), first))
                .get()
                .extracting(dev.troth.server.agent.Unseen::most)
                .isEqualTo(20L);
            return true;
          });
    }
    assertThat(rows()).isEqualTo(1);
    platform.clock().advance(Duration.ofDays(30));
    beat("build-7", 41, lost("orders-handler", 20));
    assertThat(rows()).isZero();
  }

  private long rows() {
    return platform
        .database()
        .read(handle -> handle.createQuery("SELECT count(*) FROM unseen").mapTo(Long.class).one());
  }

  @Test
  void servicesThatStrangersNameAreBoundedAndCounted() {
    Unseen[] many = IntStream.range(0, 510).mapToObj(i -> lost("s" + i, 1)).toArray(Unseen[]::new);
    beat("build-7", 41, many);
    assertThat(platform.get("/metrics").body().lines())
        .anyMatch(line -> line.matches("troth_otlp_unseen_refused_total [1-9]\\d*\\.\\d+"));
  }
}
