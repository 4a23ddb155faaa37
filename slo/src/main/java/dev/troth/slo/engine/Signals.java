package dev.troth.slo.engine;

import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.Measure;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Since when and how often each counter of an objective is received. A counter that never was is
 * not a counter at zero. Not thread-safe.
 */
final class Signals {
  /** No point of the counter was ever received. */
  static final long NEVER = Long.MAX_VALUE;

  /** A sender that is silent for longer is not waited for. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Duration TRANSIT = Duration.ofSeconds(30);

  private final Measure.Counters measure;
  private final long[] since;
  private final long[] every;

  Signals(Measure.Counters measure) {
    this.measure = measure;
    this.since = new long[1 + measure.parts().size()];
    Arrays.fill(since, NEVER);
    this.every = new long[since.length];
  }

  /**
   * Takes what is known of a counter; {@code part} -1 is the total. Returns whether that is news.
   */
  boolean received(int part, Signal signal) {
    int at = part + 1;
    long length = Math.min(signal.every().toMillis(), LONGEST.toMillis());
    long before = every[at];
    // Senders differ: the slowest counts, and is forgotten when it is not seen again.
    every[at] = length == 0 ? before : Math.max(length, before * 9 / 10);
    boolean earlier = signal.minute() < since[at];
    since[at] = Math.min(since[at], signal.minute());
    return earlier || every[at] > before || every[at] < before * 3 / 4;
  }

  /** What is known of a counter. */
  Signal signal(int part) {
    return new Signal(since[part + 1], Duration.ofMillis(every[part + 1]));
  }

  /** How long after a minute all counters have told what they counted in it. */
  Duration complete(Duration watermark) {
    long slowest = 0;
    for (long one : every) {
      slowest = Math.max(slowest, one);
    }
    Duration wait = Duration.ofMillis(slowest).plus(TRANSIT);
    return slowest > 0 && wait.compareTo(watermark) > 0 ? wait : watermark;
  }

  /** The first counter that was never received, as people know it. */
  Optional<String> missing() {
    for (int i = 0; i < since.length; i++) {
      if (since[i] == NEVER) {
        return Optional.of(name(i - 1));
      }
    }
    return Optional.empty();
  }

  /** Whether nothing at all was received. */
  boolean none() {
    for (long one : since) {
      if (one != NEVER) {
        return false;
      }
    }
    return true;
  }

  /**
   * From which minute on all events have both of the counts that they need; empty while they do
   * not. Only where good events are counted: without the total, or without them, nothing is known.
   */
  Optional<Long> complete() {
    long latest = since[0];
    boolean first = true;
    for (int i = 0; i < measure.parts().size(); i++) {
      if (measure.parts().get(i).countsGood()) {
        latest = Math.max(latest, since[i + 1]);
        first = false;
      }
    }
    if (latest == NEVER) {
      return Optional.empty();
    }
    // The minute in which a counter begins is counted in part.
    return Optional.of(first ? Long.MIN_VALUE : latest + 1);
  }

  /** {@code total (http.requests)}. */
  private String name(int part) {
    String name = part < 0 ? "total" : measure.parts().get(part).name();
    CounterRef counter = part < 0 ? measure.total() : measure.parts().get(part).counter();
    String attributes = counter.attributes().isEmpty() ? "" : " " + counter.attributes();
    return "%s (%s%s)".formatted(name, counter.metric(), attributes);
  }
}
