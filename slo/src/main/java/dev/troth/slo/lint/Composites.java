package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.KnownMetric;
import dev.troth.slo.cloudformation.MetricStat;
import dev.troth.slo.cloudformation.Query;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the rules about composites of several services ask of what is watched. */
final class Composites {
  private Composites() {}

  /** The failures among the statistics, rightly chosen or not. */
  static Set<MetricStat> failures(Subject subject) {
    Set<MetricStat> failures = new LinkedHashSet<>();
    for (Query query : subject.watched().returned()) {
      for (MetricStat stat : subject.formulas().metrics(query)) {
        if (stat.known().filter(KnownMetric::isFailure).isPresent()) {
          failures.add(stat);
        }
      }
    }
    return failures;
  }

  static Set<String> services(Set<MetricStat> stats) {
    Set<String> services = new LinkedHashSet<>();
    stats.forEach(stat -> services.add(stat.namespace()));
    return services;
  }

  /** Whether a share of failures is worked out, and relied upon. */
  static boolean isShare(Subject subject) {
    return subject.watched().decides()
        && subject.watched().returned().stream().anyMatch(subject.formulas()::divides);
  }

  /** Whether a metric of the team's own stands for what the services' metrics leave out. */
  static boolean hasOwnMetric(Subject subject) {
    return subject.watched().returned().stream()
        .flatMap(query -> subject.formulas().metrics(query).stream())
        .anyMatch(MetricStat::isCustom);
  }

  /** {@code API Gateway, Lambda and EventBridge}. */
  static String names(Set<String> namespaces) {
    List<String> names = namespaces.stream().map(Composites::name).toList();
    return names.size() < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  static String name(String namespace) {
    return switch (namespace) {
      case "AWS/ApiGateway" -> "API Gateway";
      case "AWS/Events" -> "EventBridge";
      default -> namespace.replace("AWS/", "");
    };
  }
}
