package dev.troth.observe.agent;

import dev.troth.observe.config.Otlp;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.otlp.GrpcTransport;
import dev.troth.observe.otlp.HttpTransport;
import dev.troth.observe.otlp.MetricExporter;
import dev.troth.observe.otlp.SpanExporter;
import dev.troth.observe.otlp.Transport;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Builds the exporters that a configuration asks for. */
public final class Exporters {
  private Exporters() {}

  /** An exporter of spans that works. */
  public static SpanExporter spans(Otlp otlp, int queue, Consumer<String> log) {
    return new SpanExporter(transport(otlp), queue, new SplittableRandom(), log).start();
  }

  /** An exporter of request durations that works. */
  public static MetricExporter metrics(
      Otlp otlp, Supplier<RequestMetrics> metrics, Consumer<String> log) {
    return new MetricExporter(
            transport(otlp), metrics, otlp.metricInterval(), Clock.systemUTC(), log)
        .start();
  }

  static Transport transport(Otlp otlp) {
    return switch (otlp.protocol()) {
      case HTTP_PROTOBUF -> new HttpTransport(otlp.endpoint(), otlp.headers());
      case GRPC -> new GrpcTransport(otlp.endpoint(), otlp.headers());
    };
  }
}
