package dev.troth.server.objective;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Objectives over counters, from the sender's points to the figure. */
final class CounterPromiseTest {
  private static final String FAILED =
      """
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: web}
      spec:
        kind: disjoint
        counters:
          total: {metric: all}
          failed: [{name: gateway, metric: bad}]
        timeWindow: [{duration: 30d}]
        objectives: [{target: 0.99}]
      """;
  private static final String GOOD =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: web}
      spec:
        service: web
        budgetingMethod: Occurrences
        indicator:
          spec:
            ratioMetric:
              good: {metricSource: {type: otlp, spec: {metric: good}}}
              total: {metricSource: {type: otlp, spec: {metric: all}}}
        timeWindow: [{duration: 30d, isRolling: true}]
        objectives: [{target: 0.995}]
      """;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @SuppressWarnings("NullAway.Init")
  private Instant started;

  @BeforeEach
  void start() throws IOException {
    Path file = Files.writeString(folder.resolve("slo.yaml"), FAILED);
    platform = TestPlatform.start("slo.files", file.toString());
    started = platform.clock().instant();
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  /** From now on the objective is this one, with nothing counted yet. */
  private void instead(String objective) throws IOException {
    Files.writeString(folder.resolve("slo.yaml"), objective);
    platform.restart();
    started = platform.clock().instant();
  }

  private static long nanos(Instant at) {
    return at.toEpochMilli() * 1_000_000;
  }

  private JsonNode send(String metric, Instant from, Instant at, String value, boolean cumulative) {
    String body =
        """
        {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"%s","sum":{
          "isMonotonic":true,"aggregationTemporality":%d,
          "dataPoints":[{"startTimeUnixNano":"%d","timeUnixNano":"%d",%s}]}}]}]}]}
        """
            .formatted(metric, cumulative ? 2 : 1, nanos(from), nanos(at), value);
    URI uri = URI.create("http://127.0.0.1:" + platform.port("otlp-http") + "/v1/metrics");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(UTF_8)))
            .build();
    try {
      var answer = platform.client().send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return Json.mapper().readTree(answer.body());
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private void total(String metric, long value) {
    send(metric, started, platform.clock().instant(), "\"asInt\":\"" + value + "\"", true);
  }

  private void pass(Duration time) {
    platform.clock().advance(time);
  }

  private JsonNode web() {
    return platform.get("/api/objectives/web").json().get("objective");
  }

  private void awaitCounts(long bad, long all) {
    pass(Duration.ofMinutes(4));
    await()
        .untilAsserted(() -> {
          JsonNode requests = web().get("requests");
          assertThat(requests.get("bad").asLong() + " of " + requests.get("total").asLong())
              .isEqualTo(bad + " of " + all);
        });
  }

  @Test
  void attributesOfAnyLengthNameACounter() {
    Random random = new Random(7);
    List<String> labels =
        Stream.generate(() -> random.ints(4_000, '0', 'z').mapToObj(Character::toString))
            .map(letters -> letters.collect(Collectors.joining()).replace('\\', '/'))
            .limit(2)
            .toList();
    for (int count : new int[] {100, 300}) {
      pass(Duration.ofSeconds(60));
      for (String label : labels) {
        send(
            "all",
            started,
            platform.clock().instant(),
            "\"asInt\":\"%d\",\"attributes\":[{\"key\":\"k\",\"value\":{\"stringValue\":\"%s\"}}]"
                .formatted(count, label),
            true);
      }
      platform.restart();
    }
    total("bad", 6);
    awaitCounts(6, 600);
  }

  @Test
  void cumulativeCountersGoOnAfterARestart() {
    pass(Duration.ofSeconds(60));
    total("all", 1_000);
    total("bad", 10);
    platform.restart();
    pass(Duration.ofSeconds(60));
    total("all", 1_500);
    total("bad", 60);
    pass(Duration.ofSeconds(60));
    total("all", 1_600);
    total("bad", 61);
    awaitCounts(61, 1_600);
  }

  @Test
  void aProcessThatBeginsAnewIsAnotherStream() {
    pass(Duration.ofSeconds(60));
    total("all", 1_000);
    total("bad", 10);
    started = platform.clock().instant();
    pass(Duration.ofSeconds(60));
    total("all", 500);
    total("bad", 5);
    awaitCounts(15, 1_500);
  }

  @Test
  void whatWasCountedBeforeThePlatformBeganIsNotCounted() {
    started = started.minusSeconds(3_600);
    total("all", 1_000_000);
    total("bad", 9_000);
    pass(Duration.ofSeconds(60));
    total("all", 1_000_100);
    total("bad", 9_001);
    awaitCounts(1, 100);
  }

  @Test
  void theSamePointThreeTimesCountsOnceAlsoAfterARestart() {
    Instant from = platform.clock().instant();
    pass(Duration.ofSeconds(60));
    Instant at = platform.clock().instant();
    for (int i = 0; i < 3; i++) {
      send("all", from, at, "\"asInt\":\"100\"", false);
      send("bad", from, at, "\"asDouble\":7", false);
      if (i == 1) {
        platform.restart();
      }
    }
    awaitCounts(7, 100);
  }

  @Test
  void fractionsOfDeltasAddUp() {
    for (int i = 0; i < 10; i++) {
      Instant from = platform.clock().instant();
      pass(Duration.ofSeconds(10));
      send("all", from, platform.clock().instant(), "\"asDouble\":0.5", false);
      send("bad", from, platform.clock().instant(), "\"asDouble\":0.1", false);
    }
    awaitCounts(1, 5);
  }

  @Test
  void aHugeIncrementIsCountedWholeAndAnImpossibleOneIsRefusedByName() {
    Instant from = platform.clock().instant();
    pass(Duration.ofSeconds(60));
    Instant at = platform.clock().instant();
    send("all", from, at, "\"asInt\":\"3000000000\"", false);
    send("bad", from, at, "\"asInt\":\"0\"", false);
    for (String value :
        new String[] {"\"asInt\":\"-3\"", "\"asDouble\":1e30", "\"asDouble\":\"NaN\""}) {
      JsonNode refused = send("bad", from, at, value, false).get("partialSuccess");
      assertThat(refused.get("rejectedDataPoints").asString()).isEqualTo("1");
      assertThat(refused.get("errorMessage").asString())
          .contains("a point of 'bad' is ", "expected 0 to 9,007,199,254,740,992");
    }
    awaitCounts(0, 3_000_000_000L);
  }

  @Test
  void aGoodCounterSentBeforeItsTotalNeverAlerts() throws IOException {
    instead(GOOD);
    pass(Duration.ofSeconds(60));
    total("good", 1_000);
    total("all", 1_000);
    pass(Duration.ofMillis(58_400));
    total("good", 1_100);
    pass(Duration.ofMillis(1_600));
    total("all", 1_100);
    for (int i = 0; i < 30; i++) {
      pass(Duration.ofSeconds(10));
      assertThat(web().get("state").asString()).isIn("no data", "ok");
    }
    await().untilAsserted(() -> assertThat(web().get("availability").asDouble()).isEqualTo(1.0));
    assertThat(platform.get("/api/incidents").json().get("incidents")).isEmpty();
  }

  @Test
  void moreGoodThanAllIsANamedFaultAndIsTold() throws IOException {
    instead(GOOD);
    platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"slo/web\"}");
    for (int i = 1; i <= 6; i++) {
      pass(Duration.ofSeconds(60));
      total("good", 120 * i);
      total("all", 100 * i);
    }
    pass(Duration.ofMinutes(3));
    await().untilAsserted(() -> assertThat(web().get("state").asString()).isEqualTo("data fault"));
    assertThat(web().get("stateReason").asString()).matches("\\d+ good events of \\d+ in all .*");
    assertThat(web().get("availability").asDouble()).isLessThanOrEqualTo(1.0);
    assertThat(web().get("evidence").get("known").asBoolean()).isFalse();
    assertThat(platform.get("/api/incidents").json().get("incidents")).isEmpty();
    await()
        .untilAsserted(
            () -> assertThat(platform.get("/api/inbox?user=ann").body()).contains("evidence.lost"));
  }

  @Test
  void aCounterThatWasNeverReceivedIsSaidAndRemembered() {
    pass(Duration.ofSeconds(60));
    total("all", 1_000);
    pass(Duration.ofMinutes(4));
    await().untilAsserted(() -> assertThat(web().get("state").asString()).isEqualTo("no signal"));
    assertThat(web().get("stateReason").asString())
        .isEqualTo("the counter gateway (bad) was never received");
    total("bad", 0);
    pass(Duration.ofSeconds(10));
    await().untilAsserted(() -> assertThat(web().get("state").asString()).isEqualTo("ok"));
    platform.restart();
    pass(Duration.ofSeconds(10));
    await().untilAsserted(() -> assertThat(web().get("state").asString()).isEqualTo("ok"));
  }

  @Test
  void anIntervalHasBothBoundsAndOneBudgetInFigureAndChart() throws IOException {
    instead(
        FAILED
            .replace("kind: disjoint", "kind: interval")
            .replace("metric: bad}]", "metric: bad}, {name: bus, metric: bus}]"));
    for (int i = 1; i <= 5; i++) {
      pass(Duration.ofSeconds(60));
      total("all", 1_000 * i);
      total("bad", 36 * i);
      total("bus", 26 * i);
    }
    awaitCounts(310, 5_000);
    JsonNode detail = platform.get("/api/objectives/web?range=10m").json();
    JsonNode web = detail.get("objective");
    assertThat(web.get("requests").get("badAtLeast").asInt()).isEqualTo(180);
    assertThat(web.get("bounds").get("low").asDouble()).isEqualTo(1 - 0.062);
    assertThat(web.get("bounds").get("high").asDouble()).isEqualTo(1 - 0.036);
    double card = web.get("budget").get("remainingRatio").asDouble();
    JsonNode chart = detail.get("series").get("budgetRemaining");
    assertThat(card).isCloseTo(-2.6, within(1e-9));
    assertThat(chart.get(chart.size() - 1).asDouble()).isCloseTo(card, within(1e-9));
    String page = platform.get("/objectives/web").body();
    assertThat(page).contains("180 to 310 failed");
  }

  @Test
  void whatIsDroppedIsCountedWhereTheObjectiveIsShown() {
    Instant from = platform.clock().instant();
    pass(Duration.ofHours(2));
    send("all", from, from.plusSeconds(60), "\"asInt\":\"5\"", false);
    Instant future = platform.clock().instant().plusSeconds(900);
    send("all", future.minusSeconds(60), future, "\"asInt\":\"5\"", false);
    JsonNode dropped = web().get("evidence").get("dropped");
    assertThat(dropped.get("pointsTooLate").asInt()).isEqualTo(1);
    assertThat(dropped.get("pointsFromTheFuture").asInt()).isEqualTo(1);
  }
}
