package dev.troth.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.troth.server.TestPlatform;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Troth receives goes on to others, or is counted as not gone on. */
final class ForwarderTest {
  private static final String TRACE = "5b8efff798038103d269b633813fc60c";

  private static ExportTraceServiceRequest spans(long nanos, String name) {
    Span span =
        Span.newBuilder()
            .setTraceId(ByteString.fromHex(TRACE))
            .setSpanId(ByteString.fromHex("eee19b7ec3c1b174"))
            .setName(name)
            .setStartTimeUnixNano(nanos)
            .setEndTimeUnixNano(nanos + 1)
            .build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build();
  }

  private static ExportLogsServiceRequest logs(long nanos) {
    LogRecord line =
        LogRecord.newBuilder()
            .setTraceId(ByteString.fromHex(TRACE))
            .setTimeUnixNano(nanos)
            .setSeverityText("WARN")
            .build();
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder().addScopeLogs(ScopeLogs.newBuilder().addLogRecords(line)))
        .build();
  }

  private static ExportMetricsServiceRequest points(long nanos) {
    Metric metric =
        Metric.newBuilder()
            .setName("shop.orders")
            .setSum(
                Sum.newBuilder()
                    .setIsMonotonic(true)
                    .setAggregationTemporality(
                        AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                    .addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(nanos).setAsInt(1)))
            .build();
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
        .build();
  }

  private static int post(TestPlatform platform, String path, byte[] body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + platform.port("otlp-http") + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return platform.client().send(request, BodyHandlers.discarding()).statusCode();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "grpc"})
  void spansLogsAndPointsReachTheNextReceiver(String scheme) throws Exception {
    try (TestPlatform last = TestPlatform.start()) {
      String next = scheme + "://127.0.0.1:" + last.port("otlp-" + scheme);
      try (TestPlatform first = TestPlatform.start("otlp.forward", next)) {
        last.clock().set(Clock.systemUTC().instant());
        first.clock().set(last.clock().instant());
        long nanos = last.clock().instant().toEpochMilli() * 1_000_000;
        assertThat(post(first, "/v1/traces", spans(nanos, "a").toByteArray())).isEqualTo(200);
        assertThat(post(first, "/v1/logs", logs(nanos).toByteArray())).isEqualTo(200);
        assertThat(post(first, "/v1/metrics", points(nanos).toByteArray())).isEqualTo(200);
        await()
            .untilAsserted(() ->
                assertThat(last.get("/metrics").body()).contains("troth_otlp_received_total 3.0"));
        var document = last.get("/api/traces/" + TRACE).json();
        assertThat(document.get("spans").get(0).get("name").asString()).isEqualTo("a");
        assertThat(document.get("logs").get(0).get("severity").asString()).isEqualTo("WARN");
        assertThat(first.get("/metrics").body())
            .contains("troth_otlp_lost_total{reason=\"notForwarded\"} 0.0");
      }
    }
  }

  @Test
  void aReceiverThatComesBackGetsWhatWaitedAndARefusalIsCounted() throws Exception {
    ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
    AtomicInteger calls = new AtomicInteger();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String name = name(body);
          // Twice "later", then taken; but one that it will never take.
          int status = name.equals("bad") ? 400 : calls.incrementAndGet() <= 2 ? 503 : 200;
          if (status == 200) {
            taken.add(name);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    receiver.start();
    Forwarder forwarder =
        new Forwarder(List.of(URI.create("http://localhost:" + receiver.getAddress().getPort())));
    forwarder.start();
    try {
      forwarder.offer(spans(1, "one"));
      forwarder.offer(spans(1, "bad"));
      forwarder.offer(spans(1, "two"));
      await().untilAsserted(() -> assertThat(taken).containsExactly("one", "two"));
      assertThat(forwarder.dropped()).isEqualTo(1);
    } finally {
      forwarder.stop();
      receiver.stop(0);
    }
  }

  private static String name(byte[] body) throws IOException {
    return ExportTraceServiceRequest.parseFrom(body)
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpans(0)
        .getName();
  }

  @Test
  void whatWaitsIsBoundedInBytesAndTheRestCounted() {
    Forwarder forwarder = new Forwarder(List.of(URI.create("http://localhost:9")));
    ExportTraceServiceRequest message = spans(1, "x".repeat(1 << 20));
    int fits = (int) (Forwarder.WAITING_BYTES / message.getSerializedSize());
    for (int i = 0; i < fits + 7; i++) {
      forwarder.offer(message);
    }
    assertThat(forwarder.dropped()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://collector:21",
        "grpc://collector",
        "collector:4318",
        "http://c/v1",
        "http://c:99999"
      })
  void anAddressThatIsNoReceiverIsRefusedAtTheStart(String address) {
    assertThatThrownBy(() -> TestPlatform.start("otlp.forward", address).close())
        .hasMessageContaining("otlp.forward: has '" + address + "'")
        .hasMessageContaining("expected an address such as http://collector:4318");
  }
}
