package dev.troth.slo.rules;

import java.util.Set;

/** Operators on two numbers. */
final class Operators {
  static final Set<String> SETS = Set.of("and", "or", "unless");
  private static final Set<String> COMPARISONS = Set.of("==", "!=", ">", "<", ">=", "<=");

  private Operators() {}

  static boolean compares(String operator) {
    return COMPARISONS.contains(operator);
  }

  /** Whether a comparison holds. */
  static boolean holds(String operator, double left, double right) {
    return switch (operator) {
      case "==" -> left == right;
      case "!=" -> left != right;
      case ">" -> left > right;
      case "<" -> left < right;
      case ">=" -> left >= right;
      default -> left <= right;
    };
  }

  static double calculate(String operator, double left, double right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "%" -> left % right;
      case "^" -> Math.pow(left, right);
      case "atan2" -> Math.atan2(left, right);
      default -> throw new IllegalArgumentException("no operator '" + operator + "'");
    };
  }
}
