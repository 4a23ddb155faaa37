package dev.troth.slo.evaluate;

import static dev.troth.slo.evaluate.Evaluator.at;
import static dev.troth.slo.evaluate.Evaluator.mapped;

import dev.troth.slo.evaluate.Value.Many;
import dev.troth.slo.evaluate.Value.Scalar;
import dev.troth.slo.evaluate.Value.Series;
import dev.troth.slo.evaluate.Value.Unknown;
import dev.troth.slo.math.Expression;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;

/** One call of a documented function, whose arguments are known. */
final class Functions {
  private final Frame frame;
  private final Expression.Call call;
  private final List<Value> values;

  Functions(Frame frame, Expression.Call call, List<Value> values) {
    this.frame = frame;
    this.call = call;
    this.values = values;
  }

  Value value() {
    return switch (call.function()) {
      case "ABS" -> mapped(first(), Math::abs);
      case "CEIL" -> mapped(first(), Math::ceil);
      case "FLOOR" -> mapped(first(), Math::floor);
      case "LOG" -> mapped(first(), Math::log);
      case "LOG10" -> mapped(first(), Math::log10);
      case "DIFF" -> eachSeries(series -> Steps.differences(series, frame.grid(), Steps.DIFF));
      case "DIFF_TIME" -> eachSeries(series -> Steps.differences(series, frame.grid(), Steps.TIME));
      case "RATE" -> eachSeries(series -> Steps.differences(series, frame.grid(), Steps.RATE));
      case "RUNNING_SUM" -> eachSeries(Steps::runningSum);
      case "SUM", "AVG", "MIN", "MAX", "STDDEV" -> statistic();
      case "DATAPOINT_COUNT" -> count();
      case "METRIC_COUNT" -> first() instanceof Many many ? scalar(many.series().size()) : unfit();
      case "METRICS" -> metrics();
      case "FIRST" -> end(List::getFirst);
      case "LAST" -> end(List::getLast);
      case "REMOVE_EMPTY" ->
          first() instanceof Many many
              ? new Many(many.series().stream().filter(Series::hasData).toList())
              : unfit();
      case "SLICE" -> slice();
      case "SORT" -> sort();
      case "FILL" -> fill();
      case "IF" -> choice();
      case "TIME_SERIES" ->
          first() instanceof Scalar(double number) ? series(_ -> number) : unfit();
      case "PERIOD" -> scalar(frame.grid().period());
      case "EPOCH" -> series(i -> frame.grid().time(i));
      case "MINUTE" -> calendar(OffsetDateTime::getMinute);
      case "HOUR" -> calendar(OffsetDateTime::getHour);
      case "DAY" -> calendar(time -> time.getDayOfWeek().getValue());
      case "DATE" -> calendar(OffsetDateTime::getDayOfMonth);
      case "MONTH" -> calendar(OffsetDateTime::getMonthValue);
      case "YEAR" -> calendar(OffsetDateTime::getYear);
      default -> new Unknown(call.function() + " is known to the service alone");
    };
  }

  private Value first() {
    return values.getFirst();
  }

  private Unknown unfit() {
    return new Unknown(call.function() + " has an argument of another type");
  }

  private static Scalar scalar(double number) {
    return new Scalar(number);
  }

  private Series series(IntToDoubleFunction point) {
    double[] points = new double[frame.grid().points()];
    for (int i = 0; i < points.length; i++) {
      points[i] = point.applyAsDouble(i);
    }
    return Series.of(points);
  }

  private Series calendar(Function<OffsetDateTime, Integer> part) {
    return series(
        i -> part.apply(Instant.ofEpochSecond(frame.grid().time(i)).atOffset(ZoneOffset.UTC)));
  }

  private Value eachSeries(UnaryOperator<Series> function) {
    return switch (first()) {
      case Series series -> function.apply(series);
      case Many many -> new Many(many.series().stream().map(function).toList());
      case Scalar _, Unknown _ -> unfit();
    };
  }

  /** Of one series a number; of several, a series of what they come to at each point. */
  private Value statistic() {
    Statistic statistic = Statistic.valueOf(call.function());
    return switch (first()) {
      case Series series -> scalar(statistic.of(series));
      case Many many -> series(i -> statistic.across(many.series(), i));
      case Scalar _, Unknown _ -> unfit();
    };
  }

  private Value count() {
    return switch (first()) {
      case Series series -> scalar(Statistic.count(series));
      case Many many ->
          series(i -> {
            long count = many.series().stream().filter(series -> series.has(i)).count();
            return count == 0 ? Double.NaN : count;
          });
      case Scalar _, Unknown _ -> unfit();
    };
  }

  private Value metrics() {
    String wanted =
        !call.arguments().isEmpty()
                && call.arguments().getFirst() instanceof Expression.Text(String text, _)
            ? text
            : "";
    List<Series> found = new ArrayList<>();
    for (String id : frame.metrics()) {
      if (id.contains(wanted)) {
        switch (frame.get(id)) {
          case Series series -> found.add(series);
          case Unknown unknown -> {
            return unknown;
          }
          case Scalar _, Many _ -> {
            return unfit();
          }
        }
      }
    }
    return new Many(found);
  }

  private Value end(Function<List<Series>, Series> which) {
    if (!(first() instanceof Many many)) {
      return unfit();
    }
    return many.series().isEmpty() ? series(_ -> Double.NaN) : which.apply(many.series());
  }

  private Value slice() {
    if (!(first() instanceof Many many)) {
      return unfit();
    }
    int size = many.series().size();
    int from = index(1, size);
    int to = values.size() > 2 ? index(2, size) : size;
    return new Many(from < to ? many.series().subList(from, to) : List.of());
  }

  /** A whole number from 0 to the size of the array; a scalar without a value is 0. */
  private int index(int argument, int size) {
    double number = at(values.get(argument), 0);
    return (int) Math.max(0, Math.min(size, Double.isNaN(number) ? 0 : number));
  }

  private Value sort() {
    if (!(first() instanceof Many many)
        || !(call.arguments().get(1) instanceof Expression.Word(String by, _))
        || !(call.arguments().get(2) instanceof Expression.Word(String order, _))) {
      return unfit();
    }
    Statistic statistic = Statistic.valueOf(by);
    Comparator<Double> comparator =
        order.equals("DESC") ? Comparator.reverseOrder() : Comparator.naturalOrder();
    List<Series> sorted = new ArrayList<>(many.series());
    // Series without data have no such number, and come last.
    sorted.sort(
        Comparator.comparing((Series series) -> Double.isNaN(statistic.of(series)))
            .thenComparing(series -> statistic.of(series), comparator));
    int limit = values.size() > 3 ? index(3, sorted.size()) : sorted.size();
    return new Many(sorted.subList(0, limit));
  }

  private Value fill() {
    Expression how = call.arguments().get(1);
    if (how instanceof Expression.Word(String word, _)) {
      return eachSeries(word.equals("LINEAR") ? Steps::interpolated : Steps::repeated);
    }
    Value filler = values.get(1);
    if (filler instanceof Many) {
      return unfit();
    }
    return eachSeries(one -> series(i -> one.has(i) ? one.at(i) : at(filler, i)));
  }

  private Value choice() {
    Value yes = values.get(1);
    Value no = values.size() > 2 ? values.get(2) : scalar(Double.NaN);
    if (first() instanceof Many || yes instanceof Many || no instanceof Many) {
      return unfit();
    }
    if (first() instanceof Scalar(double condition)) {
      Value chosen = Double.isNaN(condition) ? scalar(Double.NaN) : condition != 0 ? yes : no;
      return series(i -> at(chosen, i));
    }
    Series condition = (Series) first();
    return series(i -> {
      if (!condition.has(i)) {
        return Double.NaN;
      }
      if (condition.at(i) == 0) {
        return at(no, i);
      }
      boolean missing = yes instanceof Series series && !series.has(i);
      return missing ? 0 : at(yes, i);
    });
  }
}
