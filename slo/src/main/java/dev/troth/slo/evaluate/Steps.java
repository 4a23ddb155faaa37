package dev.troth.slo.evaluate;

import dev.troth.slo.evaluate.Value.Series;
import java.util.function.DoubleBinaryOperator;

/** What looks from one point with data to the one before or after it. */
final class Steps {
  /** Of the change in value and the seconds between, the change. */
  static final DoubleBinaryOperator DIFF = (change, seconds) -> change;

  static final DoubleBinaryOperator TIME = (change, seconds) -> seconds;
  static final DoubleBinaryOperator RATE = (change, seconds) -> change / seconds;

  private Steps() {}

  /** From each point with data back to the one before it; the first has none and is dropped. */
  static Series differences(Series series, Grid grid, DoubleBinaryOperator result) {
    double[] points = new double[series.size()];
    int before = -1;
    for (int i = 0; i < points.length; i++) {
      points[i] = Double.NaN;
      if (series.has(i)) {
        if (before >= 0) {
          points[i] =
              result.applyAsDouble(
                  series.at(i) - series.at(before), grid.time(i) - grid.time(before));
        }
        before = i;
      }
    }
    return Series.of(points);
  }

  static Series runningSum(Series series) {
    double[] points = new double[series.size()];
    double sum = 0;
    for (int i = 0; i < points.length; i++) {
      sum += series.has(i) ? series.at(i) : 0;
      points[i] = series.has(i) ? sum : Double.NaN;
    }
    return Series.of(points);
  }

  /** Gaps hold the value before them. */
  static Series repeated(Series series) {
    double[] points = new double[series.size()];
    double last = Double.NaN;
    for (int i = 0; i < points.length; i++) {
      last = series.has(i) ? series.at(i) : last;
      points[i] = last;
    }
    return Series.of(points);
  }

  /** Gaps hold the straight line between the values around them. */
  static Series interpolated(Series series) {
    double[] points = new double[series.size()];
    int before = -1;
    for (int i = 0; i < points.length; i++) {
      points[i] = series.at(i);
      if (series.has(i)) {
        if (before >= 0) {
          double step = (series.at(i) - series.at(before)) / (i - before);
          for (int gap = before + 1; gap < i; gap++) {
            points[gap] = series.at(before) + step * (gap - before);
          }
        }
        before = i;
      }
    }
    return Series.of(points);
  }
}
