package dev.troth.slo.count;

import dev.troth.slo.objective.Exclusion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * All counts of one objective: total and bad over its windows, steps and unknowns over six hours.
 *
 * <p>About 110 kB for a monthly window, and 1.5 kB a step; an interval has one counter per part.
 * Not thread-safe.
 */
public final class Tally {
  private final Counter total;
  private final Counter[] bad;
  private final Recent unknown;
  private final Recent[] steps;
  private final long[][] exclusions;
  private long first = Long.MAX_VALUE;
  private long lastEvent = Long.MIN_VALUE;

  /** An empty tally. */
  public Tally(Shape shape, List<Exclusion> exclusions, long minute) {
    // Room before the first minute, for counts that are late already at the start.
    long from = minute - Counter.LATE;
    this.total = new Counter(shape.longest, from);
    this.bad = new Counter[shape.parts];
    for (int i = 0; i < shape.parts; i++) {
      bad[i] = new Counter(shape.longest, from);
    }
    this.unknown = new Recent(from);
    this.steps = new Recent[shape.steps];
    for (int i = 0; i < shape.steps; i++) {
      steps[i] = new Recent(from);
    }
    this.exclusions = disjoint(exclusions);
    advance(minute);
  }

  /**
   * Its size.
   *
   * @param parts counters of bad events whose overlap is unknown; 1 unless it is an interval
   */
  public record Shape(Duration longest, int parts, int steps) {}

  /** In whole minutes, merged where they overlap, so that nothing is subtracted twice. */
  private static long[][] disjoint(List<Exclusion> exclusions) {
    long[][] sorted =
        exclusions.stream()
            .map(e -> new long[] {minute(e.from()), minute(e.to().plusSeconds(59))})
            .sorted((a, b) -> Long.compare(a[0], b[0]))
            .toArray(long[][]::new);
    var merged = new java.util.ArrayList<long[]>();
    for (long[] next : sorted) {
      if (!merged.isEmpty() && next[0] <= merged.getLast()[1]) {
        merged.getLast()[1] = Math.max(merged.getLast()[1], next[1]);
      } else {
        merged.add(next);
      }
    }
    return merged.toArray(long[][]::new);
  }

  /** The minute since 1970 of an instant. */
  public static long minute(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), 60L);
  }

  /** Moves on to this minute; never back. */
  public void advance(long minute) {
    if (minute <= total.head()) {
      return;
    }
    total.advance(minute);
    for (Counter counter : bad) {
      counter.advance(minute);
    }
    unknown.advance(minute);
    for (Recent step : steps) {
      step.advance(minute);
    }
  }

  /** Adds counts; false if their minute is too long ago to be corrected. */
  public boolean add(Delta delta) {
    advance(delta.minute());
    if (delta.minute() <= total.head() - Counter.LATE) {
      return false;
    }
    total.add(delta.minute(), delta.total());
    for (int i = 0; i < bad.length; i++) {
      if (delta.bad(i) != 0) {
        bad[i].add(delta.minute(), delta.bad(i));
      }
    }
    unknown.add(delta.minute(), delta.unknown());
    for (int i = 0; i < steps.length; i++) {
      steps[i].add(delta.minute(), delta.stepBad(i));
    }
    if (delta.total() > 0) {
      first = Math.min(first, delta.minute());
      lastEvent = Math.max(lastEvent, delta.minute());
    }
    return true;
  }

  /** The counts from the start of this minute until now, without what is excluded. */
  public Counts since(long minute) {
    long events = total.since(minute);
    long low = 0;
    long high = 0;
    for (Counter counter : bad) {
      long count = counter.since(minute);
      low = Math.max(low, count);
      high += count;
    }
    if (exclusions.length > 0) {
      return withoutExcluded(minute);
    }
    return new Counts(events, bounded(low, events), bounded(high, events));
  }

  /** A failure that is added twice (additive) may exceed the total; an interval never does. */
  private long bounded(long count, long events) {
    return bad.length == 1 ? count : Math.min(count, events);
  }

  private Counts withoutExcluded(long minute) {
    long events = remaining(total, minute);
    long low = 0;
    long high = 0;
    for (Counter counter : bad) {
      long count = remaining(counter, minute);
      low = Math.max(low, count);
      high += count;
    }
    return new Counts(events, bounded(low, events), bounded(high, events));
  }

  private long remaining(Counter counter, long minute) {
    long count = counter.since(minute);
    for (long[] exclusion : exclusions) {
      count -= counter.between(Math.max(minute, exclusion[0]), exclusion[1]);
    }
    return count;
  }

  /** Whether this minute is excluded. */
  public boolean excluded(long minute) {
    for (long[] exclusion : exclusions) {
      if (minute >= exclusion[0] && minute < exclusion[1]) {
        return true;
      }
    }
    return false;
  }

  /** Unknown requests since this minute, at most the last six hours. */
  public long unknownSince(long minute) {
    return unknown.since(minute);
  }

  /** Requests that failed at a step since this minute, at most the last six hours. */
  public long stepBadSince(int step, long minute) {
    return steps[step].since(minute);
  }

  /** The newest minute. */
  public long head() {
    return total.head();
  }

  /** The minute of the first event that was counted; {@code Long.MAX_VALUE} if there is none. */
  public long first() {
    return first;
  }

  /** The newest minute with an event; {@code Long.MIN_VALUE} if there is none. */
  public long lastEvent() {
    return lastEvent;
  }
}
