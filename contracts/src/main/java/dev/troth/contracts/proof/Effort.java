package dev.troth.contracts.proof;

import java.time.Duration;

/**
 * How much work a proof may take before its answer is "unknown".
 *
 * @param steps branches and unfoldings
 * @param time of one proof
 */
public record Effort(long steps, Duration time) {
  /** 200,000 steps, two seconds: ample for schemas that people write. */
  public static final Effort NORMAL = new Effort(200_000, Duration.ofSeconds(2));

  public Effort {
    if (steps < 1 || time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(
          "effort is %d steps in %s, expected both above 0".formatted(steps, time));
    }
  }
}
