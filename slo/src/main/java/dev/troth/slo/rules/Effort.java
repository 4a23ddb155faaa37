package dev.troth.slo.rules;

import dev.troth.slo.promql.Query;
import dev.troth.slo.promql.Query.Call;
import dev.troth.slo.promql.Query.Operation;
import dev.troth.slo.promql.Query.Selector;
import dev.troth.slo.promql.Query.Subquery;

/** Says what a replay would take before it begins: one that does not end helps nobody. */
final class Effort {
  /** A thousand rules over 30 days of minutes with subqueries of a hundred steps. */
  static final long MOST_STEPS = 5_000_000_000L;

  private Effort() {}

  /**
   * The steps of all evaluations, those of subqueries within each other among them.
   *
   * @param span of the history, in milliseconds
   * @param interval between two evaluations, which subqueries without a step take as theirs
   */
  static double steps(Query query, long span, long interval) {
    return (span / (double) interval + 1) * each(query, interval);
  }

  private static double each(Query query, long interval) {
    return switch (query) {
      case Query.Literal _, Selector _ -> 1;
      case Query.Sign sign -> each(sign.operand(), interval);
      case Operation operation ->
          each(operation.left(), interval) + each(operation.right(), interval);
      case Call call -> 1 + call.arguments().stream().mapToDouble(one -> each(one, interval)).sum();
      case Subquery subquery -> {
        long step = subquery.step().isEmpty() ? interval : Length.millis(subquery.step());
        double times = Length.millis(subquery.range()) / (double) step + 1;
        yield times * each(subquery.query(), interval);
      }
    };
  }

  /** Why that is too much. */
  static String tooMuch(String what, double steps) {
    return "%s takes %.1e steps over this history, expected at most %.0e"
        .formatted(what, steps, (double) MOST_STEPS);
  }
}
