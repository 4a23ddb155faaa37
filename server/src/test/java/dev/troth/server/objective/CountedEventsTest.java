package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.objective.OrderTraces.Publish;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What exported rules read: counters of each objective at /metrics. */
final class CountedEventsTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private final TestPlatform platform =
      TestPlatform.start("slo.files", FILE.toString(), "slo.watermark", "5s");
  private final OrderTraces orders = new OrderTraces(platform);

  @AfterEach
  void stop() {
    platform.close();
  }

  private void awaitLines(String... lines) {
    await()
        .untilAsserted(() -> assertThat(platform.get("/metrics").body().lines()).contains(lines));
  }

  private void judged() {
    platform.clock().advance(Duration.ofSeconds(10));
  }

  @Test
  void requestsAndFailuresOfEachStepAreCounters() {
    orders.orders(10, Publish.TAKEN);
    orders.orders(4, Publish.REFUSED);
    judged();
    awaitLines(
        "troth_slo_events_total{objective=\"orders\"} 14.0",
        "troth_slo_bad_events_total{objective=\"orders\"} 4.0",
        "troth_slo_step_failures_total{objective=\"orders\",step=\"bus\"} 4.0",
        "troth_slo_step_failures_total{objective=\"orders\",step=\"table\"} 0.0",
        "troth_slo_events_total{objective=\"orders-latency\"} 10.0",
        "troth_slo_latency_seconds_bucket{objective=\"orders\",le=\"+Inf\"} 10",
        "troth_slo_latency_seconds_count{objective=\"orders\"} 10");
  }

  @Test
  void whatALateSpanTakesBackIsHeldAgainstTheNextFailures() {
    send(1, Publish.NEVER_SENT);
    judged();
    awaitLines("troth_slo_bad_events_total{objective=\"orders\"} 1.0");
    send(1, Publish.TAKEN);
    send(2, Publish.TAKEN);
    judged();
    awaitLines(
        "troth_slo_events_total{objective=\"orders\"} 2.0",
        "troth_slo_bad_events_total{objective=\"orders\"} 1.0");
    send(3, Publish.REFUSED);
    judged();
    awaitLines(
        "troth_slo_events_total{objective=\"orders\"} 3.0",
        "troth_slo_bad_events_total{objective=\"orders\"} 1.0");
    send(4, Publish.REFUSED);
    judged();
    awaitLines("troth_slo_bad_events_total{objective=\"orders\"} 2.0");
  }

  private void send(long number, Publish publish) {
    var request = ExportTraceServiceRequest.newBuilder();
    orders.order(request, number, publish);
    assertThat(orders.send(request.build()).statusCode()).isEqualTo(200);
  }
}
