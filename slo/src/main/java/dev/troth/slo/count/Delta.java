package dev.troth.slo.count;

import java.util.stream.IntStream;

/** A change of one minute's counts. */
public final class Delta {
  private static final long[] NO_STEPS = {};

  private final long minute;
  private final long total;
  private final long unknown;
  private final long[] bad;
  private final long[] stepBad;

  /**
   * A change.
   *
   * @param minute minutes since 1970
   * @param bad bad events; of an interval, per part in the same order
   * @param stepBad events that failed at each step, for causes and charts
   */
  public Delta(long minute, long total, long[] bad, long unknown, long[] stepBad) {
    this.minute = minute;
    this.total = total;
    this.unknown = unknown;
    this.bad = bad.clone();
    this.stepBad = stepBad.clone();
  }

  /** A change without steps. */
  public static Delta of(long minute, long total, long bad) {
    return new Delta(minute, total, new long[] {bad}, 0, NO_STEPS);
  }

  /** Both changes, of the same minute, as one. */
  public Delta plus(Delta other) {
    return new Delta(
        minute,
        total + other.total,
        sum(bad, other.bad),
        unknown + other.unknown,
        sum(stepBad, other.stepBad));
  }

  private static long[] sum(long[] a, long[] b) {
    return IntStream.range(0, Math.max(a.length, b.length))
        .mapToLong(i -> (i < a.length ? a[i] : 0) + (i < b.length ? b[i] : 0))
        .toArray();
  }

  public long minute() {
    return minute;
  }

  public long total() {
    return total;
  }

  public long unknown() {
    return unknown;
  }

  /** Bad events of one part; part 0 unless it is an interval. */
  public long bad(int part) {
    return bad[part];
  }

  public int parts() {
    return bad.length;
  }

  /** Events that failed at one step; 0 where steps are not told apart. */
  public long stepBad(int step) {
    return step < stepBad.length ? stepBad[step] : 0;
  }

  public int steps() {
    return stepBad.length;
  }
}
