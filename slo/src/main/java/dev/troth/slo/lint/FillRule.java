package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Query;
import dev.troth.slo.math.Expression;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** FILL in a figure that somebody relies on: lost telemetry looks like success. */
final class FillRule implements Rule {
  @Override
  public void check(Subject subject, List<Finding> findings) {
    if (!subject.watched().decides()) {
      return;
    }
    for (Query returned : subject.watched().returned()) {
      for (Query query : subject.formulas().expressions(returned)) {
        Set<String> filled = new LinkedHashSet<>();
        subject.formulas().expression(query).ifPresent(e -> collect(e, true, filled));
        if (!filled.isEmpty()) {
          findings.add(
              Finding.error(
                  "composite/fill",
                  query.place(),
                  "FILL(%s, …) hides lost telemetry: when the metric stops, the figure stays as good as"
                          .formatted(String.join(", …), FILL(", filled))
                      + " the filler",
                  "leave FILL out, keep the alarm's state with TreatMissingData: ignore, and raise an"
                      + " alarm of its own when data are missing"));
        }
      }
    }
  }

  /** A question about missing data may fill them: what is compared is left out. */
  private static void collect(Expression expression, boolean counts, Set<String> filled) {
    boolean below =
        counts
            && !(expression instanceof Expression.Operation operation
                && operation.operator().asks());
    if (below
        && expression instanceof Expression.Call(String function, List<Expression> arguments, _)
        && function.equals("FILL")
        && !arguments.isEmpty()) {
      filled.add(arguments.getFirst().text());
    }
    expression.parts().forEach(part -> collect(part, below, filled));
  }
}
