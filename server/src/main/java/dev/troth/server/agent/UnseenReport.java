package dev.troth.server.agent;

import dev.troth.observe.otlp.Heartbeat;
import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.MetricPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent says that it has not seen of a service since it started.
 *
 * @param service empty for what may belong to any service of the machine
 * @param kind why requests are missing, or {@link #CALLS} or {@link #CONNECTIONS}
 */
record UnseenReport(
    String host, String instance, Instant started, String service, String kind, long amount) {
  /** Calls whose cause was not certain. */
  static final String CALLS = "calls";

  /** Connections that were not read. */
  static final String CONNECTIONS = "connections";

  private static final Set<String> REASONS = Set.of("lost", "abandoned", "dropped", "sampled");

  static List<UnseenReport> of(List<Batch> batches) {
    List<UnseenReport> reports = new ArrayList<>();
    for (Batch batch : batches) {
      for (MetricPoint point : batch.points()) {
        if (point.cumulative()) {
          kind(point).ifPresent(kind -> reports.add(of(point, kind)));
        }
      }
    }
    return reports;
  }

  private static Optional<String> kind(MetricPoint point) {
    return switch (point.metric()) {
      case Heartbeat.UNSEEN ->
          Optional.ofNullable(point.attributes().get(Heartbeat.REASON)).filter(REASONS::contains);
      case Heartbeat.UNJOINED -> Optional.of(CALLS);
      case Heartbeat.UNREAD -> Optional.of(CONNECTIONS);
      default -> Optional.empty();
    };
  }

  private static UnseenReport of(MetricPoint point, String kind) {
    return new UnseenReport(
        point.attributes().getOrDefault("host.name", ""),
        point.attributes().getOrDefault("service.instance.id", ""),
        point.started(),
        point.attributes().getOrDefault(Heartbeat.SERVICE, ""),
        kind,
        (long) point.value());
  }
}
