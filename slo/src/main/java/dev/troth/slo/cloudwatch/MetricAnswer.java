package dev.troth.slo.cloudwatch;

import dev.troth.slo.backtest.MetricHistory;
import dev.troth.slo.backtest.SeriesName;
import dev.troth.slo.cloudwatch.Retention.Stretch;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What CloudWatch answered about one stretch of time.
 *
 * @param values of each series, by the second since 1970 at which their period begins
 */
public record MetricAnswer(Stretch stretch, Map<SeriesName, Map<Long, Double>> values) {
  private static final int MINUTE = 60;

  public MetricAnswer {
    Map<SeriesName, Map<Long, Double>> copy = new LinkedHashMap<>();
    long period = stretch.period().toSeconds();
    values.forEach((name, points) -> {
      points
          .keySet()
          .forEach(at -> {
            if (at % period != 0
                || at < stretch.from().getEpochSecond()
                || at >= stretch.to().getEpochSecond()) {
              throw new IllegalArgumentException(
                  "%s has a value at %s, expected whole multiples of %d s from %s to %s"
                      .formatted(
                          name, Instant.ofEpochSecond(at), period, stretch.from(), stretch.to()));
            }
          });
      copy.put(name, Map.copyOf(points));
    });
    values = copy;
  }

  /** Whether a series has no value in any of the answers. */
  public static boolean isEmpty(SeriesName name, List<MetricAnswer> answers) {
    return answers.stream()
        .allMatch(answer -> answer.values.getOrDefault(name, Map.of()).isEmpty());
  }

  /**
   * Minutes of metrics. The minutes of a longer period share what can be added evenly; any other
   * statistic stands for each of them.
   *
   * @param from the first minute, and {@code to} the end of the last one
   */
  public static MetricHistory history(List<MetricAnswer> answers, Instant from, Instant to) {
    long first = Math.floorDiv(from.getEpochSecond(), (long) MINUTE);
    int minutes = Math.toIntExact(Math.ceilDiv(to.getEpochSecond(), (long) MINUTE) - first);
    Map<SeriesName, double[]> series = new LinkedHashMap<>();
    for (MetricAnswer answer : answers) {
      int length = (int) answer.stretch.period().toMinutes();
      answer.values.forEach((name, points) -> {
        double[] all =
            series.computeIfAbsent(
                name,
                _ -> {
                  double[] none = new double[minutes];
                  Arrays.fill(none, Double.NaN);
                  return none;
                });
        points.forEach((at, value) -> {
          long begin = at / MINUTE - first;
          double each = isAdded(name.stat()) ? value / length : value;
          for (long i = Math.max(0, begin); i < Math.min(minutes, begin + length); i++) {
            all[(int) i] = each;
          }
        });
      });
    }
    return MetricHistory.of(first, minutes, series);
  }

  private static boolean isAdded(String stat) {
    return stat.equals("Sum") || stat.equals("SampleCount") || stat.startsWith("TC(");
  }
}
