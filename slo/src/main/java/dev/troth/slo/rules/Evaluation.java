package dev.troth.slo.rules;

import com.google.re2j.Pattern;
import dev.troth.slo.promql.Query;
import dev.troth.slo.promql.Query.Call;
import dev.troth.slo.promql.Query.Matcher;
import dev.troth.slo.promql.Query.Operation;
import dev.troth.slo.promql.Query.Selector;
import dev.troth.slo.promql.Query.Subquery;
import dev.troth.slo.rules.RangeFunction.Window;
import dev.troth.slo.rules.Result.FailedException;
import dev.troth.slo.rules.Result.Sample;
import dev.troth.slo.rules.Result.Scalar;
import dev.troth.slo.rules.Result.Vector;
import dev.troth.slo.series.LabelSet;
import dev.troth.slo.series.Series;
import dev.troth.slo.series.SeriesStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * Evaluates PromQL at an instant (Prometheus documentation, "Querying"; ranges include both their
 * ends, as those of Prometheus 2 do). What {@link Support} refuses never gets here.
 *
 * <p>Not thread-safe.
 */
final class Evaluation {
  /** So long a sample counts as the present value of its series. */
  private static final long LOOKBACK = 300_000;

  /** Samples that one subquery may hold: each is kept until its range has passed. */
  private static final int MOST_STEPPED = 2_000_000;

  private final SeriesStore store;
  private final long interval;
  private final Map<Selector, Selected> selected = new IdentityHashMap<>();
  private final Map<Subquery, TreeMap<Long, Vector>> steps = new IdentityHashMap<>();
  private final Map<String, Pattern> patterns = new HashMap<>();

  /**
   * Over a store that may grow.
   *
   * @param interval of evaluations, in milliseconds: the step of a subquery that names none
   */
  Evaluation(SeriesStore store, long interval) {
    this.store = store;
    this.interval = interval;
  }

  /** The series that a selector means, found again only when the store has grown. */
  private static final class Selected {
    private final List<Series> series = new ArrayList<>();
    private int looked;
  }

  Result at(Query query, long time) {
    return switch (query) {
      case Query.Literal literal -> new Scalar(Support.number(literal.text()));
      case Selector selector -> instant(selector, time);
      case Query.Sign sign -> negated(at(sign.operand(), time));
      case Operation operation -> operation(operation, time);
      case Call call -> call(call, time);
      case Subquery subquery -> throw new IllegalStateException("a range has no value");
    };
  }

  private Vector vector(Query query, long time) {
    return (Vector) at(query, time);
  }

  private double scalar(Query query, long time) {
    return ((Scalar) at(query, time)).value();
  }

  private static Result negated(Result result) {
    return switch (result) {
      case Scalar scalar -> new Scalar(-scalar.value());
      case Vector vector -> each(vector, value -> -value);
    };
  }

  private static Vector each(Vector vector, DoubleUnaryOperator function) {
    return new Vector(
        vector.samples().stream()
            .map(sample -> sample.withoutName(function.applyAsDouble(sample.value())))
            .toList());
  }

  private List<Series> series(Selector selector) {
    Selected known = selected.computeIfAbsent(selector, _ -> new Selected());
    List<Series> all = selector.name().isEmpty() ? store.series() : store.named(selector.name());
    for (; known.looked < all.size(); known.looked++) {
      Series one = all.get(known.looked);
      if (selector.labels().stream().allMatch(matcher -> fits(matcher, one.labels()))) {
        known.series.add(one);
      }
    }
    return known.series;
  }

  private Pattern pattern(Matcher matcher) {
    return patterns.computeIfAbsent(matcher.value(), LabelPattern::of);
  }

  private boolean fits(Matcher matcher, LabelSet labels) {
    String value = labels.get(matcher.label());
    return switch (matcher.operator()) {
      case "=" -> value.equals(matcher.value());
      case "!=" -> !value.equals(matcher.value());
      case "=~" -> pattern(matcher).matches(value);
      default -> !pattern(matcher).matches(value);
    };
  }

  private static long shifted(Query.Shift shift, long time) {
    return shift.offset().isEmpty() ? time : time - Length.millis(shift.offset());
  }

  private Vector instant(Selector selector, long now) {
    long time = shifted(selector.shift(), now);
    List<Sample> samples = new ArrayList<>();
    for (Series one : series(selector)) {
      int place = one.from(time + 1) - 1;
      if (place >= 0 && one.time(place) >= time - LOOKBACK && !Series.isStale(one.value(place))) {
        samples.add(new Sample(one.labels(), one.value(place)));
      }
    }
    return new Vector(samples);
  }

  private List<Window> windows(Query range, long now) {
    List<Window> windows = new ArrayList<>();
    switch (range) {
      case Selector selector -> {
        long end = shifted(selector.shift(), now);
        long start = end - Length.millis(selector.range());
        for (Series one : series(selector)) {
          Window.of(one, start, end).ifPresent(windows::add);
        }
      }
      case Subquery subquery -> {
        long end = shifted(subquery.shift(), now);
        long start = end - Length.millis(subquery.range());
        for (Series one : stepped(subquery, start, end, now)) {
          Window.of(one, start, end).ifPresent(windows::add);
        }
      }
      case Query.Literal _, Call _, Operation _, Query.Sign _ ->
          throw new IllegalStateException("expected a range");
    }
    return windows;
  }

  /** Steps are whole multiples since 1970; those of the past never change. */
  private List<Series> stepped(Subquery subquery, long start, long end, long now) {
    long step = subquery.step().isEmpty() ? interval : Length.millis(subquery.step());
    TreeMap<Long, Vector> known = steps.computeIfAbsent(subquery, _ -> new TreeMap<>());
    known.headMap(start, false).clear();
    SeriesStore stepped = new SeriesStore(Integer.MAX_VALUE);
    int samples = 0;
    for (long time = Math.ceilDiv(start, step) * step; time <= end; time += step) {
      Vector vector = known.get(time);
      if (vector == null) {
        vector = vectorOf(at(subquery.query(), time));
        if (time < now) {
          known.put(time, vector);
        }
      }
      samples += vector.samples().size();
      if (samples > MOST_STEPPED) {
        throw new FailedException(
            "a subquery has more than %,d samples at once".formatted(MOST_STEPPED));
      }
      for (Sample sample : vector.samples()) {
        stepped.series(sample.labels()).add(time, sample.value());
      }
    }
    return stepped.series();
  }

  private static Vector vectorOf(Result result) {
    return switch (result) {
      case Vector vector -> vector;
      case Scalar scalar -> new Vector(List.of(new Sample(LabelSet.NONE, scalar.value())));
    };
  }

  private Result operation(Operation operation, long time) {
    Result left = at(operation.left(), time);
    Result right = at(operation.right(), time);
    String operator = operation.operator();
    if (left instanceof Vector first && right instanceof Vector second) {
      VectorMatching matching = new VectorMatching(operation.matching());
      return Operators.SETS.contains(operator)
          ? matching.sets(operator, first, second)
          : matching.each(operator, first, second);
    }
    if (left instanceof Vector vector && right instanceof Scalar(double number)) {
      return withNumber(operation, vector, number, false);
    }
    if (left instanceof Scalar(double number) && right instanceof Vector vector) {
      return withNumber(operation, vector, number, true);
    }
    double first = ((Scalar) left).value();
    double second = ((Scalar) right).value();
    return new Scalar(
        Operators.compares(operator)
            ? (Operators.holds(operator, first, second) ? 1 : 0)
            : Operators.calculate(operator, first, second));
  }

  private static Vector withNumber(
      Operation operation, Vector vector, double number, boolean numberFirst) {
    String operator = operation.operator();
    List<Sample> samples = new ArrayList<>();
    for (Sample sample : vector.samples()) {
      double first = numberFirst ? number : sample.value();
      double second = numberFirst ? sample.value() : number;
      if (!Operators.compares(operator)) {
        samples.add(sample.withoutName(Operators.calculate(operator, first, second)));
      } else if (operation.matching().bool()) {
        samples.add(sample.withoutName(Operators.holds(operator, first, second) ? 1 : 0));
      } else if (Operators.holds(operator, first, second)) {
        samples.add(sample);
      }
    }
    return new Vector(samples);
  }

  private Result call(Call call, long time) {
    String name = call.function();
    var range = RangeFunction.named(name);
    if (range.isPresent()) {
      return unique(name, over(range.get(), call.arguments().getFirst(), time));
    }
    if (Support.AGGREGATIONS.contains(name)) {
      return aggregated(call, vector(call.arguments().getFirst(), time));
    }
    List<Query> arguments = call.arguments();
    return switch (name) {
      case "time" -> new Scalar(time / 1_000.0);
      case "vector" ->
          new Vector(List.of(new Sample(LabelSet.NONE, scalar(arguments.getFirst(), time))));
      case "scalar" -> {
        List<Sample> samples = vector(arguments.getFirst(), time).samples();
        yield new Scalar(samples.size() == 1 ? samples.getFirst().value() : Double.NaN);
      }
      case "absent" ->
          absent(arguments.getFirst(), vector(arguments.getFirst(), time).samples().isEmpty());
      case "absent_over_time" ->
          absent(arguments.getFirst(), windows(arguments.getFirst(), time).isEmpty());
      default ->
          unique(name, each(vector(arguments.getFirst(), time), function(name, arguments, time)));
    };
  }

  private DoubleUnaryOperator function(String name, List<Query> arguments, long time) {
    double second = arguments.size() > 1 ? scalar(arguments.get(1), time) : 1;
    double third = arguments.size() > 2 ? scalar(arguments.get(2), time) : 0;
    return switch (name) {
      case "abs" -> Math::abs;
      case "ceil" -> Math::ceil;
      case "floor" -> Math::floor;
      case "sqrt" -> Math::sqrt;
      case "exp" -> Math::exp;
      case "ln" -> Math::log;
      case "round" -> value -> Math.floor(value * (1 / second) + 0.5) / (1 / second);
      case "clamp_min" -> value -> Math.max(value, second);
      case "clamp_max" -> value -> Math.min(value, second);
      case "clamp" -> value -> Math.max(second, Math.min(third, value));
      default -> throw new IllegalStateException("no function " + name);
    };
  }

  private Vector over(RangeFunction function, Query range, long time) {
    List<Sample> samples = new ArrayList<>();
    for (Window window : windows(range, time)) {
      LabelSet labels = window.series().labels();
      function
          .over(window)
          .ifPresent(value ->
              samples.add(new Sample(function.keepsName() ? labels : labels.withoutName(), value)));
    }
    return new Vector(samples);
  }

  /** Without the metric's name two series may be one, which Prometheus refuses. */
  private static Vector unique(String function, Vector vector) {
    if (vector.samples().stream().map(Sample::labels).distinct().count()
        < vector.samples().size()) {
      throw new FailedException("two series of %s have the same labels".formatted(function));
    }
    return vector;
  }

  /** One, with the labels that the selector demands; nothing if there is something. */
  private static Vector absent(Query argument, boolean nothing) {
    if (!nothing) {
      return Vector.EMPTY;
    }
    Map<String, String> labels = new HashMap<>();
    if (argument instanceof Selector selector) {
      for (Matcher matcher : selector.labels()) {
        boolean only = matcher.operator().equals("=") && !labels.containsKey(matcher.label());
        labels.put(matcher.label(), only ? matcher.value() : "");
      }
      labels.remove(LabelSet.NAME);
    }
    return new Vector(List.of(new Sample(LabelSet.of(labels), 1)));
  }

  private static Vector aggregated(Call call, Vector vector) {
    Query.Labels groups = call.groups();
    List<String> dropped = new ArrayList<>(groups.names());
    dropped.add(LabelSet.NAME);
    Map<LabelSet, double[]> sums = new LinkedHashMap<>();
    for (Sample sample : vector.samples()) {
      LabelSet group =
          groups.word().equals("without")
              ? sample.labels().without(dropped)
              : sample.labels().keep(groups.names());
      double value = sample.value();
      double[] sum = sums.get(group);
      if (sum == null) {
        sums.put(group, new double[] {value, 1});
        continue;
      }
      sum[1]++;
      switch (call.function()) {
        case "min" -> sum[0] = Double.isNaN(sum[0]) || value < sum[0] ? value : sum[0];
        case "max" -> sum[0] = Double.isNaN(sum[0]) || value > sum[0] ? value : sum[0];
        default -> sum[0] += value;
      }
    }
    List<Sample> samples = new ArrayList<>();
    sums.forEach((labels, sum) ->
        samples.add(
            new Sample(
                labels,
                switch (call.function()) {
                  case "avg" -> sum[0] / sum[1];
                  case "count" -> sum[1];
                  case "group" -> 1;
                  default -> sum[0];
                })));
    return new Vector(samples);
  }
}
