package dev.troth.slo.lint;

import dev.troth.json.file.Location;
import dev.troth.slo.cloudformation.KnownMetric;
import dev.troth.slo.cloudformation.KnownMetric.Role;
import dev.troth.slo.promql.Meaning;
import dev.troth.slo.promql.Query;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Mistakes about metrics of CloudWatch in rules that read them from an exporter. */
final class ExportedMetricRules {
  private ExportedMetricRules() {}

  /**
   * All of them in one expression.
   *
   * @param name of the rule
   * @param query with recorded rules put in
   * @param alert whether the rule tells somebody
   */
  static List<Finding> check(String name, Location place, Query query, boolean alert) {
    List<Finding> findings = new ArrayList<>();
    Set<KnownMetric> metrics = metrics(query);
    for (KnownMetric metric : metrics) {
      if (metric.role() == Role.ABSENT) {
        findings.add(
            Finding.error(
                "metric/absent",
                place,
                "%s reads %s %s, and there is no such metric: %s"
                    .formatted(name, metric.namespace(), metric.metric(), metric.reason()),
                metric.cure()));
      } else if (metric.role() == Role.WRONG && Meaning.divides(query) && services(metrics) > 1) {
        findings.add(
            Finding.error(
                "metric/wrong",
                place,
                "%s reads %s %s, which does not count the failures of a step: %s"
                    .formatted(name, metric.namespace(), metric.metric(), metric.reason()),
                metric.cure()));
      }
    }
    lambda(name, place, query, metrics, findings);
    latency(name, place, query, metrics, alert, findings);
    return findings;
  }

  private static Set<KnownMetric> metrics(Query query) {
    return Meaning.selectors(query).stream()
        .flatMap(selector -> KnownMetric.exportedAs(selector.name()).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static long services(Set<KnownMetric> metrics) {
    return metrics.stream().map(KnownMetric::namespace).distinct().count();
  }

  private static boolean has(Set<KnownMetric> metrics, Role role) {
    return metrics.stream().anyMatch(metric -> metric.role() == role);
  }

  private static void lambda(
      String name, Location place, Query query, Set<KnownMetric> metrics, List<Finding> findings) {
    boolean errors =
        metrics.stream()
            .anyMatch(m -> m.namespace().equals("AWS/Lambda") && m.metric().equals("Errors"));
    if (errors && Meaning.divides(query) && !has(metrics, Role.THROTTLE)) {
      findings.add(
          new Finding(
              "composite/lambda-errors",
              services(metrics) > 1,
              place,
              name
                  + " counts Lambda's Errors, in which are neither throttled calls nor errors that"
                  + " the handler catches",
              "add Throttles to failures and total, and count what the handler swallows as a metric"
                  + " of your own"));
    }
  }

  private static void latency(
      String name,
      Location place,
      Query query,
      Set<KnownMetric> metrics,
      boolean alert,
      List<Finding> findings) {
    boolean twice =
        Meaning.sums(query).stream()
            .map(addends ->
                addends.stream()
                    .flatMap(addend -> metrics(addend).stream())
                    .collect(Collectors.toSet()))
            .anyMatch(added -> has(added, Role.LATENCY) && has(added, Role.INNER_LATENCY));
    if (twice) {
      findings.add(
          Finding.error(
              "latency/counted-twice",
              place,
              name + " adds the time of a step to the gateway's Latency, which contains it already",
              "take the gateway's Latency alone"));
    }
    if (alert
        && !metrics.isEmpty()
        && metrics.stream().allMatch(metric -> metric.role() == Role.INNER_LATENCY)) {
      findings.add(
          Finding.warning(
              "latency/one-step",
              place,
              name + " watches the time of one step, not the time that the caller waits",
              "alert on the gateway's Latency, and keep this for the search of causes"));
    }
  }
}
