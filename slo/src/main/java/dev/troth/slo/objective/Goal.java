package dev.troth.slo.objective;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The share of events that must be good, over a window.
 *
 * @param slices of which the share must be good in the place of events; empty for events
 */
public record Goal(double target, Window window, Optional<TimeSlices> slices) {
  public Goal {
    if (!(target > 0 && target < 1)) {
      throw new IllegalArgumentException(
          "target is " + target + ", expected above 0 and below 1 (0.995 is 99.5 %)");
    }
  }

  /** Of events. */
  public Goal(double target, Window window) {
    this(target, window, Optional.empty());
  }

  /** The share that may be bad. */
  public double budget() {
    // In decimals, as people write it: 1 - 0.9 is not 0.1 in binary fractions.
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(target)).doubleValue();
  }
}
