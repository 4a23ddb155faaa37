package dev.troth.slo.count;

/**
 * Counts of one objective in one stretch of time.
 *
 * @param total events that count; an unknown that is excluded is not among them
 * @param badLow events that certainly were bad; equal to {@code badHigh} but for an interval
 * @param badHigh events that possibly were bad
 */
public record Counts(long total, long badLow, long badHigh) {
  public static final Counts NONE = new Counts(0, 0, 0);

  /** The certain share of bad events; NaN without events. */
  public double rateLow() {
    return total <= 0 ? Double.NaN : (double) badLow / total;
  }

  /** The possible share of bad events; NaN without events. */
  public double rateHigh() {
    return total <= 0 ? Double.NaN : (double) badHigh / total;
  }
}
