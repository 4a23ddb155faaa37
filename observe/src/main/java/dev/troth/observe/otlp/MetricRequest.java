package dev.troth.observe.otlp;

import dev.troth.observe.http.Role;
import dev.troth.observe.metrics.DurationHistogram;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.metrics.RequestMetrics.Series;
import java.util.List;
import java.util.Map;

/**
 * Writes an {@code ExportMetricsServiceRequest} (opentelemetry-proto 1.10) of request durations:
 * cumulative histograms in seconds, as the HTTP conventions want them.
 */
final class MetricRequest {
  private static final int CUMULATIVE = 2;
  private static final double[] BOUNDS = DurationHistogram.bounds();

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
      for (Role role : Role.values()) {
        metric(out, role, group.series(), start, now);
      }
      Scope.schema(out);
      out.end(scopeMetrics);
      out.end(resourceMetrics);
    }
    return out.toBytes();
  }

  private static void metric(
      ProtoWriter out, Role role, Map<Series, DurationHistogram> series, long start, long now) {
    if (series.keySet().stream().noneMatch(key -> key.role() == role)) {
      return;
    }
    int metric = out.begin(2);
    boolean server = role == Role.SERVER;
    out.text(1, server ? "http.server.request.duration" : "http.client.request.duration");
    out.text(2, "Duration of HTTP " + (server ? "server" : "client") + " requests.");
    out.text(3, "s");
    int histogram = out.begin(9);
    series.forEach((key, durations) -> {
      if (key.role() == role) {
        point(out, key, durations, start, now);
      }
    });
    out.varint(2, CUMULATIVE);
    out.end(histogram);
    out.end(metric);
  }

  private static void point(
      ProtoWriter out, Series key, DurationHistogram durations, long start, long now) {
    int point = out.begin(1);
    out.fixed64(2, start);
    out.fixed64(3, now);
    out.fixed64(4, durations.count());
    out.real(5, durations.sum());
    int counts = out.begin(6);
    for (int i = 0; i <= BOUNDS.length; i++) {
      out.packed64(durations.count(i));
    }
    out.end(counts);
    int bounds = out.begin(7);
    for (double bound : BOUNDS) {
      out.packed64(Double.doubleToRawLongBits(bound));
    }
    out.end(bounds);
    Scope.text(out, 9, "http.request.method", key.method());
    Scope.text(out, 9, "url.scheme", "http");
    if (!key.route().isEmpty()) {
      Scope.text(out, 9, key.role() == Role.SERVER ? "http.route" : "url.template", key.route());
    }
    if (key.status() != 0) {
      Scope.number(out, 9, "http.response.status_code", key.status());
    }
    if (key.status() >= (key.role() == Role.SERVER ? 500 : 400)) {
      Scope.text(out, 9, "error.type", Long.toString(key.status()));
    } else if (key.status() == 0) {
      Scope.text(out, 9, "error.type", "connection_closed");
    }
    out.end(point);
  }
}
