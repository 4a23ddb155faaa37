package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.KnownMetric;
import dev.troth.slo.cloudformation.KnownMetric.Role;
import dev.troth.slo.cloudformation.MetricStat;
import dev.troth.slo.cloudformation.Query;
import java.util.ArrayList;
import java.util.List;

/** Metrics that do not exist, count something else, or are asked for by dimensions they lack. */
final class MetricRule implements Rule {
  @Override
  public void check(Subject subject, List<Finding> findings) {
    for (Query query : subject.watched().queries()) {
      query
          .stat()
          .ifPresent(stat ->
              stat.known()
                  .ifPresent(known -> {
                    purpose(subject, query, stat, known, findings);
                    dimensions(query, stat, known, findings);
                  }));
    }
  }

  private static void purpose(
      Subject subject, Query query, MetricStat stat, KnownMetric known, List<Finding> findings) {
    if (known.role() == Role.ABSENT) {
      findings.add(
          Finding.error(
              "metric/absent",
              query.place(),
              "there is no metric %s: %s".formatted(stat.name(), known.reason()),
              known.cure()));
    } else if (known.role() == Role.WRONG && isTermOfAChain(subject, stat)) {
      findings.add(
          Finding.error(
              "metric/wrong",
              query.place(),
              "%s does not count the failures of a step: %s".formatted(stat.name(), known.reason()),
              known.cure()));
    }
  }

  /** Alone, such a metric may well be what somebody wants to see. */
  private static boolean isTermOfAChain(Subject subject, MetricStat stat) {
    return subject.watched().decides()
        && subject.watched().queries().stream()
            .flatMap(query -> query.stat().stream())
            .anyMatch(other -> !other.namespace().equals(stat.namespace()));
  }

  private static void dimensions(
      Query query, MetricStat stat, KnownMetric known, List<Finding> findings) {
    if (known.none() && !stat.dimensions().isEmpty()) {
      findings.add(
          Finding.error(
              "metric/dimensions",
              query.place(),
              "%s has no dimension, found %s: such a metric never has data"
                  .formatted(stat.name(), String.join(", ", stat.dimensions().keySet())),
              known.cure()));
    }
    List<String> missing = new ArrayList<>(known.needs());
    missing.removeAll(stat.dimensions().keySet());
    if (!missing.isEmpty()) {
      findings.add(
          Finding.error(
              "metric/dimensions",
              query.place(),
              "%s has no dimension %s: it is kept by %s together, and without them there are no data"
                  .formatted(
                      stat.name(),
                      String.join(" and ", missing),
                      String.join(" and ", known.needs())),
              missing.contains("Operation")
                  ? "name the operation, such as PutItem, beside the table"
                  : ""));
    }
  }
}
