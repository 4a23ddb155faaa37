package dev.troth.observe.metrics;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Writes edges as Prometheus text, under the names of service graphs. */
final class EdgeText {
  private static final String GRAPH = "traces_service_graph_request_";

  private EdgeText() {}

  static void write(Writer out, List<EdgeMetrics.Counted> edges) throws IOException {
    if (edges.isEmpty()) {
      return;
    }
    counter(out, GRAPH + "total", "Requests by edge.", edges, EdgeMetrics.Counted::requests);
    counter(out, GRAPH + "failed_total", "Failed ones.", edges, EdgeMetrics.Counted::failed);
    histogram(
        out,
        GRAPH + "client_seconds",
        "Durations as the caller saw them.",
        edges,
        EdgeMetrics.Counted::asClient);
    histogram(
        out,
        GRAPH + "server_seconds",
        "Durations as the callee saw them.",
        edges,
        EdgeMetrics.Counted::asServer);
    histogram(
        out,
        "troth_observe_tcp_rtt_seconds",
        "The kernel's smoothed round-trip time at each request.",
        edges,
        EdgeMetrics.Counted::roundTrips);
  }

  private static void counter(
      Writer out,
      String name,
      String help,
      List<EdgeMetrics.Counted> edges,
      ToLongFunction<EdgeMetrics.Counted> value)
      throws IOException {
    head(out, name, help, "counter");
    for (EdgeMetrics.Counted one : edges) {
      out.append(name).append('{').append(labels(one.edge())).append("} ");
      out.append(Long.toString(value.applyAsLong(one))).append('\n');
    }
  }

  private static void histogram(
      Writer out,
      String name,
      String help,
      List<EdgeMetrics.Counted> edges,
      Function<EdgeMetrics.Counted, DurationHistogram> value)
      throws IOException {
    head(out, name, help, "histogram");
    for (EdgeMetrics.Counted one : edges) {
      DurationHistogram histogram = value.apply(one);
      if (histogram.count() > 0) {
        PrometheusText.write(out, name, labels(one.edge()), histogram);
      }
    }
  }

  private static void head(Writer out, String name, String help, String type) throws IOException {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static String labels(Edge edge) {
    StringBuilder text = new StringBuilder();
    PrometheusText.label(text, "client", edge.client());
    PrometheusText.label(text.append(','), "server", edge.server());
    PrometheusText.label(text.append(','), "connection_type", edge.kind().text());
    PrometheusText.label(text.append(','), "system", edge.system());
    return text.toString();
  }
}
