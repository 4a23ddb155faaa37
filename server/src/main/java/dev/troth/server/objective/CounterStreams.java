package dev.troth.server.objective;

import dev.troth.server.telemetry.MetricPoint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last values of cumulative counters, from which increments follow.
 *
 * <p>A counter that began before it was first seen gives nothing at first: how much of it was
 * counted before is not known. One that began since gives all of its value. Bounded; the series not
 * seen for longest are forgotten first.
 */
final class CounterStreams {
  private static final int MOST = 20_000;

  private final Map<Series, Double> last =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Series, Double> eldest) {
          return size() > MOST;
        }
      };
  private final Instant since;

  private record Series(String metric, Map<String, String> attributes, Instant started) {}

  /** Streams as seen since this time. */
  CounterStreams(Instant since) {
    this.since = since;
  }

  /** How much a point adds to what was counted. */
  int increment(MetricPoint point) {
    if (!point.cumulative()) {
      return clamp(point.value());
    }
    Series series = new Series(point.metric(), point.attributes(), point.started());
    Double before = last.put(series, point.value());
    if (before == null) {
      return point.started().isBefore(since) ? 0 : clamp(point.value());
    }
    // A smaller value with the same start breaks the protocol; nothing can be said of it.
    return clamp(Math.max(0, point.value() - before));
  }

  private static int clamp(double value) {
    return Math.clamp(Math.round(value), 0, 100_000_000);
  }
}
