package dev.troth.slo.series;

import java.util.Arrays;

/**
 * Samples of one series in the order of time. A NaN that is {@link #STALE} says that the series
 * ended there.
 *
 * <p>Not thread-safe.
 */
public final class Series {
  /** What Prometheus writes where a series ends; told by its bits from a NaN that was measured. */
  public static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

  private final LabelSet labels;
  private long[] times = new long[16];
  private double[] values = new double[16];

  /** What counter resets took away, up to each sample. */
  private double[] resets = new double[16];

  /** How many samples are no stale marks, up to each one. */
  private int[] measured = new int[16];

  private int size;

  Series(LabelSet labels) {
    this.labels = labels;
  }

  /** Whether a value marks the end of a series. */
  public static boolean isStale(double value) {
    return Double.doubleToRawLongBits(value) == 0x7ff0000000000002L;
  }

  public LabelSet labels() {
    return labels;
  }

  /** Appends a sample; a stale mark is kept for looks at an instant alone. */
  public void add(long millis, double value) {
    if (size > 0 && millis <= times[size - 1]) {
      throw new IllegalArgumentException(
          "%s has a sample at %d after one at %d, expected the order of time"
              .formatted(labels, millis, times[size - 1]));
    }
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      resets = Arrays.copyOf(resets, 2 * size);
      measured = Arrays.copyOf(measured, 2 * size);
    }
    times[size] = millis;
    values[size] = value;
    int before = size - 1;
    while (before >= 0 && isStale(values[before])) {
      before--;
    }
    double lost = before >= 0 ? resets[before] : 0;
    resets[size] = before >= 0 && value < values[before] ? lost + values[before] : lost;
    measured[size] = (size > 0 ? measured[size - 1] : 0) + (isStale(value) ? 0 : 1);
    size++;
  }

  /** How many samples from one place to another, both included, are no stale marks. */
  public int measured(int from, int to) {
    return measured[to] - (from > 0 ? measured[from - 1] : 0);
  }

  public int size() {
    return size;
  }

  public long time(int index) {
    return times[index];
  }

  public double value(int index) {
    return values[index];
  }

  /** What was counted between two samples, resets made up for. */
  public double increase(int from, int to) {
    return values[to] - values[from] + (resets[to] - resets[from]);
  }

  /** The place of the first sample at this time or later. */
  public int from(long millis) {
    int place = Arrays.binarySearch(times, 0, size, millis);
    return place >= 0 ? place : -place - 1;
  }
}
