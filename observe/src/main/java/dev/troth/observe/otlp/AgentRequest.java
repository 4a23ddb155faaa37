package dev.troth.observe.otlp;

import dev.troth.observe.metrics.DurationHistogram;
import dev.troth.observe.metrics.Edge;
import dev.troth.observe.metrics.EdgeMetrics.Counted;
import dev.troth.observe.metrics.LogCounts;
import dev.troth.observe.metrics.RequestMetrics;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Writes an {@code ExportMetricsServiceRequest} (opentelemetry-proto 1.10) of what is measured
 * under the agent's own name. Edges are cumulative, in seconds, under the names by which collectors
 * make service graphs of spans.
 */
final class AgentRequest {
  static final String REQUESTS = "traces_service_graph_request_total";
  static final String FAILED = "traces_service_graph_request_failed_total";
  static final String AS_CLIENT = "traces_service_graph_request_client";
  static final String AS_SERVER = "traces_service_graph_request_server";
  static final String ROUND_TRIPS = "troth.observe.tcp.rtt";

  /** Requests of edges beyond the most. */
  static final String OTHERS = "troth.observe.edges.other";

  static final String LINES = "troth.observe.logs";
  static final String LINES_LEFT = "troth.observe.logs.left";

  private static final int CUMULATIVE = 2;

  private AgentRequest() {}

  /**
   * The message, or no bytes when nothing was seen.
   *
   * @param start when the agent began to count, nanoseconds since 1970
   * @param now nanoseconds since 1970
   */
  static byte[] of(Self self, RequestMetrics metrics, long start, long now) {
    List<Counted> edges = metrics.edges().all();
    LogCounts logs = metrics.logs();
    if (edges.isEmpty() && !logs.isOn()) {
      return new byte[0];
    }
    ProtoWriter out = new ProtoWriter();
    int resourceMetrics = out.begin(1);
    self.resource(out);
    int scopeMetrics = out.begin(2);
    Scope.scope(out);
    sums(out, REQUESTS, edges, Counted::requests, now);
    sums(out, FAILED, edges, Counted::failed, now);
    histograms(out, AS_CLIENT, edges, Counted::asClient, now);
    histograms(out, AS_SERVER, edges, Counted::asServer, now);
    histograms(out, ROUND_TRIPS, edges, Counted::roundTrips, now);
    sum(out, OTHERS, metrics.edges().others(), start, now);
    if (logs.isOn()) {
      sum(out, LINES, logs.lines(), start, now);
      sum(out, LINES_LEFT, logs.left(), start, now);
    }
    Scope.schema(out);
    out.end(scopeMetrics);
    out.end(resourceMetrics);
    return out.toBytes();
  }

  private static void sum(ProtoWriter out, String name, long value, long start, long now) {
    int metric = out.begin(2);
    out.text(1, name);
    int sum = out.begin(7);
    int point = out.begin(1);
    out.fixed64(2, start);
    out.fixed64(3, now);
    out.fixed64(6, value);
    out.end(point);
    endSum(out, sum);
    out.end(metric);
  }

  private static void sums(
      ProtoWriter out, String name, List<Counted> edges, ToLongFunction<Counted> value, long now) {
    if (edges.isEmpty()) {
      return;
    }
    int metric = out.begin(2);
    out.text(1, name);
    int sum = out.begin(7);
    for (Counted one : edges) {
      int point = out.begin(1);
      out.fixed64(2, one.begun());
      out.fixed64(3, now);
      out.fixed64(6, value.applyAsLong(one));
      labels(out, 7, one.edge());
      out.end(point);
    }
    endSum(out, sum);
    out.end(metric);
  }

  private static void endSum(ProtoWriter out, int sum) {
    out.varint(2, CUMULATIVE);
    out.varint(3, 1);
    out.end(sum);
  }

  private static void histograms(
      ProtoWriter out,
      String name,
      List<Counted> edges,
      Function<Counted, DurationHistogram> value,
      long now) {
    if (edges.stream().allMatch(one -> value.apply(one).count() == 0)) {
      return;
    }
    int metric = out.begin(2);
    out.text(1, name);
    out.text(3, "s");
    int histogram = out.begin(9);
    for (Counted one : edges) {
      DurationHistogram durations = value.apply(one);
      if (durations.count() > 0) {
        int point = out.begin(1);
        out.fixed64(2, one.begun());
        out.fixed64(3, now);
        MetricRequest.counts(out, durations);
        labels(out, 9, one.edge());
        out.end(point);
      }
    }
    out.varint(2, CUMULATIVE);
    out.end(histogram);
    out.end(metric);
  }

  private static void labels(ProtoWriter out, int field, Edge edge) {
    Scope.text(out, field, "client", edge.client());
    Scope.text(out, field, "server", edge.server());
    Scope.text(out, field, "connection_type", edge.kind().text());
    Scope.text(out, field, "system", edge.system());
  }
}
