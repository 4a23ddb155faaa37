package dev.troth.observe.metrics;

/** Durations counted in the buckets that the HTTP conventions ask for; seconds. */
public final class DurationHistogram {
  /** Upper bounds in seconds (OpenTelemetry, {@code http.server.request.duration}). */
  static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };

  private final long[] counts = new long[BOUNDS.length + 1];
  private long count;
  private double sum;

  void add(long nanos) {
    double seconds = nanos / 1e9;
    int bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    count++;
    sum += seconds;
  }

  DurationHistogram copy() {
    DurationHistogram copy = new DurationHistogram();
    System.arraycopy(counts, 0, copy.counts, 0, counts.length);
    copy.count = count;
    copy.sum = sum;
    return copy;
  }

  public long count() {
    return count;
  }

  /** Of all durations, in seconds. */
  public double sum() {
    return sum;
  }

  /** The upper bounds of all buckets but the last, in seconds. */
  public static double[] bounds() {
    return BOUNDS.clone();
  }

  /** The count of one bucket; the last has no upper bound. */
  public long count(int bucket) {
    return counts[bucket];
  }
}
