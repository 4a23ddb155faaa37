package dev.troth.observe.otlp;

import dev.troth.observe.metrics.RequestMetrics;
import java.util.Arrays;

/** Tells the durations of all requests since the start, by service and by who calls whom. */
public record DurationReport(Self self, RequestMetrics metrics) implements MetricExporter.Measured {
  @Override
  public byte[] message(long start, long now) {
    byte[] services = MetricRequest.of(metrics.groups(), start, now);
    byte[] graph = AgentRequest.of(self, metrics, start, now);
    // Messages of protobuf one behind the other are one message with the lists of both.
    byte[] both = Arrays.copyOf(services, services.length + graph.length);
    System.arraycopy(graph, 0, both, services.length, graph.length);
    return both;
  }
}
