package dev.troth.slo.backtest;

import dev.troth.json.Json;
import dev.troth.slo.backtest.Backtest.Minute;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Answers of Prometheus to {@code query_range}, as minutes of counts. */
public final class RangeAnswer {
  /** The end of the year 9999. */
  private static final BigDecimal LATEST = BigDecimal.valueOf(253_402_300_799L);

  private static final Pattern NUMBER =
      Pattern.compile("-?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?");

  /** Differences of sums that should be equal come out a little below nothing. */
  private static final double SMALL = 0.5;

  private RangeAnswer() {}

  /**
   * The values of the one series of an answer, by their time in seconds since 1970.
   *
   * @throws IllegalArgumentException if it is an error, or holds several series
   */
  public static Map<Long, Double> values(Json answer) {
    if (!(answer instanceof Json.Obj root)
        || root.text("status").filter("success"::equals).isEmpty()) {
      throw new IllegalArgumentException(
          answer instanceof Json.Obj error
              ? error.text("error").orElse("the answer has no status")
              : "the answer is no object");
    }
    List<Json> series =
        root.get("data").orElse(Json.Null.NULL) instanceof Json.Obj data
                && data.get("result").orElse(Json.Null.NULL) instanceof Json.Arr(List<Json> result)
            ? result
            : List.of();
    if (series.size() > 1) {
      throw new IllegalArgumentException(
          "the query gives %d series, expected one".formatted(series.size()));
    }
    Map<Long, Double> values = new TreeMap<>();
    for (Json one : series) {
      if (one instanceof Json.Obj member
          && member.get("values").orElse(Json.Null.NULL) instanceof Json.Arr(List<Json> points)) {
        points.forEach(point -> point(point, values));
      }
    }
    return values;
  }

  private static void point(Json point, Map<Long, Double> values) {
    if (point instanceof Json.Arr(List<Json> pair)
        && pair.size() == 2
        && pair.get(0) instanceof Json.Num(BigDecimal time)
        && pair.get(1) instanceof Json.Str(String value)) {
      // Prometheus writes NaN and +Inf as texts.
      if (time.abs().compareTo(LATEST) > 0) {
        throw new IllegalArgumentException(
            "a point has the time %s, expected seconds since 1970"
                .formatted(time.toEngineeringString()));
      }
      if (!value.equals("NaN")) {
        values.put(time.longValue(), count(value, time));
      }
      return;
    }
    throw new IllegalArgumentException(
        "a point is %s, expected a time and a value".formatted(point));
  }

  private static double count(String value, BigDecimal time) {
    double number =
        NUMBER.matcher(value).matches() ? Double.parseDouble(value) : Double.POSITIVE_INFINITY;
    if (number < -SMALL || Double.isInfinite(number)) {
      throw new IllegalArgumentException(
          "the query gives %s at %s, expected a count"
              .formatted(value, Instant.ofEpochSecond(time.longValue())));
    }
    return number;
  }

  /**
   * Minutes of counts: each point holds what was counted in the step before it, and its minutes
   * share it evenly. A step without a point of all events had no data.
   */
  public static List<Minute> minutes(
      Map<Long, Double> total, Map<Long, Double> bad, Duration step) {
    List<Minute> minutes = new ArrayList<>();
    long length = step.toMinutes();
    total.forEach((end, events) -> {
      long all = Math.max(0, Math.round(events));
      long failed = Math.clamp(Math.round(bad.getOrDefault(end, 0.0)), 0, all);
      for (long i = 0; i < length; i++) {
        long some = all * (i + 1) / length - all * i / length;
        long wrong = failed * (i + 1) / length - failed * i / length;
        minutes.add(
            new Minute(
                Instant.ofEpochSecond(end - (length - i) * 60), some, Math.min(some, wrong)));
      }
    });
    return minutes;
  }
}
