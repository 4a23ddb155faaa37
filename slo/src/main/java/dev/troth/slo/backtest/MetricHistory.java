package dev.troth.slo.backtest;

import dev.troth.slo.evaluate.Grid;
import dev.troth.slo.evaluate.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Minutes of metrics. A minute without data is missing, as the service has it; a series that the
 * history does not hold at all is not known.
 */
public final class MetricHistory {
  private static final int MINUTE = 60;

  private final long first;
  private final int minutes;
  private final Map<SeriesName, double[]> series;
  private final Map<SeriesName, double[]> sums = new HashMap<>();
  private final Map<SeriesName, int[]> counts = new HashMap<>();
  private final Map<SeriesName, List<SeriesName>> meant = new HashMap<>();
  private long passedOver;

  /**
   * A history.
   *
   * @param first the first minute, in minutes since 1970
   * @param series values of the minutes from there; {@code NaN} is no data
   */
  MetricHistory(long first, int minutes, Map<SeriesName, double[]> series) {
    this.first = first;
    this.minutes = minutes;
    this.series = new LinkedHashMap<>(series);
    series.forEach((name, values) -> {
      double[] sum = new double[minutes + 1];
      int[] count = new int[minutes + 1];
      for (int i = 0; i < minutes; i++) {
        boolean there = !Double.isNaN(values[i]);
        sum[i + 1] = sum[i] + (there ? values[i] : 0);
        count[i + 1] = count[i] + (there ? 1 : 0);
      }
      sums.put(name, sum);
      counts.put(name, count);
    });
  }

  /**
   * A history of minutes.
   *
   * @param first the first minute, in minutes since 1970
   * @param series values of the minutes from there; {@code NaN} is no data
   */
  public static MetricHistory of(long first, int minutes, Map<SeriesName, double[]> series) {
    if (minutes < 1 || series.isEmpty()) {
      throw new IllegalArgumentException("there are no minutes to replay");
    }
    series.forEach((name, values) -> {
      if (values.length != minutes) {
        throw new IllegalArgumentException(
            "%s has %d minutes, expected %d".formatted(name, values.length, minutes));
      }
    });
    return new MetricHistory(first, minutes, series);
  }

  /** The first minute, in minutes since 1970. */
  public long first() {
    return first;
  }

  public int minutes() {
    return minutes;
  }

  MetricHistory passedOver(long lines) {
    passedOver = lines;
    return this;
  }

  /** How many lines of the log that it was read from hold no metrics. */
  public long passedOver() {
    return passedOver;
  }

  /** The names of its series. */
  public List<SeriesName> names() {
    return List.copyOf(series.keySet());
  }

  /** The values of a series by the minute; {@code NaN} is no data. */
  public double[] values(SeriesName name) {
    return series.getOrDefault(name, new double[0]).clone();
  }

  /** Whether no series can be meant by a name. */
  boolean lacks(SeriesName name) {
    return meant(name).isEmpty();
  }

  /** A statistic over the periods of a grid. */
  Value over(SeriesName wanted, Grid grid) {
    if (grid.period() % MINUTE != 0 || grid.start() % MINUTE != 0) {
      return new Value.Unknown(
          "the history has minutes, and the period is %d seconds".formatted(grid.period()));
    }
    if (isAverage(wanted)) {
      List<SeriesName> total = meant(wanted.as("Sum"));
      List<SeriesName> samples = meant(wanted.as("SampleCount"));
      if (total.size() == 1 && samples.size() == 1) {
        return each(
            grid,
            (from, to) -> sum(total.getFirst(), from, to) / sum(samples.getFirst(), from, to));
      }
    }
    List<SeriesName> found = meant(wanted);
    if (found.size() != 1) {
      return new Value.Unknown(
          found.isEmpty()
              ? "the history holds no " + wanted
              : "the history holds %d series that may be %s".formatted(found.size(), wanted));
    }
    SeriesName name = found.getFirst();
    return switch (wanted.stat()) {
      case "Sum", "SampleCount" -> each(grid, (from, to) -> sum(name, from, to));
      case "Maximum" -> each(grid, (from, to) -> most(name, from, to, 1));
      case "Minimum" -> each(grid, (from, to) -> -most(name, from, to, -1));
      default ->
          wanted.stat().startsWith("TC(")
              ? each(grid, (from, to) -> sum(name, from, to))
              : grid.period() == MINUTE
                  ? each(grid, (from, to) -> sum(name, from, to))
                  : new Value.Unknown(
                      "%s of %d s does not follow from its minutes"
                          .formatted(wanted, grid.period()));
    };
  }

  private static boolean isAverage(SeriesName name) {
    return name.stat().equals("Average");
  }

  private List<SeriesName> meant(SeriesName wanted) {
    return meant.computeIfAbsent(
        wanted,
        name ->
            series.containsKey(name)
                ? List.of(name)
                : series.keySet().stream().filter(name::fits).toList());
  }

  @FunctionalInterface
  private interface Aggregate {
    double over(int from, int to);
  }

  private Value each(Grid grid, Aggregate aggregate) {
    double[] points = new double[grid.points()];
    int length = grid.period() / MINUTE;
    for (int i = 0; i < points.length; i++) {
      long begin = grid.start() / MINUTE - first + (long) i * length;
      int from = (int) Math.max(0, Math.min(minutes, begin));
      int to = (int) Math.max(0, Math.min(minutes, begin + length));
      points[i] = from < to ? aggregate.over(from, to) : Double.NaN;
    }
    return Value.Series.of(points);
  }

  private double sum(SeriesName name, int from, int to) {
    int[] count = counts.getOrDefault(name, new int[0]);
    double[] sum = sums.getOrDefault(name, new double[0]);
    return count[to] == count[from] ? Double.NaN : sum[to] - sum[from];
  }

  private double most(SeriesName name, int from, int to, int sign) {
    return Arrays.stream(series.getOrDefault(name, new double[0]), from, to)
        .filter(value -> !Double.isNaN(value))
        .map(value -> sign * value)
        .max()
        .orElse(Double.NaN);
  }

  /** Collects values in any order. */
  static final class Builder {
    private final Map<SeriesName, Map<Long, Double>> values = new LinkedHashMap<>();
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    /** Adds a minute; {@code NaN} says that it had no data. */
    void add(SeriesName name, long minute, double value) {
      first = Math.min(first, minute);
      last = Math.max(last, minute);
      Map<Long, Double> known = values.computeIfAbsent(name, _ -> new HashMap<>());
      if (known.putIfAbsent(minute, value) != null) {
        throw new IllegalArgumentException("%s has two values of one minute".formatted(name));
      }
    }

    MetricHistory build(int most) {
      if (values.isEmpty()) {
        throw new IllegalArgumentException("there are no minutes to replay");
      }
      long minutes = last - first + 1;
      if (minutes > most) {
        throw new IllegalArgumentException(
            "the history spans %,d minutes, expected at most %,d".formatted(minutes, most));
      }
      Map<SeriesName, double[]> series = new LinkedHashMap<>();
      for (SeriesName name : new ArrayList<>(values.keySet())) {
        double[] all = new double[(int) minutes];
        Arrays.fill(all, Double.NaN);
        values
            .getOrDefault(name, Map.of())
            .forEach((minute, value) -> all[(int) (minute - first)] = value);
        series.put(name, all);
      }
      return new MetricHistory(first, (int) minutes, series);
    }
  }
}
