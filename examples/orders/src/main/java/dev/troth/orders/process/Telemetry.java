package dev.troth.orders.process;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Spans of this process, sent by OTLP over HTTP, or none: then an agent may watch from outside, and
 * a {@code traceparent} that came in still goes out with every call.
 */
public final class Telemetry implements AutoCloseable {
  private final OpenTelemetry api;
  private final Runnable stop;

  private Telemetry(OpenTelemetry api, Runnable stop) {
    this.api = api;
    this.stop = stop;
  }

  /** Opens for the named service; the address is a collector's, such as http://127.0.0.1:4318. */
  public static Telemetry open(String service, Optional<URI> collector) {
    ContextPropagators propagators =
        ContextPropagators.create(W3CTraceContextPropagator.getInstance());
    if (collector.isEmpty()) {
      return new Telemetry(OpenTelemetry.propagating(propagators), () -> {});
    }
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(collector.get().resolve("/v1/traces").toString())
            .setTimeout(Duration.ofSeconds(2))
            .build();
    var provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(resource(service)))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setScheduleDelay(Duration.ofMillis(500))
                    .build())
            .build();
    var sdk =
        OpenTelemetrySdk.builder().setTracerProvider(provider).setPropagators(propagators).build();
    return new Telemetry(sdk, () -> provider.shutdown().join(2, TimeUnit.SECONDS));
  }

  private static Resource resource(String service) {
    return Resource.create(
        Attributes.of(
            AttributeKey.stringKey("service.name"),
            service,
            AttributeKey.stringKey("service.namespace"),
            "orders",
            AttributeKey.longKey("process.pid"),
            ProcessHandle.current().pid()));
  }

  public OpenTelemetry api() {
    return api;
  }

  /** Sends what is still here, for at most two seconds. */
  @Override
  public void close() {
    stop.run();
  }
}
