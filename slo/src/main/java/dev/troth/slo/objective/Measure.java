package dev.troth.slo.objective;

import dev.troth.slo.chain.Chain;
import java.time.Duration;
import java.util.List;

/** What is counted, and from what. */
public sealed interface Measure {
  /** Requests of a chain, good or bad; {@code disjoint} is for counters only. */
  record Requests(Chain chain, CountingMethod kind) implements Measure {
    public Requests {
      if (kind == CountingMethod.DISJOINT) {
        throw new IllegalArgumentException(
            "kind is disjoint, expected exact, interval or additive: spans need no disjoint sums");
      }
    }
  }

  /** Good requests of a chain, within the threshold or slower. */
  record Latency(Chain chain, Duration threshold) implements Measure {
    public Latency {
      if (threshold.isZero() || threshold.isNegative()) {
        throw new IllegalArgumentException("latency threshold is not above 0");
      }
    }
  }

  /** Counters of metrics: all events, and the bad ones by where they are counted. */
  record Counters(CountingMethod kind, CounterRef total, List<Part> parts) implements Measure {
    public Counters {
      if (kind == CountingMethod.EXACT) {
        throw new IllegalArgumentException(
            "kind is exact, expected disjoint, interval or additive for counters");
      }
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("no counter of failures is named");
      }
      parts = List.copyOf(parts);
    }
  }

  /** Nothing is counted yet, and why. */
  record Unmeasured(String reason) implements Measure {}

  /**
   * One counter of a composite.
   *
   * @param countsGood the counter counts good events: bad ones are the total less this
   * @param attempts the counter counts attempts, of which one request may make several: it bounds
   *     nothing
   */
  record Part(String name, CounterRef counter, boolean countsGood, boolean attempts) {}

  /** The word of the API: {@code availability} or {@code latency}. */
  default String word() {
    return this instanceof Latency ? "latency" : "availability";
  }
}
