package dev.troth.cel;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Arithmetic on numbers, times, texts and lists. As in CEL, ints overflow into an error. Unlike in
 * CEL, where it is an error, an int beside a double counts as a double: JSON does not tell {@code
 * 5} from {@code 5.0}.
 */
final class Arithmetic {
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Arithmetic() {}

  static boolean isNumber(Value value) {
    return value instanceof Value.Int
        || value instanceof Value.Real
        || value instanceof Value.Decimal;
  }

  static int compare(Value a, Value b) {
    if (a instanceof Value.Int(long left) && b instanceof Value.Int(long right)) {
      return Long.compare(left, right);
    }
    if (a instanceof Value.Decimal(BigDecimal left)
        && b instanceof Value.Decimal(BigDecimal right)) {
      return left.compareTo(right);
    }
    double left = real(a);
    double right = real(b);
    if (Double.isInfinite(left) || Double.isInfinite(right)) {
      return Double.compare(left, right);
    }
    // A long may not fit a double, so the two are compared exactly.
    return exact(a).compareTo(exact(b));
  }

  private static BigDecimal exact(Value value) {
    return switch (value) {
      case Value.Int(long number) -> BigDecimal.valueOf(number);
      case Value.Decimal(BigDecimal number) -> number;
      default -> new BigDecimal(real(value));
    };
  }

  private static double real(Value value) {
    return switch (value) {
      case Value.Int(long number) -> number;
      case Value.Real(double number) -> number;
      case Value.Decimal(BigDecimal number) -> number.doubleValue();
      default -> throw new IllegalArgumentException(value.type() + " is no number");
    };
  }

  static Value apply(String operator, Value a, Value b) {
    try {
      if (a instanceof Value.Int(long left) && b instanceof Value.Int(long right)) {
        return new Value.Int(ints(operator, left, right));
      }
      if (isExact(a) && isExact(b)) {
        return new Value.Decimal(decimals(operator, exact(a), exact(b)));
      }
      if (isNumber(a) && isNumber(b) && !operator.equals("%")) {
        return new Value.Real(reals(operator, real(a), real(b)));
      }
      return others(operator, a, b);
    } catch (ArithmeticException | DateTimeException e) {
      throw new EvaluationException("'%s' has no result: %s".formatted(operator, e.getMessage()));
    }
  }

  private static boolean isExact(Value value) {
    return value instanceof Value.Int || value instanceof Value.Decimal;
  }

  /** Sums, differences and products have as many digits as they need, within reason. */
  private static BigDecimal decimals(String operator, BigDecimal a, BigDecimal b) {
    MathContext digits = new MathContext(200);
    return switch (operator) {
      case "+" -> a.add(b, digits);
      case "-" -> a.subtract(b, digits);
      case "*" -> a.multiply(b, digits);
      case "/" -> a.divide(b, MathContext.DECIMAL128);
      default -> a.remainder(b, digits);
    };
  }

  private static long ints(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "/" -> Math.divideExact(a, b);
      default -> a % b;
    };
  }

  private static double reals(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      default -> a / b;
    };
  }

  private static Value others(String operator, Value a, Value b) {
    if (operator.equals("+")) {
      if (a instanceof Value.Text(String left) && b instanceof Value.Text(String right)) {
        return new Value.Text(left + right);
      }
      if (a instanceof Value.Items(List<Value> left)
          && b instanceof Value.Items(List<Value> right)) {
        List<Value> both = new ArrayList<>(left);
        both.addAll(right);
        return new Value.Items(both);
      }
      if (a instanceof Value.Time(Instant time) && b instanceof Value.Span(Duration span)) {
        return new Value.Time(time.plus(span));
      }
      if (a instanceof Value.Span(Duration span) && b instanceof Value.Time(Instant time)) {
        return new Value.Time(time.plus(span));
      }
      if (a instanceof Value.Span(Duration left) && b instanceof Value.Span(Duration right)) {
        return new Value.Span(left.plus(right));
      }
    }
    if (operator.equals("-")) {
      if (a instanceof Value.Time(Instant left) && b instanceof Value.Time(Instant right)) {
        return new Value.Span(Duration.between(right, left));
      }
      if (a instanceof Value.Time(Instant time) && b instanceof Value.Span(Duration span)) {
        return new Value.Time(time.minus(span));
      }
      if (a instanceof Value.Span(Duration left) && b instanceof Value.Span(Duration right)) {
        return new Value.Span(left.minus(right));
      }
    }
    throw Functions.noOverload(operator, a, b);
  }

  static Value negate(Value value) {
    return switch (value) {
      case Value.Int(long number) when number != Long.MIN_VALUE -> new Value.Int(-number);
      case Value.Real(double number) -> new Value.Real(-number);
      case Value.Decimal(BigDecimal number) -> new Value.Decimal(number.negate());
      default -> throw Functions.noOverload("-", value);
    };
  }

  static Value toInt(Value value) {
    return switch (value) {
      case Value.Int number -> number;
      case Value.Real(double number) when Math.abs(number) < 0x1p63 -> new Value.Int((long) number);
      case Value.Decimal(BigDecimal number) when number.abs().compareTo(LARGEST) <= 0 ->
          new Value.Int(number.longValue());
      case Value.NumericText(String text, _) ->
          parse(text, () -> new Value.Int(Long.parseLong(text)));
      case Value.Text(String text) -> parse(text, () -> new Value.Int(Long.parseLong(text)));
      case Value.Time(Instant time) -> new Value.Int(time.getEpochSecond());
      default -> throw Functions.noOverload("int", value);
    };
  }

  static Value toReal(Value value) {
    return switch (value) {
      case Value.Int(long number) -> new Value.Real(number);
      case Value.Real number -> number;
      case Value.Decimal(BigDecimal number) -> new Value.Real(number.doubleValue());
      case Value.NumericText(_, BigDecimal number) -> new Value.Real(number.doubleValue());
      case Value.Text(String text) -> parse(text, () -> new Value.Real(Double.parseDouble(text)));
      default -> throw Functions.noOverload("double", value);
    };
  }

  private static Value parse(String text, Supplier<Value> parser) {
    try {
      return parser.get();
    } catch (NumberFormatException e) {
      throw new EvaluationException("'" + text + "' is not a number");
    }
  }
}
