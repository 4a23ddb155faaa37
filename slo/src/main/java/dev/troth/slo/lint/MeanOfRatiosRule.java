package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Query;
import dev.troth.slo.math.Expression;
import java.util.List;
import java.util.Set;

/** The mean of ratios: a quiet minute weighs as much as a busy one. */
final class MeanOfRatiosRule implements Rule {
  private static final Set<String> MEANS = Set.of("AVG", "STDDEV", "MAX", "MIN", "SUM");

  @Override
  public void check(Subject subject, List<Finding> findings) {
    for (Query query : subject.watched().queries()) {
      subject.formulas().expression(query).ifPresent(e -> walk(e, query, subject, findings));
    }
  }

  private static void walk(
      Expression expression, Query query, Subject subject, List<Finding> findings) {
    if (expression instanceof Expression.Call(String function, List<Expression> arguments, int at)
        && MEANS.contains(function)
        && arguments.size() == 1
        && isMeanOverTime(function, arguments.getFirst())
        && isRatio(arguments.getFirst(), subject)) {
      findings.add(
          Finding.error(
              "composite/mean-of-ratios",
              query.place(),
              "column %d of the expression: %s of ratios weighs quiet minutes like busy ones"
                  .formatted(at, function),
              "divide the sums: let the Period be the window, or SUM(bad) / SUM(total)"));
    }
    expression.parts().forEach(part -> walk(part, query, subject, findings));
  }

  /** Of an array, MAX and SUM combine several series at one time and are no mean. */
  private static boolean isMeanOverTime(String function, Expression argument) {
    boolean array =
        argument instanceof Expression.Array
            || (argument instanceof Expression.Call call && call.function().equals("METRICS"));
    return function.equals("AVG") || (function.equals("SUM") && !array);
  }

  private static boolean isRatio(Expression expression, Subject subject) {
    if (subject.formulas().divides(expression)) {
      return true;
    }
    return subject.watched().queries().stream()
        .filter(query -> mentions(expression, query))
        .anyMatch(subject.formulas()::divides);
  }

  private static boolean mentions(Expression expression, Query query) {
    return (expression instanceof Expression.Id(String name, _)
            && query.id().filter(name::equals).isPresent())
        || expression.parts().stream().anyMatch(part -> mentions(part, query));
  }
}
