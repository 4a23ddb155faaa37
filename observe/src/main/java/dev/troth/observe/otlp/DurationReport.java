package dev.troth.observe.otlp;

import dev.troth.observe.metrics.RequestMetrics;

/** Tells the durations of all requests since the start. */
public record DurationReport(RequestMetrics metrics) implements MetricExporter.Measured {
  @Override
  public byte[] message(long start, long now) {
    return MetricRequest.of(metrics.groups(), start, now);
  }
}
