package dev.troth.observe.metrics;

/** Durations counted in buckets; seconds. */
public final class DurationHistogram {
  /** Upper bounds that the conventions ask for ({@code http.server.request.duration}). */
  static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };

  /** Upper bounds of durations within a machine or a data centre: finer below 5 ms. */
  static final double[] FINE_BOUNDS = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  /** Upper bounds of round trips: from loopback to a satellite. */
  static final double[] ROUND_TRIP_BOUNDS = {
    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 0.5, 1
  };

  private final double[] bounds;
  private final long[] counts;
  private long count;
  private double sum;

  DurationHistogram() {
    this(BOUNDS);
  }

  DurationHistogram(double[] bounds) {
    this.bounds = bounds;
    this.counts = new long[bounds.length + 1];
  }

  void add(long nanos) {
    double seconds = nanos / 1e9;
    int bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    count++;
    sum += seconds;
  }

  DurationHistogram copy() {
    DurationHistogram copy = new DurationHistogram(bounds);
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
  public double[] bounds() {
    return bounds.clone();
  }

  /** The count of one bucket; the last has no upper bound. */
  public long count(int bucket) {
    return counts[bucket];
  }
}
