package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Query;
import java.util.List;
import java.util.Set;

/** A composite of steps in which a step that the chain passes has no term. */
final class MissingStepRule implements Rule {
  private static final String TABLE = "AWS/DynamoDB";
  private static final String BUS = "AWS/Events";

  @Override
  public void check(Subject subject, List<Finding> findings) {
    Set<String> services = Composites.services(Composites.failures(subject));
    if (services.size() < 2
        || !subject.formulas().areWhole()
        || !Composites.isShare(subject)
        || Composites.hasOwnMetric(subject)) {
      return;
    }
    Query figure = subject.watched().returned().getLast();
    for (String namespace : List.of(TABLE, BUS)) {
      if (services.contains(namespace)) {
        continue;
      }
      String fact =
          "the figure is composed of %s, and %s has no term in it"
              .formatted(Composites.names(services), Composites.name(namespace));
      var seen = subject.evidence().of(subject.watched(), namespace);
      if (seen.isPresent()) {
        findings.add(
            Finding.error(
                "composite/missing-step",
                figure.place(),
                fact + ", although %s (%s)".formatted(seen.get().what(), seen.get().place()),
                cure(namespace)));
      } else if (namespace.equals(TABLE) && services.contains(BUS)) {
        findings.add(
            Finding.warning(
                "composite/missing-step",
                figure.place(),
                fact + ": if a request writes to a table, a failed write counts as success",
                cure(namespace)));
      }
    }
  }

  private static String cure(String namespace) {
    return namespace.equals(TABLE)
        ? "let the function count requests whose write failed or was retried, and add that metric;"
            + " DynamoDB's SystemErrors and ThrottledRequests count attempts, not requests"
        : "let the caller count requests whose event was not published, and add that metric";
  }
}
