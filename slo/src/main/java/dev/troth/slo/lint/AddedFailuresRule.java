package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Formulas;
import dev.troth.slo.cloudformation.KnownMetric;
import dev.troth.slo.cloudformation.Query;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Failures of several services, added: one failed request is counted once per service that saw it.
 */
final class AddedFailuresRule implements Rule {
  @Override
  public void check(Subject subject, List<Finding> findings) {
    Set<Query> told = new LinkedHashSet<>();
    for (Query query : subject.watched().returned()) {
      for (Formulas.Sum sum : subject.formulas().sums(query)) {
        Set<String> services = new LinkedHashSet<>();
        sum.addends()
            .forEach(addend ->
                subject.formulas().metrics(addend).stream()
                    .filter(stat -> stat.known().filter(KnownMetric::isFailure).isPresent())
                    .forEach(stat -> services.add(stat.namespace())));
        if (services.size() > 1 && !isComparison(sum.query(), subject) && told.add(sum.query())) {
          findings.add(
              Finding.error(
                  "composite/added-failures",
                  sum.query().place(),
                  "failures of %s are added: an error of one step becomes an error of the step before"
                          .formatted(Composites.names(services))
                      + " it, so one failed request counts up to %d times and the result may fall"
                          .formatted(services.size())
                      + " below 0",
                  "count each request once: the gateway's 5xx, and a metric of your own for requests"
                      + " that were answered below 500 although a step failed"));
        }
      }
    }
  }

  /** A line on a chart that says that it is the additive recipe. */
  private static boolean isComparison(Query query, Subject subject) {
    return !subject.watched().decides() && query.label().startsWith("additive:");
  }
}
