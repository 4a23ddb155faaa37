package dev.troth.contracts.rule;

import static dev.troth.contracts.rule.Fragments.all;
import static dev.troth.contracts.rule.Fragments.any;
import static dev.troth.contracts.rule.Fragments.type;

import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Comparisons of a size with a constant: of a text, a list or an object. */
final class Sizes {
  private static final Map<String, String> SUFFIXES =
      Map.of("string", "Length", "array", "Items", "object", "Properties");
  private static final double LARGEST = Integer.MAX_VALUE - 1;

  private Sizes() {}

  /** Values for which {@code size(value) operator constant} holds. */
  static Json of(String operator, double constant) {
    double up = Math.ceil(constant);
    double down = Math.floor(constant);
    return switch (operator) {
      case "<" -> between(0, up - 1);
      case "<=" -> between(0, down);
      case ">" -> between(down + 1, Double.MAX_VALUE);
      case ">=" -> between(up, Double.MAX_VALUE);
      case "==" -> up == down ? between(up, up) : Fragments.NONE;
      case "!=" ->
          up == down
              ? any(between(0, up - 1), between(up + 1, Double.MAX_VALUE))
              : between(0, Double.MAX_VALUE);
      default -> throw new IllegalArgumentException("unknown operator " + operator);
    };
  }

  private static Json between(double least, double most) {
    if (most < 0 || least > most || least > LARGEST) {
      return Fragments.NONE;
    }
    List<Json> kinds = new ArrayList<>();
    for (String type : List.of("string", "array", "object")) {
      String suffix = SUFFIXES.get(type);
      Json kind = type(type);
      if (least > 0) {
        kind = all(kind, Fragments.of("min" + suffix, number(least)));
      }
      if (most <= LARGEST) {
        kind = all(kind, Fragments.of("max" + suffix, number(most)));
      }
      kinds.add(kind);
    }
    return any(kinds);
  }

  private static Json number(double count) {
    return Json.Num.of((long) count);
  }
}
