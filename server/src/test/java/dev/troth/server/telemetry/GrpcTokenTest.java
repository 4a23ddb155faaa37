package dev.troth.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Senders on other machines are served over gRPC when they show a token, and only then. */
class GrpcTokenTest {
  @Test
  void aListenerOpenToOthersTakesSpansOfThoseWithATokenAlone() {
    try (TestPlatform platform =
        TestPlatform.start("auth.mode", "token", "otlp.grpc", "0.0.0.0:0")) {
      int port = platform.port("otlp-grpc");
      String token = platform.ownersToken();
      String bearer = "Bearer " + token;
      assertThat(sent(port, "anonymous-span", "")).isFalse();
      assertThat(sent(port, "forged-span", bearer.substring(0, bearer.length() - 4) + "AAAA"))
          .isFalse();
      assertThat(sent(port, "known-span", bearer)).isTrue();
      String traces = platform.get("/api/traces", "Authorization", bearer).body();
      assertThat(traces).contains("known-span").doesNotContain("anonymous-span", "forged-span");
    }
  }

  /** Sends one span; whether the receiver took it. */
  private static boolean sent(int port, String span, String authorization) {
    OtlpGrpcSpanExporterBuilder builder =
        OtlpGrpcSpanExporter.builder().setEndpoint("http://127.0.0.1:" + port).setRetryPolicy(null);
    if (!authorization.isEmpty()) {
      builder.addHeader("authorization", authorization);
    }
    var exporter = builder.build();
    boolean[] taken = {false};
    var watched =
        new io.opentelemetry.sdk.trace.export.SpanExporter() {
          @Override
          public io.opentelemetry.sdk.common.CompletableResultCode export(
              java.util.Collection<io.opentelemetry.sdk.trace.data.SpanData> spans) {
            var result = exporter.export(spans).join(20, TimeUnit.SECONDS);
            taken[0] = result.isSuccess();
            return result;
          }

          @Override
          public io.opentelemetry.sdk.common.CompletableResultCode flush() {
            return exporter.flush();
          }

          @Override
          public io.opentelemetry.sdk.common.CompletableResultCode shutdown() {
            return exporter.shutdown();
          }
        };
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(watched)).build()) {
      provider.get("test").spanBuilder(span).setSpanKind(SpanKind.SERVER).startSpan().end();
      provider.forceFlush().join(20, TimeUnit.SECONDS);
    }
    return taken[0];
  }
}
