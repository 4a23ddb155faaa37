package dev.troth.cel;

import dev.troth.json.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operators and functions of the subset. */
final class Functions {
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

  private final Patterns patterns;

  Functions(Patterns patterns) {
    this.patterns = patterns;
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
      case "matches" -> new Value.Bool(patterns.find(text(second), text(first)));
      case "startsWith" -> new Value.Bool(text(first).startsWith(text(second)));
      case "endsWith" -> new Value.Bool(text(first).endsWith(text(second)));
      case "contains" -> new Value.Bool(text(first).contains(text(second)));
      default -> throw new IllegalArgumentException("unknown function " + function);
    };
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
    if (operand instanceof Value.Items(List<Value> values) && index instanceof Value.Int(long i)) {
      if (i < 0 || i >= values.size()) {
        throw new EvaluationException(
            "the index %d is outside a list of %d".formatted(i, values.size()));
      }
      return values.get((int) i);
    }
    if (operand instanceof Value.Members(Json.Obj object)
        && index instanceof Value.Text(String k)) {
      return object
          .get(k)
          .map(Value::of)
          .orElseThrow(() -> new EvaluationException("there is no field '" + k + "'"));
    }
    throw noOverload("[]", operand, index);
  }

  private static long size(Value value) {
    return switch (value) {
      case Value.Text(String text) -> text.codePointCount(0, text.length());
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
    return a.equals(b);
  }

  private static int compare(Value a, Value b) {
    if (Arithmetic.isNumber(a) && Arithmetic.isNumber(b)) {
      return Arithmetic.compare(a, b);
    }
    if (a instanceof Value.Text(String left) && b instanceof Value.Text(String right)) {
      return compareCodePoints(left, right);
    }
    if (a instanceof Value.Bool(boolean left) && b instanceof Value.Bool(boolean right)) {
      return Boolean.compare(left, right);
    }
    if (a instanceof Value.Time(Instant left) && b instanceof Value.Time(Instant right)) {
      return left.compareTo(right);
    }
    if (a instanceof Value.Span(Duration left) && b instanceof Value.Span(Duration right)) {
      return left.compareTo(right);
    }
    throw noOverload("comparison", a, b);
  }

  /** By code point, as CEL orders strings; Java's own order is by UTF-16 unit. */
  private static int compareCodePoints(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  private static boolean in(Value value, Value container) {
    return switch (container) {
      case Value.Items(List<Value> values) -> values.stream().anyMatch(v -> equal(value, v));
      case Value.Members(Json.Obj object) ->
          value instanceof Value.Text(String name) && object.members().containsKey(name);
      default -> throw noOverload("in", value, container);
    };
  }

  private static String text(Value value) {
    if (value instanceof Value.Text(String text)) {
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
