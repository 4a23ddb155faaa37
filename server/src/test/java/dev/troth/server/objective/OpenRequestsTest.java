package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.troth.server.TestPlatform;
import dev.troth.server.objective.OrderTraces.Publish;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is kept of requests that are not judged yet, beside the trace view. */
final class OpenRequestsTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private final TestPlatform platform =
      TestPlatform.start("slo.files", FILE.toString(), "otlp.spans", "1000", "slo.memory", "4MiB");
  private final OrderTraces orders = new OrderTraces(platform);

  @AfterEach
  void stop() {
    platform.close();
  }

  private JsonNode orders() {
    return platform.get("/api/objectives/orders").json().get("objective");
  }

  private int rows(String table) {
    return platform
        .database()
        .read(handle ->
            handle.createQuery("SELECT count(*) FROM " + table).mapTo(Integer.class).one());
  }

  private static ByteString id(long... words) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * words.length);
    for (long word : words) {
      buffer.putLong(word);
    }
    return ByteString.copyFrom(buffer.array());
  }

  /** Spans of a service that no chain knows. */
  private ExportTraceServiceRequest strangers(long trace, int count, String service, String name) {
    long end = platform.clock().instant().toEpochMilli() * 1_000_000;
    var spans = ScopeSpans.newBuilder();
    for (int i = 0; i < count; i++) {
      spans.addSpans(
          Span.newBuilder()
              .setTraceId(id(7, trace))
              .setSpanId(id(trace * 1_000_000 + i + 1))
              .setName(name)
              .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
              .setStartTimeUnixNano(end - 1)
              .setEndTimeUnixNano(end));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(
                            KeyValue.newBuilder()
                                .setKey("service.name")
                                .setValue(AnyValue.newBuilder().setStringValue(service))))
                .addScopeSpans(spans))
        .build();
  }

  @Test
  void aRestartLosesNoRequestHoweverSmallTheTraceView() {
    for (int i = 0; i < 20; i++) {
      orders.orders(49, Publish.TAKEN);
      orders.orders(1, Publish.REFUSED);
    }
    // The view keeps a quarter of what is open.
    assertThat(rows("span")).isLessThan(1_300);
    platform.restart();
    platform.clock().advance(Duration.ofMinutes(3));
    await()
        .untilAsserted(
            () -> assertThat(orders().get("requests").get("total").asInt()).isEqualTo(1_000));
    assertThat(orders().get("requests").get("bad").asInt()).isEqualTo(20);
    assertThat(orders().get("requests").get("unknown").asInt()).isZero();
  }

  @Test
  void spansOfNobodyAreForgottenInMemoryAndOnDisk() {
    for (int trace = 1; trace <= 50; trace++) {
      assertThat(orders.send(strangers(trace, 100, "elsewhere", "GET /")).statusCode())
          .isEqualTo(200);
    }
    orders.orders(2, Publish.TAKEN);
    assertThat(rows("open_request")).isGreaterThanOrEqualTo(52);
    platform.clock().advance(Duration.ofMinutes(3));
    await().untilAsserted(() -> assertThat(rows("open_request")).isLessThanOrEqualTo(4));
    assertThat(orders().get("requests").get("total").asInt()).isEqualTo(2);
    platform.clock().advance(Duration.ofMinutes(70));
    await().untilAsserted(() -> assertThat(rows("open_request")).isZero());
  }

  @Test
  void oneHugeTraceLeavesRoomForTheOthersAndIsSaid() {
    for (int part = 0; part < 10; part++) {
      var huge = strangers(3, 2_000, "orders-handler", "POST /api/events").toBuilder();
      for (int i = 0; i < 2_000; i++) {
        huge.getResourceSpansBuilder(0)
            .getScopeSpansBuilder(0)
            .getSpansBuilder(i)
            .setSpanId(id(9_000_000 + 2_000L * part + i));
      }
      assertThat(orders.send(huge.build()).statusCode()).isEqualTo(200);
    }
    orders.orders(10, Publish.TAKEN);
    platform.clock().advance(Duration.ofMinutes(3));
    await()
        .untilAsserted(
            () -> assertThat(orders().get("requests").get("total").asInt()).isEqualTo(10));
    assertThat(orders().get("evidence").get("dropped").get("tooLarge").asInt())
        .isGreaterThan(18_000);
    assertThat(rows("open_request")).isLessThan(200);
  }

  @Test
  void openRequestsBeyondTheirMemoryMakeSendersWaitAndAreNotLost() {
    int taken = 0;
    int status = 200;
    for (int i = 0; i < 400 && status == 200; i++) {
      var request = ExportTraceServiceRequest.newBuilder();
      for (int k = 0; k < 100; k++) {
        orders.order(request, 1_000L + 100L * i + k, Publish.TAKEN);
      }
      status = orders.send(request.build()).statusCode();
      taken += status == 200 ? 100 : 0;
    }
    assertThat(status).isEqualTo(429);
    int expected = taken;
    platform.restart();
    platform.clock().advance(Duration.ofMinutes(3));
    await()
        .untilAsserted(
            () -> assertThat(orders().get("requests").get("total").asInt()).isEqualTo(expected));
    orders.orders(10, Publish.TAKEN);
  }
}
