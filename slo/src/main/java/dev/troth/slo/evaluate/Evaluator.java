package dev.troth.slo.evaluate;

import dev.troth.slo.evaluate.Value.Many;
import dev.troth.slo.evaluate.Value.Scalar;
import dev.troth.slo.evaluate.Value.Series;
import dev.troth.slo.evaluate.Value.Unknown;
import dev.troth.slo.math.Expression;
import dev.troth.slo.math.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Evaluates metric math as the Amazon CloudWatch user guide describes it ("Using math
 * expressions").
 *
 * <pre>{@code
 * Frame frame = Frame.of(grid, Map.of("bad", bad, "total", total));
 * Value rate = Evaluator.evaluate(MathParser.parse("bad / total").expression().orElseThrow(), frame);
 * }</pre>
 *
 * <p>Between two series a missing side counts as 0, and a point without data on both sides stays
 * without; a division by 0 drops the point. What the service alone knows is {@link Unknown}, and so
 * is everything made with it. Expressions should have passed the type checker: what does not fit
 * comes to {@link Unknown}, too.
 */
public final class Evaluator {
  private final Frame frame;

  private Evaluator(Frame frame) {
    this.frame = frame;
  }

  /** What an expression comes to. */
  public static Value evaluate(Expression expression, Frame frame) {
    return new Evaluator(frame).value(expression);
  }

  private Value value(Expression expression) {
    return switch (expression) {
      case Expression.Number number -> new Scalar(Double.parseDouble(number.digits()));
      case Expression.Text _ -> new Unknown("a text has no value");
      case Expression.Word word -> new Unknown(word.name() + " has no value");
      case Expression.Id id -> frame.get(id.name());
      case Expression.Array array -> array(array);
      case Expression.Minus minus -> mapped(value(minus.operand()), v -> -v);
      case Expression.Operation operation ->
          operation(operation.operator(), value(operation.left()), value(operation.right()));
      case Expression.Call call -> call(call);
    };
  }

  private Value array(Expression.Array array) {
    List<Series> series = new ArrayList<>();
    for (Expression item : array.items()) {
      switch (value(item)) {
        case Series one -> series.add(one);
        case Many many -> series.addAll(many.series());
        case Unknown unknown -> {
          return unknown;
        }
        case Scalar _ -> {
          return new Unknown("an array has a scalar in it");
        }
      }
    }
    return new Many(series);
  }

  private Value call(Expression.Call call) {
    List<Value> values = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      boolean word = argument instanceof Expression.Word || argument instanceof Expression.Text;
      Value value = word ? new Scalar(Double.NaN) : value(argument);
      if (value instanceof Unknown) {
        return value;
      }
      values.add(value);
    }
    return new Functions(frame, call, values).value();
  }

  static Value mapped(Value value, DoubleUnaryOperator function) {
    return switch (value) {
      case Scalar scalar -> new Scalar(function.applyAsDouble(scalar.number()));
      case Series series -> mapped(series, function);
      case Many many ->
          new Many(many.series().stream().map(series -> mapped(series, function)).toList());
      case Unknown unknown -> unknown;
    };
  }

  private static Series mapped(Series series, DoubleUnaryOperator function) {
    double[] result = new double[series.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = series.has(i) ? function.applyAsDouble(series.at(i)) : Double.NaN;
    }
    return Series.of(result);
  }

  private static Value operation(Operator operator, Value left, Value right) {
    if (left instanceof Unknown) {
      return left;
    }
    if (right instanceof Unknown) {
      return right;
    }
    if (left instanceof Many many) {
      return each(many, series -> operation(operator, series, right));
    }
    if (right instanceof Many many) {
      return each(many, series -> operation(operator, left, series));
    }
    if (left instanceof Scalar(double a) && right instanceof Scalar(double b)) {
      return new Scalar(applied(operator, a, b));
    }
    int size = left instanceof Series series ? series.size() : ((Series) right).size();
    double[] result = new double[size];
    for (int i = 0; i < size; i++) {
      result[i] = point(operator, left, right, i);
    }
    return Series.of(result);
  }

  private static Value each(Many many, java.util.function.Function<Series, Value> function) {
    List<Series> results = new ArrayList<>();
    for (Series series : many.series()) {
      switch (function.apply(series)) {
        case Series result -> results.add(result);
        case Unknown unknown -> {
          return unknown;
        }
        case Scalar _, Many _ -> {
          return new Unknown("two arrays are combined");
        }
      }
    }
    return new Many(results);
  }

  /** Missing on both sides stays missing; on one side it is 0. */
  private static double point(Operator operator, Value left, Value right, int i) {
    double a = at(left, i);
    double b = at(right, i);
    boolean scalarWithout =
        (left instanceof Scalar && Double.isNaN(a)) || (right instanceof Scalar && Double.isNaN(b));
    boolean data =
        (left instanceof Series && !Double.isNaN(a))
            || (right instanceof Series && !Double.isNaN(b));
    if (scalarWithout || !data) {
      return Double.NaN;
    }
    return applied(operator, Double.isNaN(a) ? 0 : a, Double.isNaN(b) ? 0 : b);
  }

  static double at(Value value, int i) {
    return switch (value) {
      case Scalar scalar -> scalar.number();
      case Series series -> series.at(i);
      case Many _, Unknown _ -> Double.NaN;
    };
  }

  private static double applied(Operator operator, double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return Double.NaN;
    }
    return switch (operator) {
      case PLUS -> a + b;
      case MINUS -> a - b;
      case TIMES -> a * b;
      case DIVIDED -> b == 0 ? Double.NaN : a / b;
      case POWER -> Math.pow(a, b);
      case EQUAL -> truth(a == b);
      case UNEQUAL -> truth(a != b);
      case AT_MOST -> truth(a <= b);
      case AT_LEAST -> truth(a >= b);
      case BELOW -> truth(a < b);
      case ABOVE -> truth(a > b);
      case AND -> truth(a != 0 && b != 0);
      case OR -> truth(a != 0 || b != 0);
    };
  }

  private static double truth(boolean holds) {
    return holds ? 1 : 0;
  }
}
