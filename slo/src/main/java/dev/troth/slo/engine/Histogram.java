package dev.troth.slo.engine;

/**
 * A histogram whose buckets grow by the 32nd root of 2 (OpenTelemetry's exponential histogram,
 * scale 5), so that a quantile is off by at most 1.1 %. It draws charts; promises are counted at
 * their threshold.
 */
public final class Histogram {
  private static final int SCALE = 5;
  private static final double PER_DOUBLING = 1 << SCALE;

  private Histogram() {}

  /** The bucket of a latency; buckets are ordered, 0 holds what is up to a microsecond. */
  public static int bucket(long nanos) {
    double micros = nanos / 1_000.0;
    return micros <= 1 ? 0 : (int) Math.ceil(Math.log(micros) / Math.log(2) * PER_DOUBLING);
  }

  /** The middle of a bucket, in milliseconds. */
  public static double millis(int bucket) {
    return Math.pow(2, (bucket - 0.5) / PER_DOUBLING) / 1_000;
  }
}
