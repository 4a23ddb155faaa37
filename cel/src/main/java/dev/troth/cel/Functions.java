package dev.troth.cel;

import dev.troth.json.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operators and functions of the subset, as the environment has them. */
final class Functions {
  private static final Value TRUE = new Value.Bool(true);
  private static final Set<String> ORDERS = Set.of("<", "<=", ">", ">=");

  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|m|s|us|ns)");

  private static final Map<String, Long> NANOS =
      Map.of(
          "h", 3_600_000_000_000L,
          "m", 60_000_000_000L,
          "s", 1_000_000_000L,
          "ms", 1_000_000L,
          "us", 1_000L,
          "ns", 1L);

  private static final Set<String> NAMES =
      Set.of(
          "==",
          "!=",
          "<",
          "<=",
          ">",
          ">=",
          "in",
          "+",
          "-",
          "*",
          "/",
          "%",
          "matches",
          "startsWith",
          "endsWith",
          "contains",
          "!",
          "negate",
          "size",
          "timestamp",
          "duration",
          "int",
          "double",
          "string");

  /** The functions whose answer is true or false. */
  private static final Set<String> TESTS =
      Set.of("<", "<=", ">", ">=", "in", "matches", "startsWith", "endsWith", "contains", "!");

  private final Environment environment;

  Functions(Environment environment) {
    this.environment = environment;
  }

  static boolean isOwn(String function) {
    return NAMES.contains(function);
  }

  /** Answers for all operands if the environment is lenient. */
  Value answer(String function, List<Value> arguments) {
    if (environment.manner() == Environment.Manner.STRICT) {
      return call(function, arguments);
    }
    Value first = arguments.getFirst();
    if (function.equals("contains")) {
      return new Value.Bool(holds(first, arguments.get(1)));
    }
    if (function.equals("!")) {
      return new Value.Bool(!first.equals(TRUE));
    }
    if (arguments.size() == 2
        && ORDERS.contains(function)
        && order(first, arguments.get(1)).isEmpty()) {
      return new Value.Bool(false);
    }
    try {
      return call(function, arguments);
    } catch (EvaluationException none) {
      return TESTS.contains(function) ? new Value.Bool(false) : new Value.Null();
    }
  }

  /** An element of a list, or a part of a text in capitals or not. */
  private static boolean holds(Value whole, Value part) {
    if (whole instanceof Value.Items(List<Value> values)) {
      return values.stream().anyMatch(value -> equal(value, part));
    }
    return isText(whole)
        && isText(part)
        && text(whole).toLowerCase(Locale.ROOT).contains(text(part).toLowerCase(Locale.ROOT));
  }

  Value call(String function, List<Value> arguments) {
    Value first = arguments.getFirst();
    if (arguments.size() == 1) {
      return unary(function, first);
    }
    Value second = arguments.get(1);
    return switch (function) {
      case "==" -> new Value.Bool(equal(first, second));
      case "!=" -> new Value.Bool(!equal(first, second));
      case "<" -> new Value.Bool(compare(first, second) < 0);
      case "<=" -> new Value.Bool(compare(first, second) <= 0);
      case ">" -> new Value.Bool(compare(first, second) > 0);
      case ">=" -> new Value.Bool(compare(first, second) >= 0);
      case "in" -> new Value.Bool(in(first, second));
      case "+", "-", "*", "/", "%" -> Arithmetic.apply(function, first, second);
      case "matches" -> new Value.Bool(matches(text(second), text(first)));
      case "startsWith" -> new Value.Bool(text(first).startsWith(text(second)));
      case "endsWith" -> new Value.Bool(text(first).endsWith(text(second)));
      case "contains" -> new Value.Bool(text(first).contains(text(second)));
      default -> throw new IllegalArgumentException("unknown function " + function);
    };
  }

  private boolean matches(String pattern, String text) {
    return environment
        .patterns()
        .orElseThrow(() -> new EvaluationException("there are no patterns here"))
        .find(pattern, text);
  }

  private static Value unary(String function, Value value) {
    return switch (function) {
      case "!" -> {
        if (value instanceof Value.Bool(boolean held)) {
          yield new Value.Bool(!held);
        }
        throw noOverload("!", value);
      }
      case "negate" -> Arithmetic.negate(value);
      case "size" -> new Value.Int(size(value));
      case "timestamp" -> new Value.Time(instant(value));
      case "duration" -> new Value.Span(duration(value));
      case "int" -> Arithmetic.toInt(value);
      case "double" -> Arithmetic.toReal(value);
      case "string" -> string(value);
      default -> throw new IllegalArgumentException("unknown function " + function);
    };
  }

  Value index(Value operand, Value index) {
    if (operand instanceof Value.Items(List<Value> values) && Arithmetic.isNumber(index)) {
      if (!(Arithmetic.toInt(index) instanceof Value.Int(long i))
          || Arithmetic.compare(index, new Value.Int(i)) != 0
          || index instanceof Value.Real) {
        throw noOverload("[]", operand, index);
      }
      if (i < 0 || i >= values.size()) {
        throw new EvaluationException(
            "the index %d is outside a list of %d".formatted(i, values.size()));
      }
      return values.get((int) i);
    }
    if (operand instanceof Value.Members(Json.Obj object) && isText(index)) {
      String k = text(index);
      return object
          .get(k)
          .map(environment::value)
          .orElseThrow(() -> new EvaluationException("there is no field '" + k + "'"));
    }
    throw noOverload("[]", operand, index);
  }

  private static long size(Value value) {
    return switch (value) {
      case Value.Text(String text) -> text.codePointCount(0, text.length());
      case Value.NumericText(String text, _) -> text.codePointCount(0, text.length());
      case Value.Items(List<Value> values) -> values.size();
      case Value.Members(Json.Obj object) -> object.members().size();
      default -> throw noOverload("size", value);
    };
  }

  static boolean equal(Value a, Value b) {
    if (Arithmetic.isNumber(a) && Arithmetic.isNumber(b)) {
      return Arithmetic.compare(a, b) == 0;
    }
    if (a instanceof Value.Items(List<Value> left) && b instanceof Value.Items(List<Value> right)) {
      boolean equal = left.size() == right.size();
      for (int i = 0; equal && i < left.size(); i++) {
        equal = equal(left.get(i), right.get(i));
      }
      return equal;
    }
    if (isText(a) && isText(b)) {
      return text(a).equals(text(b));
    }
    if (a instanceof Value.NumericText(_, BigDecimal number) && Arithmetic.isNumber(b)) {
      return Arithmetic.compare(new Value.Decimal(number), b) == 0;
    }
    if (b instanceof Value.NumericText && Arithmetic.isNumber(a)) {
      return equal(b, a);
    }
    return a.equals(b);
  }

  private static boolean isText(Value value) {
    return value instanceof Value.Text || value instanceof Value.NumericText;
  }

  private static Value asNumber(Value value) {
    return value instanceof Value.NumericText(_, BigDecimal number)
        ? new Value.Decimal(number)
        : value;
  }

  /** Which of the two comes first; empty if they have no order. */
  private static OptionalInt order(Value a, Value b) {
    if (isText(a) && isText(b)) {
      return OptionalInt.of(compareCodePoints(text(a), text(b)));
    }
    Value left = asNumber(a);
    Value right = asNumber(b);
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return OptionalInt.of(Arithmetic.compare(left, right));
    }
    return switch (a) {
      case Value.Bool(boolean first) when b instanceof Value.Bool(boolean second) ->
          OptionalInt.of(Boolean.compare(first, second));
      case Value.Time(Instant first) when b instanceof Value.Time(Instant second) ->
          OptionalInt.of(first.compareTo(second));
      case Value.Span(Duration first) when b instanceof Value.Span(Duration second) ->
          OptionalInt.of(first.compareTo(second));
      default -> OptionalInt.empty();
    };
  }

  private static int compare(Value a, Value b) {
    return order(a, b).orElseThrow(() -> noOverload("comparison", a, b));
  }

  /** By code point, as CEL orders strings; Java's own order is by UTF-16 unit. */
  private static int compareCodePoints(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  private static boolean in(Value value, Value container) {
    return switch (container) {
      case Value.Items(List<Value> values) -> values.stream().anyMatch(v -> equal(value, v));
      case Value.Members(Json.Obj object) ->
          isText(value) && object.members().containsKey(text(value));
      default -> throw noOverload("in", value, container);
    };
  }

  private static String text(Value value) {
    if (value instanceof Value.Text(String text)) {
      return text;
    }
    if (value instanceof Value.NumericText(String text, _)) {
      return text;
    }
    throw new EvaluationException("found a " + value.type() + ", expected a string");
  }

  private static Instant instant(Value value) {
    if (value instanceof Value.Time(Instant time)) {
      return time;
    }
    try {
      return OffsetDateTime.parse(text(value)).toInstant();
    } catch (DateTimeException e) {
      throw new EvaluationException("'" + text(value) + "' is not a timestamp of RFC 3339");
    }
  }

  private static Duration duration(Value value) {
    if (value instanceof Value.Span(Duration span)) {
      return span;
    }
    String text = text(value);
    boolean negative = text.startsWith("-");
    String rest = negative ? text.substring(1) : text;
    Matcher part = DURATION_PART.matcher(rest);
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < rest.length() && part.region(at, rest.length()).lookingAt()) {
      double nanos = Double.parseDouble(part.group(1)) * NANOS.getOrDefault(part.group(2), 0L);
      sum = sum.plusNanos(Math.round(nanos));
      at = part.end();
    }
    if (at == 0 || at < rest.length()) {
      throw new EvaluationException("'" + text + "' is not a duration such as 1h30m");
    }
    return negative ? sum.negated() : sum;
  }

  private static Value string(Value value) {
    return switch (value) {
      case Value.Text text -> text;
      case Value.NumericText(String text, _) -> new Value.Text(text);
      case Value.Decimal(BigDecimal number) -> new Value.Text(number.toString());
      case Value.Int(long number) -> new Value.Text(Long.toString(number));
      case Value.Bool(boolean held) -> new Value.Text(Boolean.toString(held));
      default -> throw noOverload("string", value);
    };
  }

  static EvaluationException noOverload(String function, Value... arguments) {
    return new EvaluationException(
        "'%s' does not take %s"
            .formatted(
                function,
                String.join(" and ", Arrays.stream(arguments).map(Value::type).toList())));
  }
}
