package dev.troth.slo.export;

import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.util.List;

/** What to ask Prometheus for the events of an objective over a window that ends at each point. */
public record PrometheusQueries(String total, String bad) {
  /** The queries of its file, or those of the platform's counters. */
  public static PrometheusQueries of(Objective objective, Loaded loaded, Duration window)
      throws RefusedException {
    List<String> refusals = EventSource.uncountable(objective, loaded);
    if (!refusals.isEmpty()) {
      throw new RefusedException(refusals);
    }
    EventSource source = EventSource.of(objective, loaded);
    return new PrometheusQueries(source.total(window), source.bad(window));
  }
}
