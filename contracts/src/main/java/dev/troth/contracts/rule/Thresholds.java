package dev.troth.contracts.rule;

import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Comparisons of a number with a constant. A rule sees a number with a fraction as the nearest
 * double; so the limit that a schema needs lies half way to the constant's neighbour.
 */
final class Thresholds {
  /** Below, neighbouring doubles are less than 1 apart, so that whole numbers are exact. */
  private static final double LARGEST = 0x1p52;

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private Thresholds() {}

  /** Numbers for which {@code number operator constant} holds; none if no schema says so. */
  static Optional<Json> numbers(String operator, double constant) {
    if (Math.abs(constant) >= LARGEST || Double.isNaN(constant)) {
      return Optional.empty();
    }
    return switch (operator) {
      case ">" -> Optional.of(number(above(constant)));
      case ">=" -> Optional.of(number(above(Math.nextDown(constant))));
      case "<" -> Optional.of(number(below(constant)));
      case "<=" -> Optional.of(number(below(Math.nextUp(constant))));
      case "==" -> {
        Map<String, Json> both = above(Math.nextDown(constant));
        both.putAll(below(Math.nextUp(constant)));
        yield Optional.of(number(both));
      }
      default -> Optional.empty();
    };
  }

  private static Json number(Map<String, Json> bounds) {
    Map<String, Json> schema = new LinkedHashMap<>();
    schema.put("type", new Json.Str("number"));
    schema.putAll(bounds);
    return new Json.Obj(schema);
  }

  /** Numbers whose nearest double is above a constant. */
  private static Map<String, Json> above(double constant) {
    double next = Math.nextUp(constant);
    return bound("minimum", "exclusiveMinimum", half(constant, next), isEven(next));
  }

  /** Numbers whose nearest double is below a constant. */
  private static Map<String, Json> below(double constant) {
    double next = Math.nextDown(constant);
    return bound("maximum", "exclusiveMaximum", half(constant, next), isEven(next));
  }

  /** Half way, the even neighbour is the nearest. */
  private static Map<String, Json> bound(
      String including, String excluding, BigDecimal limit, boolean included) {
    Map<String, Json> bound = new LinkedHashMap<>();
    bound.put(included ? including : excluding, new Json.Num(limit));
    return bound;
  }

  private static BigDecimal half(double one, double other) {
    return new BigDecimal(one).add(new BigDecimal(other)).divide(TWO);
  }

  private static boolean isEven(double value) {
    return (Double.doubleToLongBits(value) & 1) == 0;
  }
}
