package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Query;
import java.util.List;

/** Expressions that the service refuses, or that come to another value in an alarm. */
final class MathRule implements Rule {
  /** The longest expression of an alarm or objective. */
  private static final int LONGEST = 2_048;

  @Override
  public void check(Subject subject, List<Finding> findings) {
    subject
        .formulas()
        .problems()
        .forEach((query, problems) ->
            problems.forEach(problem ->
                findings.add(
                    Finding.error(
                        "math/" + problem.kind().word(),
                        query.place(),
                        "column %d of the expression: %s"
                            .formatted(problem.column(), problem.message()),
                        problem.cure()))));
    for (Query query : subject.watched().queries()) {
      query
          .expression()
          .filter(text -> text.length() > LONGEST && subject.watched().decides())
          .ifPresent(text ->
              findings.add(
                  Finding.error(
                      "math/length",
                      query.place(),
                      "the expression has %d characters, expected at most %d"
                          .formatted(text.length(), LONGEST),
                      "give parts of it ids of their own")));
    }
  }
}
