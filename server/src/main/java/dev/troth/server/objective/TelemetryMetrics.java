package dev.troth.server.objective;

import dev.troth.server.ops.Metrics;
import dev.troth.server.telemetry.Intake;
import dev.troth.slo.engine.ObjectiveStatus;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.function.ToDoubleFunction;

/** Objectives and the intake as Prometheus metrics. */
public final class TelemetryMetrics {
  private final ObjectiveStage objectives;
  private final Intake intake;
  private final TelemetryLosses losses;

  public TelemetryMetrics(ObjectiveStage objectives, Intake intake, TelemetryLosses losses) {
    this.objectives = objectives;
    this.intake = intake;
    this.losses = losses;
  }

  public void addTo(Metrics metrics) {
    metrics.gauge(
        "troth_otlp_waiting",
        "Spans, log lines and points that wait to be stored.",
        intake::waiting);
    CounterWithCallback.builder()
        .name("troth_otlp_received_total")
        .help("Spans, log lines and points stored.")
        .callback(callback -> callback.call((double) intake.received()))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_otlp_lost_total")
        .help("What was received and not counted, by reason.")
        .labelNames("reason")
        .callback(callback ->
            losses.counts().forEach((reason, count) -> callback.call((double) count, reason)))
        .register(metrics.registry());
    objectives.counted().addTo(metrics);
    gauge(
        metrics,
        "troth_slo_availability",
        "The share of good events over the window.",
        ObjectiveStatus::availability);
    gauge(
        metrics,
        "troth_slo_budget_remaining",
        "The share of the error budget that is left; negative when overspent.",
        standing -> standing.budget().remainingRatio());
  }

  private void gauge(
      Metrics metrics, String name, String help, ToDoubleFunction<ObjectiveStatus> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("objective")
        .callback(callback -> {
          for (ObjectiveStatus standing : objectives.standings()) {
            callback.call(value.applyAsDouble(standing), standing.objective().name());
          }
        })
        .register(metrics.registry());
  }
}
