package dev.troth.server.objective;

import static dev.troth.server.ApiDocuments.isThatOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.objective.OrderTraces.Publish;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The documents of objectives, incidents and traces, and the answers to senders of telemetry. */
final class TelemetryDocumentsTest {
  // A relative path, which documents show as it was given.
  private static final Path FILES = Path.of("src/test/resources/objectives");

  private final TestPlatform platform =
      TestPlatform.start(
          "slo.files",
          FILES.resolve("documents.yaml") + "," + FILES.resolve("broken.yaml"),
          "slo.watermark",
          "5s");
  private final OrderTraces orders = new OrderTraces(platform);

  @AfterEach
  void stop() {
    platform.close();
  }

  /** Posts to a receiver of telemetry; {@code %d} in the text is now, in nanoseconds. */
  private Answer send(String path, String json) {
    String now = Long.toString(platform.clock().instant().toEpochMilli() * 1_000_000);
    return platform.post(
        "http://127.0.0.1:" + platform.port("otlp-http") + path, json.replace("%d", now));
  }

  /** Lets ten seconds pass, and waits until what they brought is evaluated and stored. */
  private void judged(int total, int bad) {
    platform.clock().advance(Duration.ofSeconds(10));
    await()
        .untilAsserted(() -> {
          JsonNode detail = platform.get("/api/objectives/orders").json();
          assertThat(detail.at("/objective/requests/total").asInt()).isEqualTo(total);
          assertThat(detail.at("/chain/steps/3/bad").asInt()).isEqualTo(bad);
        });
  }

  @Test
  void objectivesIncidentsAndTracesAreWrittenAsClientsKnowThem() {
    for (int i = 1; i <= 4; i++) {
      orders.orders(25, Publish.TAKEN);
      judged(25 * i, 0);
    }
    String failed = orders.orders(30, Publish.PARTLY_FAILED).getFirst();
    judged(130, 30);
    platform
        .database()
        .write(handle ->
            handle.execute(
                "INSERT INTO gap (from_ms, to_ms, reason) VALUES (?, ?, ?)",
                platform.clock().instant().minusSeconds(900).toEpochMilli(),
                platform.clock().instant().minusSeconds(600).toEpochMilli(),
                "the platform was not running"));

    isThatOf("objectives", platform.get("/api/objectives"));
    isThatOf("objective", platform.get("/api/objectives/orders?range=10m"));
    isThatOf("objective-latency", platform.get("/api/objectives/orders-latency?range=10m"));
    isThatOf("objective-counted", platform.get("/api/objectives/orders-counted?range=10m"));
    Answer incidents = platform.get("/api/incidents");
    isThatOf("incidents", incidents);
    isThatOf(
        "incident",
        platform.get("/api/incidents/" + incidents.json().at("/incidents/0/id").asString()));
    isThatOf("traces", platform.get("/api/traces?limit=2"));
    isThatOf("trace", platform.get("/api/traces/" + failed));
  }

  @Test
  void aTraceHasItsEventsAndLogLinesAndSendersAreAnsweredAsOtlpHasIt() {
    isThatOf(
        "otlp-traces",
        send(
            "/v1/traces",
            """
            {"resourceSpans":[{"resource":{"attributes":[
                {"key":"service.name","value":{"stringValue":"web"}}]},
              "scopeSpans":[{"spans":[
                {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",
                  "name":"GET /","kind":2,"startTimeUnixNano":"%d","endTimeUnixNano":"%d",
                  "attributes":[{"key":"n","value":{"intValue":"7"}},
                    {"key":"http.route","value":{"stringValue":"/"}}],
                  "events":[{"timeUnixNano":"%d","name":"exception","attributes":[
                    {"key":"exception.type","value":{"stringValue":"Timeout"}}]}],
                  "status":{"code":2,"message":"broken"}},
                {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b175",
                  "parentSpanId":"eee19b7ec3c1b174","name":"SELECT","kind":3,
                  "startTimeUnixNano":"%d","endTimeUnixNano":"%d","status":{"code":1}}]}]}]}
            """));
    isThatOf(
        "otlp-logs",
        send(
            "/v1/logs",
            """
            {"resourceLogs":[{"resource":{"attributes":[
                {"key":"service.name","value":{"stringValue":"web"}}]},
              "scopeLogs":[{"logRecords":[{"timeUnixNano":"%d","severityText":"ERROR",
                "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",
                "body":{"stringValue":"gave up after 3 attempts"}}]}]}]}
            """));
    isThatOf(
        "otlp-metrics",
        send(
            "/v1/metrics",
            """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"http.server.requests",
              "sum":{"aggregationTemporality":1,"isMonotonic":true,
                "dataPoints":[{"timeUnixNano":"%d","startTimeUnixNano":"%d","asInt":"3"}]}}]}]}]}
            """));
    isThatOf(
        "otlp-rejected",
        send(
            "/v1/traces",
            """
            {"resourceSpans":[{"scopeSpans":[{"spans":[
              {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"","name":"x"}]}]}]}
            """));
    isThatOf("trace-logged", platform.get("/api/traces/5b8efff798038103d269b633813fc60c"));
  }
}
