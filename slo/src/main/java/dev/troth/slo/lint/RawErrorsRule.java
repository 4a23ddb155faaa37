package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.KnownMetric;
import dev.troth.slo.cloudformation.MetricStat;
import dev.troth.slo.cloudformation.Watched.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An alarm on a bare count of errors, which says nothing of the budget that they take. */
final class RawErrorsRule implements Rule {
  @Override
  public void check(Subject subject, List<Finding> findings) {
    Set<MetricStat> failures = new LinkedHashSet<>(Composites.failures(subject));
    // What counts something else than the failures of a step has no budget.
    failures.removeIf(stat -> !stat.is(KnownMetric.Role.FAULT));
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
                "%s alarms on the bare count of %s, which says neither which share of the requests fails"
                        .formatted(subject.watched().name(), first.name())
                    + " nor how fast the budget goes",
                "alarm on the burn rate: failures / requests / (1 - target), over two windows"));
      }
    }
  }
}
