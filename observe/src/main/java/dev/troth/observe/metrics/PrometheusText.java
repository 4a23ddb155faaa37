package dev.troth.observe.metrics;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Labels;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Everything that the agent measures, as Prometheus text (version 0.0.4). It is written piece by
 * piece: as one text it would not fit into the agent's heap.
 */
public final class PrometheusText {
  private final RequestMetrics requests;
  private final Supplier<AgentCounters> counters;

  public PrometheusText(RequestMetrics requests, Supplier<AgentCounters> counters) {
    this.requests = requests;
    this.counters = counters;
  }

  /** Writes all of it. */
  public void writeTo(Writer out) throws IOException {
    List<RequestMetrics.Group> groups = requests.groups();
    Set<String> metrics = new TreeSet<>();
    groups.forEach(
        group -> group.series().keySet().forEach(labels -> metrics.add(labels.metric())));
    for (String metric : metrics) {
      durations(out, metric, groups);
    }
    EdgeText.write(out, requests.edges().all());
    AgentCounters now = counters.get();
    AgentCounters.Kernel kernel = now.kernel();
    counter(out, "events", "Events taken from the kernel.", kernel.events());
    counter(out, "events_lost", "Events that found no room in the ring buffer.", kernel.lost());
    counter(out, "events_shed", "Parts of bodies left out so that heads find room.", kernel.shed());
    counter(out, "events_cut", "Messages cut short in a crowded ring buffer.", kernel.cut());
    counter(out, "unreadable", "Messages whose memory could not be read.", kernel.unreadable());
    counter(out, "unix_messages", "Messages over unix sockets, not read.", kernel.unix());
    counter(
        out, "hidden_messages", "Messages that no call read or wrote, not read.", kernel.hidden());
    counter(out, "requests", "Requests seen.", now.requests());
    counter(out, "requests_abandoned", "Requests whose end was lost.", now.abandoned());
    gauge(out, "requests_missing", "Estimate of requests lost with events.", now.missing());
    counter(out, "requests_uncounted", "Requests beyond the most series.", requests.refused());
    counter(out, "edges_other", "Requests of edges beyond the most.", requests.edges().others());
    logs(out, requests.logs());
    counter(out, "spans", "Spans handed to the outputs.", now.spans());
    counter(out, "injected", "Calls into which a trace context was written.", now.injected());
    counter(out, "unjoined", "Calls whose cause was not certain.", now.unjoined());
    counter(
        out, "stalls", "Times that the agent did not run for a second.", now.trouble().stalls());
    counter(
        out, "faults", "Connections given up for a fault of the agent.", now.trouble().faults());
    counter(out, "given_up", "Connections given up for want of room.", now.trouble().givenUp());
    counter(
        out, "unknown_process_events", "Events of unknown processes.", now.trouble().strangers());
    gauge(out, "targets", "Processes watched.", now.targets());
    gauge(out, "open_sockets", "Sockets remembered.", now.openSockets());
    unread(out, now.unread());
    OwnUse use = OwnUse.now();
    out.append("# TYPE troth_observe_cpu_seconds_total counter\n");
    out.append(
        String.format(Locale.ROOT, "troth_observe_cpu_seconds_total %.3f\n", use.cpuNanos() / 1e9));
    gauge(out, "resident_bytes", "Memory of the agent.", use.residentBytes());
  }

  private static void logs(Writer out, LogCounts logs) throws IOException {
    if (logs.isOn()) {
      counter(out, "log_lines", "Lines reported.", logs.lines());
      counter(out, "log_lines_joined", "Those with the ids of their request.", logs.joined());
      counter(out, "log_lines_cut", "Lines with a part missing.", logs.cut());
      counter(out, "log_lines_left", "Lines and writes that were left out.", logs.left());
    }
  }

  private static void durations(Writer out, String metric, List<RequestMetrics.Group> groups)
      throws IOException {
    String name = metric.replace('.', '_') + "_seconds";
    out.append("# HELP ").append(name).append(" Duration of requests.\n");
    out.append("# TYPE ").append(name).append(" histogram\n");
    for (RequestMetrics.Group group : groups) {
      for (var entry : group.series().entrySet()) {
        if (entry.getKey().metric().equals(metric)) {
          write(out, name, labels(group.target(), entry.getKey()), entry.getValue());
        }
      }
    }
  }

  static void write(Writer out, String name, String labels, DurationHistogram histogram)
      throws IOException {
    long below = 0;
    double[] bounds = histogram.bounds();
    for (int i = 0; i <= bounds.length; i++) {
      below += histogram.count(i);
      String bound = i == bounds.length ? "+Inf" : BigDecimal.valueOf(bounds[i]).toPlainString();
      out.append(name).append("_bucket{").append(labels).append(",le=\"").append(bound);
      out.append("\"} ").append(Long.toString(below)).append('\n');
    }
    out.append(name).append("_sum{").append(labels).append("} ");
    out.append(Double.toString(histogram.sum()));
    out.append('\n').append(name).append("_count{").append(labels).append("} ");
    out.append(Long.toString(histogram.count())).append('\n');
  }

  private static String labels(Target target, Labels labels) {
    StringBuilder text = new StringBuilder();
    label(text, "service_name", target.service());
    label(text.append(','), "service_instance_id", target.instance());
    for (Attribute attribute : labels.values()) {
      String value =
          switch (attribute.value()) {
            case Attribute.Text(String content) -> content;
            case Attribute.Whole(long number) -> Long.toString(number);
            case Attribute.Texts(List<String> texts) -> String.join(",", texts);
          };
      label(text.append(','), attribute.name().replace('.', '_'), value);
    }
    return text.toString();
  }

  static void label(StringBuilder text, String name, String value) {
    text.append(name).append("=\"").append(escape(value)).append('"');
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static void unread(Writer out, List<Unread> all) throws IOException {
    String name = "troth_observe_unread_connections_total";
    out.append("# HELP ").append(name).append(" Connections that the agent does not read.\n");
    out.append("# TYPE ").append(name).append(" counter\n");
    for (Unread one : all) {
      StringBuilder labels = new StringBuilder();
      label(labels, "service_name", one.service());
      label(labels.append(','), "port", Integer.toString(one.port()));
      label(labels.append(','), "what", one.what());
      out.append(name).append('{').append(labels).append("} ");
      out.append(Long.toString(one.connections())).append('\n');
    }
  }

  private static void counter(Writer out, String name, String help, long value) throws IOException {
    sample(out, "troth_observe_" + name + "_total", "counter", help, value);
  }

  private static void gauge(Writer out, String name, String help, long value) throws IOException {
    sample(out, "troth_observe_" + name, "gauge", help, value);
  }

  private static void sample(Writer out, String name, String type, String help, long value)
      throws IOException {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    out.append(name).append(' ').append(Long.toString(value)).append('\n');
  }
}
