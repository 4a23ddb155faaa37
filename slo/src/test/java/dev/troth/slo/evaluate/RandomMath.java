package dev.troth.slo.evaluate;

import java.util.random.RandomGenerator;

/** Writes well-typed expressions over the metrics m1, m2, err1 and err2. */
final class RandomMath {
  private static final String[] IDS = {"m1", "m2", "err1", "err2"};
  private static final String[] STATISTICS = {"SUM", "AVG", "MIN", "MAX", "STDDEV"};
  private static final String[] POINTWISE = {"ABS", "CEIL", "FLOOR", "LOG", "LOG10"};
  private static final String[] STEPS = {"DIFF", "DIFF_TIME", "RATE", "RUNNING_SUM"};
  private static final String[] TIMES = {"MINUTE", "HOUR", "DAY", "DATE", "MONTH", "YEAR", "EPOCH"};
  private static final String[] OPERATORS = {
    "+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">=", "AND", "OR", "&&", "||"
  };
  private static final String[] ARITHMETIC = {"+", "-", "*", "/", "^"};

  private final RandomGenerator random;

  RandomMath(RandomGenerator random) {
    this.random = random;
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  String series(int depth) {
    if (depth == 0) {
      return one(IDS);
    }
    int next = depth - 1;
    return switch (random.nextInt(16)) {
      case 0 -> "-" + series(next);
      case 1 -> one(POINTWISE) + "(" + series(next) + ")";
      case 2 -> one(STEPS) + "(" + series(next) + ")";
      case 3 -> one(STATISTICS) + "(" + array(next) + ")";
      case 4 -> "DATAPOINT_COUNT(" + array(next) + ")";
      case 5 -> one("FIRST", "LAST") + "(" + array(next) + ")";
      case 6 -> "FILL(" + series(next) + ", " + filler(next) + ")";
      case 7 -> "IF(" + series(next) + ", " + either(next) + ", " + either(next) + ")";
      case 8 -> "IF(" + series(next) + ", " + either(next) + ")";
      case 9 -> "IF(" + scalar(next) + ", " + series(next) + ", " + either(next) + ")";
      case 10 -> "TIME_SERIES(" + scalar(next) + ")";
      case 11 ->
          random.nextInt(8) == 0
              ? one("SERVICE_QUOTA(m1)", "INSIGHT_RULE_METRIC('rule', 'Sum')")
              : one(TIMES) + "(" + series(next) + ")";
      case 12 -> "(" + scalar(next) + " " + one(OPERATORS) + " " + series(next) + ")";
      case 13 -> "(" + series(next) + " " + one(OPERATORS) + " " + scalar(next) + ")";
      default -> "(" + series(next) + " " + one(OPERATORS) + " " + series(next) + ")";
    };
  }

  private String filler(int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> "REPEAT";
      case 1 -> "LINEAR";
      default -> either(depth);
    };
  }

  private String either(int depth) {
    return random.nextBoolean() ? series(depth) : scalar(depth);
  }

  private String scalar(int depth) {
    if (depth == 0) {
      return one("0", "1", "2", "0.5", "60");
    }
    int next = depth - 1;
    return switch (random.nextInt(7)) {
      case 0 -> "-" + scalar(next);
      case 1 -> one(STATISTICS) + "(" + series(next) + ")";
      case 2 -> "METRIC_COUNT(" + array(next) + ")";
      case 3 -> "PERIOD(" + one(IDS) + ")";
      case 4 -> "DATAPOINT_COUNT(" + series(next) + ")";
      default -> "(" + scalar(next) + " " + one(OPERATORS) + " " + scalar(next) + ")";
    };
  }

  private String array(int depth) {
    if (depth == 0) {
      return one("METRICS()", "METRICS(\"err\")", "[m1, m2]");
    }
    int next = depth - 1;
    return switch (random.nextInt(11)) {
      case 0 -> "[" + series(next) + ", " + array(next) + "]";
      case 1 -> "[" + series(next) + ", " + series(next) + ", " + series(next) + "]";
      case 2 -> one(POINTWISE) + "(" + array(next) + ")";
      case 3 -> one(STEPS) + "(" + array(next) + ")";
      case 4 -> "REMOVE_EMPTY(" + array(next) + ")";
      case 5 -> "(" + array(next) + " " + one(ARITHMETIC) + " " + either(next) + ")";
      case 6 -> "(" + either(next) + " " + one(ARITHMETIC) + " " + array(next) + ")";
      case 7 -> "-" + array(next);
      case 8 -> "FILL(" + array(next) + ", " + filler(next) + ")";
      case 9 -> {
        String limit = random.nextBoolean() ? ", " + scalar(next) : "";
        yield "SORT(%s, %s, %s%s)"
            .formatted(array(next), one("SUM", "AVG", "MIN", "MAX"), one("ASC", "DESC"), limit);
      }
      default -> {
        String end = random.nextBoolean() ? ", " + scalar(next) : "";
        yield "SLICE(%s, %s%s)".formatted(array(next), scalar(next), end);
      }
    };
  }
}
