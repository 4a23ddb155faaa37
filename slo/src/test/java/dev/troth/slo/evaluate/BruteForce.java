package dev.troth.slo.evaluate;

import dev.troth.slo.math.Expression;
import dev.troth.slo.math.Operator;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The same semantics said another way: a series is a sparse map from times to values, a scalar is a
 * value or none, and everything that cannot be known throws.
 */
final class BruteForce {
  /** Some part is known to the service alone. */
  static final class NotKnownException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final TreeSet<Long> times = new TreeSet<>();
  private final long period;
  private final Map<String, TreeMap<Long, Double>> metrics;

  BruteForce(long start, long period, int points, Map<String, TreeMap<Long, Double>> metrics) {
    this.period = period;
    this.metrics = metrics;
    for (int i = 0; i < points; i++) {
      times.add(start + i * period);
    }
  }

  /** An {@code Optional<Double>}, a {@code TreeMap}, or a list of maps. */
  Object value(Expression expression) {
    return switch (expression) {
      case Expression.Number number -> Optional.of(Double.valueOf(number.digits()));
      case Expression.Id id -> Objects.requireNonNull(metrics.get(id.name()));
      case Expression.Array array -> {
        List<TreeMap<Long, Double>> all = new ArrayList<>();
        array.items().forEach(item -> all.addAll(list(value(item))));
        yield all;
      }
      case Expression.Minus minus -> each(value(minus.operand()), v -> -v);
      case Expression.Operation op ->
          combined(value(op.left()), value(op.right()), (a, b) -> operate(op.operator(), a, b));
      case Expression.Call call -> call(call.function(), call.arguments());
      case Expression.Text _, Expression.Word _ -> throw new IllegalStateException();
    };
  }

  @SuppressWarnings("unchecked")
  private static List<TreeMap<Long, Double>> list(Object value) {
    return value instanceof List<?> all
        ? (List<TreeMap<Long, Double>>) all
        : List.of((TreeMap<Long, Double>) value);
  }

  @SuppressWarnings("unchecked")
  private static Optional<Double> scalar(Object value) {
    return (Optional<Double>) value;
  }

  private static Optional<Double> finite(double value) {
    return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
  }

  private static Object each(Object value, UnaryOperator<Double> f) {
    if (value instanceof Optional<?>) {
      return scalar(value).flatMap(v -> finite(f.apply(v)));
    }
    return changed(
        value,
        map -> {
          TreeMap<Long, Double> result = new TreeMap<>();
          map.forEach((t, v) -> finite(f.apply(v)).ifPresent(r -> result.put(t, r)));
          return result;
        });
  }

  private static Object changed(Object value, UnaryOperator<TreeMap<Long, Double>> f) {
    return value instanceof List<?>
        ? list(value).stream().map(f).toList()
        : f.apply(list(value).getFirst());
  }

  private static Object combined(Object a, Object b, BinaryOperator<Double> f) {
    if (a instanceof List<?>) {
      return list(a).stream().map(one -> combined(one, b, f)).toList();
    }
    if (b instanceof List<?>) {
      return list(b).stream().map(one -> combined(a, one, f)).toList();
    }
    if (a instanceof Optional<?> && b instanceof Optional<?>) {
      return scalar(a).flatMap(x -> scalar(b).flatMap(y -> finite(f.apply(x, y))));
    }
    TreeMap<Long, Double> result = new TreeMap<>();
    TreeSet<Long> both = new TreeSet<>();
    if (a instanceof TreeMap<?, ?>) {
      both.addAll(list(a).getFirst().keySet());
    }
    if (b instanceof TreeMap<?, ?>) {
      both.addAll(list(b).getFirst().keySet());
    }
    for (long time : both) {
      Optional<Double> x = a instanceof Optional<?> ? scalar(a) : orZero(a, time);
      Optional<Double> y = b instanceof Optional<?> ? scalar(b) : orZero(b, time);
      if (x.isPresent() && y.isPresent()) {
        finite(f.apply(x.get(), y.get())).ifPresent(r -> result.put(time, r));
      }
    }
    return result;
  }

  private static Optional<Double> orZero(Object series, long time) {
    return Optional.of(list(series).getFirst().getOrDefault(time, 0.0));
  }

  private static double operate(Operator operator, double a, double b) {
    return switch (operator.sign()) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> b == 0 ? Double.NaN : a / b;
      case "^" -> Math.pow(a, b);
      case "==" -> a == b ? 1 : 0;
      case "!=" -> a == b ? 0 : 1;
      case "<" -> a < b ? 1 : 0;
      case "<=" -> a > b ? 0 : 1;
      case ">" -> a > b ? 1 : 0;
      case ">=" -> a < b ? 0 : 1;
      case "AND" -> a == 0 || b == 0 ? 0 : 1;
      case "OR" -> a == 0 && b == 0 ? 0 : 1;
      default -> throw new IllegalStateException(operator.sign());
    };
  }

  private Object call(String name, List<Expression> arguments) {
    return switch (name) {
      case "METRICS" -> {
        String part = arguments.isEmpty() ? "" : ((Expression.Text) arguments.getFirst()).value();
        yield metrics.entrySet().stream()
            .filter(metric -> metric.getKey().contains(part))
            .map(Map.Entry::getValue)
            .toList();
      }
      case "SERVICE_QUOTA", "INSIGHT_RULE_METRIC" -> throw new NotKnownException();
      default -> {
        List<Object> values = new ArrayList<>();
        for (Expression argument : arguments) {
          values.add(argument instanceof Expression.Word(String w, _) ? w : value(argument));
        }
        yield call(name, values.getFirst(), values);
      }
    };
  }

  private Object call(String name, Object first, List<Object> values) {
    return switch (name) {
      case "ABS" -> each(first, v -> v < 0 ? -v : v);
      case "CEIL" -> each(first, v -> -Math.floor(-v));
      case "FLOOR" -> each(first, v -> -Math.ceil(-v));
      case "LOG" -> each(first, Math::log);
      case "LOG10" -> each(first, Math::log10);
      case "DIFF" -> changed(first, map -> steps(map, (dv, dt) -> dv));
      case "DIFF_TIME" -> changed(first, map -> steps(map, (dv, dt) -> dt));
      case "RATE" -> changed(first, map -> steps(map, (dv, dt) -> dv / dt));
      case "RUNNING_SUM" ->
          changed(
              first,
              map -> {
                TreeMap<Long, Double> sums = new TreeMap<>();
                map.keySet().forEach(t -> sums.put(t, total(map.headMap(t, true).values())));
                return finite(sums);
              });
      case "SUM", "AVG", "MIN", "MAX", "STDDEV", "DATAPOINT_COUNT" -> statistic(name, first);
      case "METRIC_COUNT" -> Optional.of((double) list(first).size());
      case "FIRST" -> list(first).isEmpty() ? new TreeMap<Long, Double>() : list(first).getFirst();
      case "LAST" -> list(first).isEmpty() ? new TreeMap<Long, Double>() : list(first).getLast();
      case "REMOVE_EMPTY" -> list(first).stream().filter(map -> !map.isEmpty()).toList();
      case "TIME_SERIES" -> full(_ -> scalar(first));
      case "PERIOD" -> Optional.of((double) period);
      case "FILL" -> changed(first, map -> filled(map, values.get(1)));
      case "IF" -> chosen(first, values);
      case "SORT" -> sorted(list(first), values);
      case "SLICE" -> {
        int size = list(first).size();
        int from = bound(values.get(1), size);
        int to = values.size() == 3 ? bound(values.get(2), size) : size;
        yield from >= to ? List.of() : list(first).subList(from, to);
      }
      default ->
          full(t -> {
            ZonedDateTime time =
                ZonedDateTime.ofInstant(java.time.Instant.ofEpochSecond(t), ZoneOffset.UTC);
            return Optional.of(
                (double)
                    switch (name) {
                      case "MINUTE" -> time.getMinute();
                      case "HOUR" -> time.getHour();
                      case "DAY" -> time.getDayOfWeek().getValue();
                      case "DATE" -> time.getDayOfMonth();
                      case "MONTH" -> time.getMonthValue();
                      case "YEAR" -> time.getYear();
                      case "EPOCH" -> t;
                      default -> throw new IllegalStateException(name);
                    });
          });
    };
  }

  private TreeMap<Long, Double> full(java.util.function.Function<Long, Optional<Double>> f) {
    TreeMap<Long, Double> result = new TreeMap<>();
    times.forEach(t -> f.apply(t).ifPresent(v -> result.put(t, v)));
    return result;
  }

  private static TreeMap<Long, Double> finite(TreeMap<Long, Double> map) {
    map.values().removeIf(v -> !Double.isFinite(v));
    return map;
  }

  private static TreeMap<Long, Double> steps(TreeMap<Long, Double> map, BinaryOperator<Double> f) {
    TreeMap<Long, Double> result = new TreeMap<>();
    for (var point : map.entrySet()) {
      var before = map.lowerEntry(point.getKey());
      if (before != null) {
        result.put(
            point.getKey(),
            f.apply(
                point.getValue() - before.getValue(), (double) (point.getKey() - before.getKey())));
      }
    }
    return finite(result);
  }

  private static double total(Iterable<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private Object statistic(String name, Object first) {
    if (first instanceof TreeMap<?, ?>) {
      return number(name, List.copyOf(list(first).getFirst().values()), times.size());
    }
    return full(t -> {
      List<Double> here =
          list(first).stream().filter(map -> map.containsKey(t)).map(map -> map.get(t)).toList();
      return here.isEmpty() ? Optional.empty() : number(name, here, list(first).size());
    });
  }

  private static Optional<Double> number(String name, List<Double> values, int places) {
    double sum = total(values);
    return switch (name) {
      case "SUM" -> finite(sum);
      case "AVG" -> finite(sum / places);
      case "DATAPOINT_COUNT" -> Optional.of((double) values.size());
      case "MIN" -> values.stream().min(Double::compare);
      case "MAX" -> values.stream().max(Double::compare);
      case "STDDEV" -> {
        double mean = sum / values.size();
        yield finite(
            Math.sqrt(
                total(values.stream().map(v -> (v - mean) * (v - mean)).toList()) / values.size()));
      }
      default -> throw new IllegalStateException(name);
    };
  }

  private TreeMap<Long, Double> filled(TreeMap<Long, Double> map, Object how) {
    return full(t -> {
      if (map.containsKey(t)) {
        return Optional.of(map.get(t));
      }
      var below = map.lowerEntry(t);
      var above = map.higherEntry(t);
      if (how.equals("REPEAT")) {
        return Optional.ofNullable(below).map(Map.Entry::getValue);
      }
      if (how.equals("LINEAR")) {
        if (below == null || above == null) {
          return Optional.empty();
        }
        // Rounded as the evaluator does it, so that a comparison with a filled gap comes out alike.
        double step = above.getValue() - below.getValue();
        step /= (above.getKey() - below.getKey()) / period;
        return finite(below.getValue() + step * ((t - below.getKey()) / period));
      }
      return at(how, t);
    });
  }

  private static Optional<Double> at(Object value, long time) {
    return value instanceof Optional<?>
        ? scalar(value)
        : Optional.ofNullable(list(value).getFirst().get(time));
  }

  private TreeMap<Long, Double> chosen(Object condition, List<Object> values) {
    Object no = values.size() == 3 ? values.get(2) : Optional.empty();
    return full(t -> {
      Optional<Double> asked = at(condition, t);
      if (asked.isEmpty()) {
        return Optional.empty();
      }
      if (asked.get() == 0) {
        return at(no, t);
      }
      Optional<Double> yes = at(values.get(1), t);
      boolean zero = values.get(1) instanceof TreeMap<?, ?> && condition instanceof TreeMap<?, ?>;
      return yes.isEmpty() && zero ? Optional.of(0.0) : yes;
    });
  }

  private int bound(Object value, int size) {
    double asked = scalar(value).orElse(0.0);
    return asked < 0 ? 0 : asked > size ? size : (int) asked;
  }

  private List<TreeMap<Long, Double>> sorted(List<TreeMap<Long, Double>> all, List<Object> values) {
    List<TreeMap<Long, Double>> left = new ArrayList<>(all);
    List<TreeMap<Long, Double>> result = new ArrayList<>();
    boolean down = values.get(2).equals("DESC");
    while (!left.isEmpty()) {
      TreeMap<Long, Double> best = left.getFirst();
      for (TreeMap<Long, Double> other : left) {
        Optional<Double> mine = rank(other, values.get(1));
        Optional<Double> his = rank(best, values.get(1));
        boolean better =
            mine.isPresent()
                && (his.isEmpty() || (down ? mine.get() > his.get() : mine.get() < his.get()));
        best = better ? other : best;
      }
      TreeMap<Long, Double> chosen = best;
      left.remove(indexOf(left, chosen));
      result.add(chosen);
    }
    return values.size() == 4 ? result.subList(0, bound(values.get(3), result.size())) : result;
  }

  private static int indexOf(List<TreeMap<Long, Double>> list, TreeMap<Long, Double> wanted) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) == wanted) {
        return i;
      }
    }
    throw new IllegalStateException();
  }

  private Optional<Double> rank(TreeMap<Long, Double> map, Object by) {
    return scalar(statistic((String) by, map));
  }
}
