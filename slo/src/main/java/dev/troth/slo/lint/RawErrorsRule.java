package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.MetricStat;
import dev.troth.slo.cloudformation.Watched.Kind;
import java.util.List;
import java.util.Set;

/** An alarm on a bare count of errors, which says nothing of the budget that they take. */
final class RawErrorsRule implements Rule {
  @Override
  public void check(Subject subject, List<Finding> findings) {
    Set<MetricStat> failures = Composites.failures(subject);
    boolean bare =
        subject.watched().returned().stream()
            .allMatch(query ->
                !subject.formulas().divides(query)
                    && subject.formulas().metrics(query).stream().allMatch(failures::contains));
    if (subject.watched().kind() == Kind.ALARM && !failures.isEmpty() && bare) {
      MetricStat first = failures.iterator().next();
      boolean share = first.stat().equals("Average");
      if (!share) {
        findings.add(
            Finding.warning(
                "alarm/raw-errors",
                first.place(),
                "%s alarms on the bare count of %s: on a busy day it fires within the budget, on a quiet"
                        .formatted(subject.watched().name(), first.name())
                    + " one it is silent beyond it",
                "alarm on the burn rate: failures / requests / (1 - target), over two windows"));
      }
    }
  }
}
