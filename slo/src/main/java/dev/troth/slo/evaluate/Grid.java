package dev.troth.slo.evaluate;

/**
 * The points in time of time series that are read together.
 *
 * @param start when the first period begins, in seconds since 1970
 * @param period in seconds
 * @param points how many periods
 */
public record Grid(long start, int period, int points) {
  public Grid {
    if (period < 1 || points < 0) {
      throw new IllegalArgumentException(
          "the grid has %d points of %d seconds, expected no fewer than 0 of at least 1"
              .formatted(points, period));
    }
  }

  /** When a period begins, in seconds since 1970. */
  long time(int point) {
    return start + (long) period * point;
  }
}
