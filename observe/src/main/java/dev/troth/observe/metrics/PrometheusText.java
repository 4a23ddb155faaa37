package dev.troth.observe.metrics;

import java.util.Locale;
import java.util.function.Supplier;

/** Everything that the agent measures, as Prometheus text. */
public final class PrometheusText {
  private final RequestMetrics requests;
  private final Supplier<AgentCounters> counters;

  public PrometheusText(RequestMetrics requests, Supplier<AgentCounters> counters) {
    this.requests = requests;
    this.counters = counters;
  }

  public String text() {
    StringBuilder out = new StringBuilder(4_096);
    requests.writeTo(out);
    AgentCounters now = counters.get();
    counter(out, "events", "Events taken from the kernel.", now.events());
    counter(out, "events_lost", "Events that found no room in the ring buffer.", now.lost());
    counter(out, "events_shed", "Parts of bodies left out so that heads find room.", now.shed());
    counter(out, "unreadable", "Messages whose memory could not be read.", now.unreadable());
    counter(out, "requests", "Requests seen.", now.requests());
    counter(out, "requests_abandoned", "Requests whose end was lost.", now.abandoned());
    counter(out, "spans", "Spans handed to the outputs.", now.spans());
    gauge(out, "targets", "Processes watched.", now.targets());
    gauge(out, "open_sockets", "Sockets remembered.", now.openSockets());
    OwnUse use = OwnUse.now();
    out.append("# TYPE troth_observe_cpu_seconds_total counter\n");
    out.append(
        String.format(Locale.ROOT, "troth_observe_cpu_seconds_total %.3f%n", use.cpuNanos() / 1e9));
    gauge(out, "resident_bytes", "Memory of the agent.", use.residentBytes());
    return out.toString();
  }

  private static void counter(StringBuilder out, String name, String help, long value) {
    sample(out, "troth_observe_" + name + "_total", "counter", help, value);
  }

  private static void gauge(StringBuilder out, String name, String help, long value) {
    sample(out, "troth_observe_" + name, "gauge", help, value);
  }

  private static void sample(StringBuilder out, String name, String type, String help, long value) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    out.append(name).append(' ').append(value).append('\n');
  }
}
