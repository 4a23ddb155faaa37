package dev.troth.slo.count;

import java.util.stream.IntStream;

/** A change of one minute's counts. */
public final class Delta {
  private static final int[] NO_STEPS = {};

  private final long minute;
  private final int total;
  private final int unknown;
  private final int[] bad;
  private final int[] stepBad;

  /**
   * A change.
   *
   * @param minute minutes since 1970
   * @param bad bad events; of an interval, per part in the same order
   * @param stepBad events that failed at each step, for causes and charts
   */
  public Delta(long minute, int total, int[] bad, int unknown, int[] stepBad) {
    this.minute = minute;
    this.total = total;
    this.unknown = unknown;
    this.bad = bad.clone();
    this.stepBad = stepBad.clone();
  }

  /** A change without steps. */
  public static Delta of(long minute, int total, int bad) {
    return new Delta(minute, total, new int[] {bad}, 0, NO_STEPS);
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

  private static int[] sum(int[] a, int[] b) {
    return IntStream.range(0, Math.max(a.length, b.length))
        .map(i -> (i < a.length ? a[i] : 0) + (i < b.length ? b[i] : 0))
        .toArray();
  }

  public long minute() {
    return minute;
  }

  public int total() {
    return total;
  }

  public int unknown() {
    return unknown;
  }

  /** Bad events of one part; part 0 unless it is an interval. */
  public int bad(int part) {
    return bad[part];
  }

  public int parts() {
    return bad.length;
  }

  /** Events that failed at one step; 0 where steps are not told apart. */
  public int stepBad(int step) {
    return step < stepBad.length ? stepBad[step] : 0;
  }

  public int steps() {
    return stepBad.length;
  }
}
