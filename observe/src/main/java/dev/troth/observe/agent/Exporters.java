package dev.troth.observe.agent;

import dev.troth.observe.config.Otlp;
import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.OwnUse;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.otlp.DurationReport;
import dev.troth.observe.otlp.GrpcTransport;
import dev.troth.observe.otlp.Heartbeat;
import dev.troth.observe.otlp.HttpTransport;
import dev.troth.observe.otlp.LogExporter;
import dev.troth.observe.otlp.MetricExporter;
import dev.troth.observe.otlp.Self;
import dev.troth.observe.otlp.SpanExporter;
import dev.troth.observe.otlp.Transport;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Builds the exporters that a configuration asks for. */
public final class Exporters {
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private Exporters() {}

  /** An exporter of spans that works. */
  public static SpanExporter spans(Otlp otlp, int queue, Consumer<String> log) {
    return new SpanExporter(transport(otlp), queue, new SplittableRandom(), log).start();
  }

  /** An exporter of lines that works. */
  public static LogExporter lines(Otlp otlp, int queue, Consumer<String> log) {
    return new LogExporter(transport(otlp), queue, new SplittableRandom(), log).start();
  }

  /** An exporter of request durations that works. */
  public static MetricExporter metrics(Otlp otlp, RequestMetrics metrics, Consumer<String> log) {
    return exporter(otlp, new DurationReport(self(), metrics), otlp.metricInterval(), log);
  }

  /**
   * An exporter that tells the receiver every ten seconds that the agent is there, and what it has
   * missed.
   *
   * @param dropped how many spans were not sent, by service
   */
  public static MetricExporter heartbeat(
      Otlp otlp, Agent agent, Supplier<Map<String, Long>> dropped, Consumer<String> log) {
    Heartbeat heartbeat =
        new Heartbeat(
            self(),
            agent::works,
            () -> {
              AgentCounters counters = agent.counters();
              Map<String, Long> unsent = dropped.get();
              return new Heartbeat.Losses(
                  counters.lost(),
                  unsent.values().stream().mapToLong(Long::longValue).sum(),
                  counters.trouble().stalls(),
                  agent.unseen().stream()
                      .map(one -> one.withDropped(unsent.getOrDefault(one.service(), 0L)))
                      .toList());
            },
            OwnUse::now);
    return exporter(otlp, heartbeat, HEARTBEAT, log);
  }

  private static Self self() {
    return new Self(Observation.hostName(), ProcessHandle.current().pid());
  }

  private static MetricExporter exporter(
      Otlp otlp, MetricExporter.Measured measured, Duration interval, Consumer<String> log) {
    return new MetricExporter(transport(otlp), measured, interval, Clock.systemUTC(), log).start();
  }

  static Transport transport(Otlp otlp) {
    return switch (otlp.protocol()) {
      case HTTP_PROTOBUF -> new HttpTransport(otlp.endpoint(), otlp.headers());
      case GRPC -> new GrpcTransport(otlp.endpoint(), otlp.headers());
    };
  }
}
