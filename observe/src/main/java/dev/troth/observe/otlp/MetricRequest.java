package dev.troth.observe.otlp;

import dev.troth.observe.metrics.DurationHistogram;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Labels;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes an {@code ExportMetricsServiceRequest} (opentelemetry-proto 1.10) of request durations:
 * cumulative histograms in seconds, as the HTTP conventions want them.
 */
final class MetricRequest {
  private static final int CUMULATIVE = 2;

  private MetricRequest() {}

  /**
   * The message, or no bytes when nothing was measured.
   *
   * @param start when counting began, nanoseconds since 1970
   * @param now nanoseconds since 1970
   */
  static byte[] of(List<RequestMetrics.Group> groups, long start, long now) {
    ProtoWriter out = new ProtoWriter();
    for (RequestMetrics.Group group : groups) {
      int resourceMetrics = out.begin(1);
      Scope.resource(out, group.target());
      int scopeMetrics = out.begin(2);
      Scope.scope(out);
      Set<String> metrics = new TreeSet<>();
      group.series().keySet().forEach(labels -> metrics.add(labels.metric()));
      for (String name : metrics) {
        metric(out, name, group.series(), start, now);
      }
      Scope.schema(out);
      out.end(scopeMetrics);
      out.end(resourceMetrics);
    }
    return out.toBytes();
  }

  private static void metric(
      ProtoWriter out, String name, Map<Labels, DurationHistogram> series, long start, long now) {
    int metric = out.begin(2);
    out.text(1, name);
    out.text(2, "Duration of requests.");
    out.text(3, "s");
    int histogram = out.begin(9);
    series.forEach((labels, durations) -> {
      if (labels.metric().equals(name)) {
        point(out, labels, durations, start, now);
      }
    });
    out.varint(2, CUMULATIVE);
    out.end(histogram);
    out.end(metric);
  }

  private static void point(
      ProtoWriter out, Labels labels, DurationHistogram durations, long start, long now) {
    int point = out.begin(1);
    out.fixed64(2, start);
    out.fixed64(3, now);
    counts(out, durations);
    for (Attribute value : labels.values()) {
      switch (value.value()) {
        case Attribute.Text(String text) -> Scope.text(out, 9, value.name(), text);
        case Attribute.Whole(long number) -> Scope.number(out, 9, value.name(), number);
        case Attribute.Texts(List<String> texts) ->
            Scope.text(out, 9, value.name(), String.join(",", texts));
      }
    }
    out.end(point);
  }

  /** The fields of a point of a histogram that say what was counted. */
  static void counts(ProtoWriter out, DurationHistogram durations) {
    double[] upper = durations.bounds();
    out.fixed64(4, durations.count());
    out.real(5, durations.sum());
    int counts = out.begin(6);
    for (int i = 0; i <= upper.length; i++) {
      out.packed64(durations.count(i));
    }
    out.end(counts);
    int bounds = out.begin(7);
    for (double bound : upper) {
      out.packed64(Double.doubleToRawLongBits(bound));
    }
    out.end(bounds);
  }
}
