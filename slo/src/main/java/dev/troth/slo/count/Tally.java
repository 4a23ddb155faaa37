package dev.troth.slo.count;

import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.MaintenanceTimes;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All counts of one objective: total and bad over its windows, steps and unknowns over six hours.
 *
 * <p>Windows end at the frontier, which the caller moves. Counts of later minutes, from senders
 * whose clocks are ahead or whose data are not complete yet, are kept and read when the frontier
 * gets there.
 *
 * <p>About 110 kB for a monthly window, and 3 kB a step; an interval has one counter per part. Not
 * thread-safe.
 */
public final class Tally {
  private final Edge edge;
  private final boolean additive;
  private final Counter total;
  private final Counter[] bad;
  private final Recent unknown;
  private final Recent[] steps;
  private final long[][] exclusions;
  private final @Nullable SliceTally slices;
  private final LeftOut leftOut;
  private long frontier;
  private long measured = Long.MIN_VALUE;
  private long first = Long.MAX_VALUE;
  private long lastEvent = Long.MIN_VALUE;

  /** An empty tally without maintenance. */
  public Tally(Shape shape, List<Exclusion> exclusions, long minute) {
    this(shape, exclusions, new MaintenanceTimes(List.of()), minute);
  }

  /** An empty tally. */
  public Tally(Shape shape, List<Exclusion> exclusions, MaintenanceTimes maintenance, long minute) {
    // Room before the first minute, for counts that are late already at the start.
    long from = minute - Counter.LATE;
    this.edge = shape.edge;
    this.additive = shape.additive;
    this.total = shape.counter(from);
    this.bad = new Counter[shape.parts];
    for (int i = 0; i < shape.parts; i++) {
      bad[i] = shape.counter(from);
    }
    this.unknown = new Recent(from);
    this.steps = new Recent[shape.steps];
    for (int i = 0; i < shape.steps; i++) {
      steps[i] = new Recent(from);
    }
    this.exclusions = disjoint(exclusions);
    this.leftOut = new LeftOut(maintenance, () -> shape.counter(from));
    this.slices =
        shape.slices.map(rule -> new SliceTally(rule, () -> shape.counter(from))).orElse(null);
    advance(minute);
  }

  /** Whether the minute of the frontier is part of a window. */
  public enum Edge {
    /** What was counted of it so far is: each request is counted whole. */
    FILLING,
    /** Only whole minutes are: of a minute in part, one counter may have more than the other. */
    WHOLE
  }

  /**
   * Its size.
   *
   * @param parts counters of bad events whose overlap is unknown; 1 unless it is an interval
   * @param additive bad events may be more than all events
   * @param minutes how many minutes are kept one by one, at most three days; windows that are
   *     longer begin at an edge of ten minutes
   * @param slices by which events are judged; empty if each counts by itself
   */
  public record Shape(
      Window window,
      int parts,
      int steps,
      Edge edge,
      boolean additive,
      int minutes,
      Optional<TimeSlices> slices) {
    /** Of a whole objective: three days of minutes. */
    public static final int DAYS = 3 * 1_440;

    public Shape {
      if (slices.isPresent() && (parts != 1 || additive)) {
        throw new IllegalArgumentException("slices are judged by one count of bad events");
      }
    }

    Counter counter(long from) {
      long phase =
          switch (window) {
            case Window.Rolling _ -> 0;
            // Windows of a zone begin in the same minute of an hour, or half an hour later.
            case Window.Calendar calendar ->
                minute(calendar.start(Instant.ofEpochSecond(60 * from)));
          };
      return new Counter(window.length(), from, phase, minutes);
    }
  }

  /** In whole minutes, merged where they overlap. */
  private static long[][] disjoint(List<Exclusion> exclusions) {
    long[][] sorted =
        exclusions.stream()
            .map(e -> new long[] {minute(e.from()), minute(e.to().plusSeconds(59))})
            .sorted((a, b) -> Long.compare(a[0], b[0]))
            .toArray(long[][]::new);
    List<long[]> merged = new ArrayList<>();
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

  /** Moves the frontier on to this minute; never back. */
  public void advance(long minute) {
    if (minute > frontier) {
      frontier = minute;
      reach(minute);
      if (slices != null) {
        slices.advance(minute);
      }
    }
  }

  private void reach(long minute) {
    if (minute <= total.head()) {
      return;
    }
    total.advance(minute);
    for (Counter counter : bad) {
      counter.advance(minute);
    }
    leftOut.advance(minute);
    unknown.advance(minute);
    for (Recent step : steps) {
      step.advance(minute);
    }
  }

  /** Whether counts of this minute could still be added, as far as it has come. */
  public boolean takes(long minute) {
    return minute > total.head() - Counter.LATE;
  }

  /** Adds counts; false if their minute is too long ago to be corrected. */
  public boolean add(Delta delta) {
    reach(delta.minute());
    if (!takes(delta.minute())) {
      return false;
    }
    if (!isExcluded(delta.minute()) && !leftOut.take(delta, bad.length)) {
      count(delta);
    }
    if (delta.total() > 0) {
      first = Math.min(first, delta.minute());
      lastEvent = Math.max(lastEvent, delta.minute());
    }
    return true;
  }

  private boolean isExcluded(long minute) {
    for (long[] exclusion : exclusions) {
      if (minute >= exclusion[0] && minute < exclusion[1]) {
        return true;
      }
    }
    return false;
  }

  private void count(Delta delta) {
    if (slices != null) {
      slices.add(delta.minute(), delta.total(), delta.bad(0));
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
  }

  /** What one maintenance, by its place, left out since the start of this minute. */
  public Counts leftOut(int maintenance, long minute) {
    return leftOut.between(maintenance, Math.max(minute, measured), until());
  }

  /** How long nothing was counted up to the frontier, in minutes without those in maintenance. */
  public long silent() {
    return frontier - lastEvent - leftOut.minutes(lastEvent + 1, frontier + 1);
  }

  /** Counts before this minute are of no window: not all that they need was received yet. */
  public void measuredFrom(long minute) {
    measured = minute;
  }

  /**
   * The counts from the start of this minute to the frontier, without what is excluded: events, or
   * the time slices that ended since then.
   */
  public Counts since(long minute) {
    return slices == null ? eventsSince(minute) : slices.between(minute, until(), measured);
  }

  /** The same of events, also where time slices are counted. */
  public Counts eventsSince(long minute) {
    long events = Math.max(0, remaining(total, minute));
    long low = 0;
    long high = 0;
    for (Counter counter : bad) {
      long count = remaining(counter, minute);
      low = Math.max(low, count);
      high += Math.max(0, count);
    }
    return new Counts(events, bounded(low, events), bounded(high, events));
  }

  /** A failure that is added twice (additive) may exceed the total; nothing else can. */
  private long bounded(long count, long events) {
    return additive ? count : Math.min(count, events);
  }

  /** By how many the bad events of a part are below 0, or else above all events; 0 is possible. */
  public long impossible(int part, long minute) {
    long count = remaining(bad[part], minute);
    return count < 0 ? count : Math.max(0, count - Math.max(0, remaining(total, minute)));
  }

  private long remaining(Counter counter, long minute) {
    return counter.between(Math.max(minute, measured), until());
  }

  /** The first minute behind all windows. */
  private long until() {
    return switch (edge) {
      case FILLING -> frontier + 1;
      case WHOLE -> frontier;
    };
  }

  /** Unknown requests since this minute, at most the last six hours. */
  public long unknownSince(long minute) {
    return unknown.between(minute, until());
  }

  /** Requests that failed at a step since this minute, at most the last six hours. */
  public long stepBadSince(int step, long minute) {
    return steps[step].between(minute, until());
  }

  /** How many time slices can still change. */
  int openSlices() {
    return slices == null ? 0 : slices.open();
  }

  /** The minute up to which everything is counted. */
  public long head() {
    return frontier;
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
