package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.KnownMetric;
import dev.troth.slo.cloudformation.MetricStat;
import java.util.List;
import java.util.Set;

/** Lambda's Errors alone: throttled calls are neither invocations nor errors. */
final class LambdaErrorsRule implements Rule {
  @Override
  public void check(Subject subject, List<Finding> findings) {
    if (!Composites.isShare(subject)) {
      return;
    }
    Set<MetricStat> failures = Composites.failures(subject);
    boolean composite = Composites.services(failures).size() > 1;
    boolean throttles =
        subject.watched().queries().stream()
            .flatMap(query -> query.stat().stream())
            .anyMatch(stat -> stat.is(KnownMetric.Role.THROTTLE));
    for (MetricStat stat : failures) {
      if (stat.name().equals("AWS/Lambda Errors") && !throttles) {
        findings.add(
            new Finding(
                "composite/lambda-errors",
                composite,
                stat.place(),
                "AWS/Lambda Errors counts neither throttled calls, which are no invocations either,"
                    + " nor errors that the handler catches",
                "add Throttles to failures and total, and count what the handler swallows as a metric"
                    + " of your own"));
      }
    }
  }
}
