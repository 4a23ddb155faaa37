package dev.troth.server.counting;

import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of one stream of a counter's points; times are nanoseconds since 1970.
 *
 * @param lastValue of a cumulative counter; of another, the fraction that is not counted yet
 * @param lastAt the newest point
 * @param recent of a counter that is not cumulative, the newest points: start and end in turn
 */
record CounterStream(double lastValue, long lastAt, List<Long> recent) {
  private static final int MOST = 2 * 32;

  CounterStream {
    recent = List.copyOf(recent);
  }

  static CounterStream cumulative(double value, long at) {
    return new CounterStream(value, at, List.of());
  }

  /** Whether this point was taken, or is so old that this cannot be known. */
  boolean knows(long start, long end) {
    boolean full = recent.size() >= MOST;
    long oldest = Long.MAX_VALUE;
    for (int i = 0; i < recent.size(); i += 2) {
      if (recent.get(i) == start && recent.get(i + 1) == end) {
        return true;
      }
      oldest = Math.min(oldest, recent.get(i + 1));
    }
    return full && end < oldest;
  }

  /** The same after one more point. */
  CounterStream and(long start, long end, double fraction) {
    List<Long> points = new ArrayList<>(recent);
    points.add(start);
    points.add(end);
    if (points.size() > MOST) {
      forgetOldest(points);
    }
    return new CounterStream(fraction, Math.max(lastAt, end), points);
  }

  private static void forgetOldest(List<Long> points) {
    int oldest = 0;
    for (int i = 2; i < points.size(); i += 2) {
      oldest = points.get(i + 1) < points.get(oldest + 1) ? i : oldest;
    }
    points.subList(oldest, oldest + 2).clear();
  }
}
