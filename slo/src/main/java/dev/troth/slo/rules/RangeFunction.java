package dev.troth.slo.rules;

import dev.troth.slo.series.Series;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Functions over the samples of a range. */
enum RangeFunction {
  RATE,
  INCREASE,
  IRATE,
  SUM_OVER_TIME,
  AVG_OVER_TIME,
  MIN_OVER_TIME,
  MAX_OVER_TIME,
  COUNT_OVER_TIME,
  LAST_OVER_TIME,
  PRESENT_OVER_TIME;

  private static final Map<String, RangeFunction> BY_NAME =
      Stream.of(values())
          .collect(Collectors.toMap(one -> one.name().toLowerCase(Locale.ROOT), one -> one));

  /** So much longer than the mean gap a series is taken to reach to the end of its range. */
  private static final double REACH = 1.1;

  /**
   * Samples of a series in a range, a measured one at both ends.
   *
   * @param start where the range begins, in milliseconds
   * @param end where it ends
   */
  record Window(Series series, int from, int to, long start, long end) {
    /** The samples from one time to another, both included; empty if there are none. */
    static Optional<Window> of(Series series, long start, long end) {
      int from = series.from(start);
      int to = series.from(end + 1) - 1;
      while (from <= to && Series.isStale(series.value(from))) {
        from++;
      }
      while (to >= from && Series.isStale(series.value(to))) {
        to--;
      }
      return from > to ? Optional.empty() : Optional.of(new Window(series, from, to, start, end));
    }

    int count() {
      return series.measured(from, to);
    }
  }

  static Optional<RangeFunction> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  boolean keepsName() {
    return this == LAST_OVER_TIME;
  }

  /** Its value; empty if the samples are too few. */
  Optional<Double> over(Window window) {
    return switch (this) {
      case RATE -> increase(window).map(sum -> sum / ((window.end - window.start) / 1_000.0));
      case INCREASE -> increase(window);
      case IRATE -> last(window);
      case SUM_OVER_TIME -> Optional.of(sum(window));
      case AVG_OVER_TIME -> Optional.of(sum(window) / window.count());
      case MIN_OVER_TIME -> Optional.of(-most(window, -1));
      case MAX_OVER_TIME -> Optional.of(most(window, 1));
      case COUNT_OVER_TIME -> Optional.of((double) window.count());
      case LAST_OVER_TIME -> Optional.of(window.series.value(window.to));
      case PRESENT_OVER_TIME -> Optional.of(1.0);
    };
  }

  /** Extrapolated to the ends of the range (Prometheus, {@code extrapolatedRate}). */
  private static Optional<Double> increase(Window window) {
    int count = window.count();
    if (count < 2) {
      return Optional.empty();
    }
    Series series = window.series;
    double counted = series.increase(window.from, window.to);
    double sampled = (series.time(window.to) - series.time(window.from)) / 1_000.0;
    double gap = sampled / (count - 1);
    double toStart = (series.time(window.from) - window.start) / 1_000.0;
    double toEnd = (window.end - series.time(window.to)) / 1_000.0;
    double begun = series.value(window.from);
    if (counted > 0 && begun >= 0) {
      // A counter was not below 0: it cannot have begun earlier than there.
      toStart = Math.min(toStart, sampled * (begun / counted));
    }
    double reached =
        sampled
            + (toStart < gap * REACH ? toStart : gap / 2)
            + (toEnd < gap * REACH ? toEnd : gap / 2);
    return Optional.of(counted * (reached / sampled));
  }

  private static Optional<Double> last(Window window) {
    Series series = window.series;
    int before = window.to - 1;
    while (before >= window.from && Series.isStale(series.value(before))) {
      before--;
    }
    if (before < window.from) {
      return Optional.empty();
    }
    double value = series.value(window.to);
    double counted = value < series.value(before) ? value : value - series.value(before);
    return Optional.of(counted / ((series.time(window.to) - series.time(before)) / 1_000.0));
  }

  /** With what rounding lost (Kahan, Neumaier), as Prometheus adds. */
  private static double sum(Window window) {
    double sum = 0;
    double lost = 0;
    for (int i = window.from; i <= window.to; i++) {
      double value = window.series.value(i);
      if (!Series.isStale(value)) {
        double next = sum + value;
        lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
        sum = next;
      }
    }
    return Double.isFinite(sum) ? sum + lost : sum;
  }

  private static double most(Window window, int sign) {
    double most = Double.NaN;
    for (int i = window.from; i <= window.to; i++) {
      double value = sign * window.series.value(i);
      if (!Series.isStale(window.series.value(i)) && !(value <= most)) {
        most = Double.isNaN(value) ? most : value;
      }
    }
    return most;
  }
}
