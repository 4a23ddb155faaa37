package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.KnownMetric;
import dev.troth.slo.cloudformation.MetricStat;
import dev.troth.slo.cloudformation.Query;
import java.util.List;
import java.util.Set;

/** Statuses taken for success: an answer below 500 says nothing of what was to happen behind it. */
final class SuccessRule implements Rule {
  @Override
  public void check(Subject subject, List<Finding> findings) {
    if (!Composites.isShare(subject)) {
      return;
    }
    for (Query query : subject.watched().returned()) {
      for (MetricStat stat : subject.formulas().metrics(query)) {
        if (stat.is(KnownMetric.Role.SUCCESS)) {
          findings.add(
              Finding.error(
                  "composite/http-success",
                  stat.place(),
                  stat.name()
                      + " is taken for success: an answer of 2xx says nothing of a step that"
                      + " failed behind it",
                  "count as bad the 5xx and, as a metric of your own, requests answered below 500"
                      + " although a step failed"));
        }
      }
    }
    Set<String> services = Composites.services(Composites.failures(subject));
    if (services.size() == 1
        && services.iterator().next().equals("AWS/ApiGateway")
        && subject.formulas().areWhole()
        && !Composites.hasOwnMetric(subject)) {
      subject
          .evidence()
          .of(subject.watched(), "AWS/Events")
          .ifPresent(seen ->
              findings.add(
                  Finding.error(
                      "composite/http-success",
                      subject.watched().returned().getLast().place(),
                      "only the gateway's statuses are counted, although %s (%s): an event that was"
                              .formatted(seen.what(), seen.place())
                          + " not published is answered with 2xx all the same",
                      "add a metric of your own: requests answered below 500 although a step failed")));
    }
  }
}
