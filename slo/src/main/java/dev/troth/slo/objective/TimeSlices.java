package dev.troth.slo.objective;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Stretches of time that are good or bad as a whole (OpenSLO, {@code budgetingMethod: Timeslices}).
 *
 * @param length of a slice, in whole minutes
 * @param target the share of good events from which a slice is good
 */
public record TimeSlices(Duration length, double target) {
  public TimeSlices {
    if (length.toMinutes() < 1
        || length.toSeconds() % 60 != 0
        || length.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "timeSliceWindow is %s, expected whole minutes, 1m to 1d"
              .formatted(Durations.format(length)));
    }
    if (!(target > 0 && target <= 1)) {
      throw new IllegalArgumentException(
          "timeSliceTarget is " + target + ", expected above 0 and at most 1");
    }
  }

  /** In words: {@code time slices of 5m, good from 95 % of their events on}. */
  public String text() {
    return "time slices of %s, good from %s %% of their events on"
        .formatted(
            Durations.format(length),
            BigDecimal.valueOf(target).movePointRight(2).stripTrailingZeros().toPlainString());
  }

  /** Whether a slice with these events is bad. */
  public boolean isBad(long total, long bad) {
    return total - bad < target * total;
  }
}
