package dev.troth.slo.objective;

import java.time.Duration;

/**
 * Two windows whose burn rates must both be above a threshold: the long one says that it matters,
 * the short one that it still goes on.
 *
 * <p>Burn rate 1 spends the budget exactly by the end of the objective's window.
 */
public record Condition(
    Severity severity, Duration shortWindow, Duration longWindow, double above) {
  /** Beyond this, counts are kept in ten-minute slots only. */
  public static final Duration LONGEST = Duration.ofDays(3);

  public Condition {
    if (shortWindow.toMinutes() < 1
        || shortWindow.toSeconds() % 60 != 0
        || longWindow.toSeconds() % 60 != 0) {
      throw new IllegalArgumentException(
          "alert windows are %s and %s, expected whole minutes, at least 1m"
              .formatted(Durations.format(shortWindow), Durations.format(longWindow)));
    }
    if (shortWindow.compareTo(longWindow) > 0 || longWindow.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "alert windows are %s and %s, expected the short one first and at most %s"
              .formatted(
                  Durations.format(shortWindow),
                  Durations.format(longWindow),
                  Durations.format(LONGEST)));
    }
    if (!(above > 0)) {
      throw new IllegalArgumentException("burn threshold is " + above + ", expected above 0");
    }
  }

  /**
   * Whether it could ever fire: a burn rate is at most 1 / budget, when everything fails.
   *
   * @param budget the share of bad events that the objective allows
   */
  public boolean canFire(double budget) {
    return above * budget < 1;
  }

  /** {@code 5m & 1h > 14.4}. */
  public String text() {
    String number = above == Math.rint(above) ? Long.toString((long) above) : "" + above;
    return Durations.format(shortWindow) + " & " + Durations.format(longWindow) + " > " + number;
  }
}
