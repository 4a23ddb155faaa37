package dev.troth.slo.evaluate;

import dev.troth.slo.evaluate.Value.Series;
import java.util.List;

/**
 * A number about several points. Missing points count as 0 for {@code SUM} and {@code AVG}; the
 * others look at points with data alone, and without any have no value.
 */
enum Statistic {
  SUM,
  AVG,
  MIN,
  MAX,
  /** Of all points, not of a sample. */
  STDDEV;

  /** Of the points of one series. */
  double of(Series series) {
    double[] present = new double[series.size()];
    int count = 0;
    for (int i = 0; i < series.size(); i++) {
      if (series.has(i)) {
        present[count++] = series.at(i);
      }
    }
    return of(present, count, series.size());
  }

  /** Of several series at one point; nothing where none has data. */
  double across(List<Series> all, int point) {
    double[] present = new double[all.size()];
    int count = 0;
    for (Series series : all) {
      if (series.has(point)) {
        present[count++] = series.at(point);
      }
    }
    return count == 0 ? Double.NaN : of(present, count, all.size());
  }

  static int count(Series series) {
    int count = 0;
    for (int i = 0; i < series.size(); i++) {
      count += series.has(i) ? 1 : 0;
    }
    return count;
  }

  private double of(double[] present, int count, int all) {
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      sum += present[i];
      least = Math.min(least, present[i]);
      most = Math.max(most, present[i]);
    }
    return switch (this) {
      case SUM -> sum;
      case AVG -> all == 0 ? Double.NaN : sum / all;
      case MIN -> count == 0 ? Double.NaN : least;
      case MAX -> count == 0 ? Double.NaN : most;
      case STDDEV -> {
        double squares = 0;
        for (int i = 0; i < count; i++) {
          squares += (present[i] - sum / count) * (present[i] - sum / count);
        }
        yield count == 0 ? Double.NaN : Math.sqrt(squares / count);
      }
    };
  }
}
