package dev.troth.slo.chain;

/**
 * What became of one request of a chain.
 *
 * @param failed steps that failed, bit i for step i
 * @param missing required steps that were not seen
 * @param attempts failed attempts over all steps, retries each on its own
 * @param latencyNanos the entry's time less what only steps outside the latency promise took
 * @param endNanos when the entry ended (or, without an entry, the last span)
 * @param weight how many requests it stands for; whole once it is counted
 * @param group the group that it belongs to, were there no limit; empty where there are none
 */
public record Verdict(
    Outcome outcome,
    long failed,
    long missing,
    int attempts,
    long latencyNanos,
    long endNanos,
    double weight,
    String group) {

  /** Whether the request kept its promise. */
  public enum Outcome {
    GOOD,
    BAD,
    /** Nothing failed, but a required step was not seen. */
    UNKNOWN,
    /** It is not counted: the caller's own error, by the chain's {@code ignoreWhen}. */
    IGNORED,
    /** Its sender samples, which the chain does not allow. */
    SAMPLED
  }

  /** The minute since 1970 in which it is counted. */
  public long minute() {
    return Math.floorDiv(endNanos, 60_000_000_000L);
  }

  /** The same, standing for so many whole requests. */
  Verdict counting(long requests) {
    return new Verdict(outcome, failed, missing, attempts, latencyNanos, endNanos, requests, group);
  }

  /** Whether step i failed. */
  public boolean failedAt(int step) {
    return (failed & (1L << step)) != 0;
  }
}
