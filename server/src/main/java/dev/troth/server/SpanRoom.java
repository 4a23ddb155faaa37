package dev.troth.server;

import dev.troth.server.config.KafkaSettings;
import dev.troth.server.db.Database;
import dev.troth.server.kafka.SpansIn;
import dev.troth.server.kafka.SpansOut;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import dev.troth.server.telemetry.SpanCarrier;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.objective.Objective;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.time.Clock;
import java.util.List;

/** Spans by Kafka, assembled, where brokers are configured: only then are its classes loaded. */
final class SpanRoom {
  private final SpansOut out;
  private final SpansIn in;

  SpanRoom(
      KafkaSettings settings,
      Database database,
      Clock clock,
      List<Objective> objectives,
      Limits limits) {
    out = new SpansOut(settings);
    in = new SpansIn(settings, database, clock, objectives, limits);
  }

  SpanCarrier carrier() {
    return out;
  }

  /** What has to run before spans are received, and end after it. */
  Lifecycle sending() {
    return out;
  }

  /** What has to end before the receiver does. */
  Lifecycle judging() {
    return in;
  }

  void addTo(Metrics metrics) {
    GaugeWithCallback.builder()
        .name("troth_slo_kafka_lag")
        .help("Messages of spans that wait in the partitions that this platform judges.")
        .labelNames("partition")
        .callback(callback ->
            in.lags().forEach((part, lag) -> callback.call((double) lag, Integer.toString(part))))
        .register(metrics.registry());
    metrics.counter(
        "troth_slo_kafka_spans_too_long",
        "Spans that no message of Kafka holds, which are not counted.",
        out::tooLong);
  }
}
