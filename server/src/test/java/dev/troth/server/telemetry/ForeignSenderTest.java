package dev.troth.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** OpenTelemetry's own SDK sends; the trace view must show what it sent. */
final class ForeignSenderTest {
  private static final Resource SHOP =
      Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "shop"));

  private final TestPlatform platform = TestPlatform.start();

  @BeforeEach
  void now() {
    platform.clock().set(Clock.systemUTC().instant());
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private String http(String path) {
    return "http://127.0.0.1:" + platform.port("otlp-http") + path;
  }

  private String grpc() {
    return "http://127.0.0.1:" + platform.port("otlp-grpc");
  }

  /** A failed span with a log line beside it; returns its trace id. */
  private static String send(SpanExporter spans, LogRecordExporter logs) {
    try (var tracers =
            SdkTracerProvider.builder()
                .setResource(SHOP)
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build();
        var loggers =
            SdkLoggerProvider.builder()
                .setResource(SHOP)
                .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                .build()) {
      Span span =
          tracers.get("test").spanBuilder("GET /tea").setSpanKind(SpanKind.SERVER).startSpan();
      span.setAttribute("http.response.status_code", 503);
      span.setAttribute(AttributeKey.stringArrayKey("header"), java.util.List.of("one", "two"));
      span.addEvent("kettle on");
      span.setStatus(StatusCode.ERROR, "no water");
      loggers
          .get("test")
          .logRecordBuilder()
          .setContext(Context.root().with(span))
          .setSeverityText("WARN")
          .setBody("the tap is dry")
          .emit();
      span.end();
      tracers.forceFlush().join(10, TimeUnit.SECONDS);
      loggers.forceFlush().join(10, TimeUnit.SECONDS);
      return span.getSpanContext().getTraceId();
    }
  }

  private void assertSeen(String trace) {
    JsonNode document = platform.get("/api/traces/" + trace).json();
    JsonNode span = document.get("spans").get(0);
    assertThat(span.get("service").asString()).isEqualTo("shop");
    assertThat(span.get("name").asString()).isEqualTo("GET /tea");
    assertThat(span.get("kind").asString()).isEqualTo("server");
    assertThat(span.get("status").asString()).isEqualTo("error");
    assertThat(span.get("statusMessage").asString()).isEqualTo("no water");
    assertThat(span.get("attributes").get("http.response.status_code").asString()).isEqualTo("503");
    assertThat(span.get("attributes").get("header").asString()).isEqualTo("one");
    assertThat(span.get("events").get(0).get("name").asString()).isEqualTo("kettle on");
    JsonNode log = document.get("logs").get(0);
    assertThat(log.get("body").asString()).isEqualTo("the tap is dry");
    assertThat(log.get("severity").asString()).isEqualTo("WARN");
    JsonNode row =
        platform.get("/api/traces?service=shop&status=error").json().get("traces").get(0);
    assertThat(row.get("id").asString()).isEqualTo(trace);
    assertThat(row.get("errors").asInt()).isEqualTo(1);
  }

  @Test
  void theSdkSendsOverHttp() {
    assertSeen(
        send(
            OtlpHttpSpanExporter.builder().setEndpoint(http("/v1/traces")).build(),
            OtlpHttpLogRecordExporter.builder().setEndpoint(http("/v1/logs")).build()));
  }

  @Test
  void theSdkSendsOverHttpWithGzip() {
    assertSeen(
        send(
            OtlpHttpSpanExporter.builder()
                .setEndpoint(http("/v1/traces"))
                .setCompression("gzip")
                .build(),
            OtlpHttpLogRecordExporter.builder()
                .setEndpoint(http("/v1/logs"))
                .setCompression("gzip")
                .build()));
  }

  @Test
  void theSdkSendsOverGrpc() {
    assertSeen(
        send(
            OtlpGrpcSpanExporter.builder().setEndpoint(grpc()).build(),
            OtlpGrpcLogRecordExporter.builder()
                .setEndpoint(grpc())
                .setCompression("gzip")
                .build()));
  }
}
