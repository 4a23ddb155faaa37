package dev.troth.slo.count;

import dev.troth.slo.objective.TimeSlices;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Events counted by time slices: one with events counts once, good or bad, at its last minute.
 *
 * <p>A slice is judged when the frontier has passed its last minute, and judged anew whenever late
 * events change it; the counters hold the verdicts alone, so a window costs what it does without
 * slices. Only slices that can still change are kept beside them. Not thread-safe.
 */
final class SliceTally {
  private final TimeSlices rule;
  private final long length;
  private final Counter total;
  private final Counter bad;
  private final TreeMap<Long, Slice> open = new TreeMap<>();
  private long frontier = Long.MIN_VALUE;
  private long newest = Long.MIN_VALUE;

  /** The events of a slice, and what it counts as. */
  private static final class Slice {
    private long events;
    private long failed;
    private boolean judged;
    private long counted;
    private long countedBad;
  }

  SliceTally(TimeSlices rule, Supplier<Counter> counters) {
    this.rule = rule;
    this.length = rule.length().toMinutes();
    this.total = counters.get();
    this.bad = counters.get();
  }

  /** Adds events of a minute that can still be corrected. */
  void add(long minute, long events, long failed) {
    newest = Math.max(newest, minute);
    long number = Math.floorDiv(minute, length);
    Slice slice = open.computeIfAbsent(number, _ -> new Slice());
    slice.events += events;
    slice.failed += failed;
    if (slice.judged) {
      judge(number, slice);
    }
    settle();
  }

  /** Moves the frontier on: the slices that end before this minute are known. */
  void advance(long minute) {
    frontier = Math.max(frontier, minute);
    settle();
    total.advance(minute);
    bad.advance(minute);
  }

  /** Judges what is known, oldest first, and forgets what cannot change any more. */
  private void settle() {
    for (Map.Entry<Long, Slice> first = open.firstEntry(); first != null; ) {
      long last = last(first.getKey());
      // Of a stored history, slices are known long before the frontier gets there.
      boolean settled = last <= Math.max(frontier, newest) - Counter.LATE;
      if (last >= frontier && !settled) {
        return;
      }
      if (!first.getValue().judged) {
        first.getValue().judged = true;
        judge(first.getKey(), first.getValue());
      }
      if (settled) {
        open.remove(first.getKey());
      }
      first = settled ? open.firstEntry() : open.higherEntry(first.getKey());
    }
  }

  private void judge(long number, Slice slice) {
    long counts = slice.events > 0 ? 1 : 0;
    long countsBad = counts > 0 && rule.isBad(slice.events, slice.failed) ? 1 : 0;
    long last = last(number);
    total.advance(last);
    bad.advance(last);
    if (counts != slice.counted) {
      total.add(last, counts - slice.counted);
    }
    if (countsBad != slice.countedBad) {
      bad.add(last, countsBad - slice.countedBad);
    }
    slice.counted = counts;
    slice.countedBad = countsBad;
  }

  /** How many can still change. */
  int open() {
    return open.size();
  }

  private long last(long number) {
    return (number + 1) * length - 1;
  }

  /**
   * The slices whose last minutes are within a stretch.
   *
   * @param measured slices that begin before this minute are of no window
   */
  Counts between(long from, long to, long measured) {
    long whole =
        measured == Long.MIN_VALUE || measured == Long.MAX_VALUE
            ? measured
            : Math.ceilDiv(measured, length) * length;
    long begin = Math.max(from, whole);
    long failed = bad.between(begin, to);
    return new Counts(total.between(begin, to), failed, failed);
  }
}
