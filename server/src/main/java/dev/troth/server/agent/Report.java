package dev.troth.server.agent;

import dev.troth.observe.otlp.Heartbeat;
import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.MetricPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an agent says of itself: the points of one heartbeat.
 *
 * @param instance which of the agents that ever ran on the host
 * @param started when it began to count
 * @param missed how much it has missed since then: events, spans and turns of its own
 * @param stopped whether this is its last word
 */
record Report(String host, String instance, Instant started, long missed, boolean stopped) {
  private static final Set<String> OWN =
      Set.of(Heartbeat.LOST, Heartbeat.DROPPED, Heartbeat.STALLS, Heartbeat.STOPPED);

  /** The reports of the machines that are in some batches, the latest of each alone. */
  static List<Report> of(List<Batch> batches) {
    Map<String, Report> latest = new LinkedHashMap<>();
    for (Batch batch : batches) {
      Map<String, Report> here = new LinkedHashMap<>();
      for (MetricPoint point : batch.points()) {
        if (OWN.contains(point.metric()) && point.cumulative()) {
          Report one = of(point);
          here.merge(one.host + '\n' + one.instance, one, Report::plus);
        }
      }
      here.values().forEach(report -> latest.merge(report.host, report, Report::later));
    }
    return new ArrayList<>(latest.values());
  }

  private static Report of(MetricPoint point) {
    boolean last = point.metric().equals(Heartbeat.STOPPED);
    return new Report(
        point.attributes().getOrDefault("host.name", ""),
        point.attributes().getOrDefault("service.instance.id", ""),
        point.started(),
        last ? 0 : (long) point.value(),
        last && point.value() > 0);
  }

  private Report plus(Report other) {
    return new Report(host, instance, started, missed + other.missed, stopped || other.stopped);
  }

  private Report later(Report other) {
    return other.started.isBefore(started) ? this : other;
  }
}
