package dev.troth.slo.lint;

import dev.troth.json.file.Location;
import dev.troth.json.file.Section;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.Values;
import dev.troth.slo.cloudformation.WatchedReader;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an alarm needs to be created. */
final class AlarmRule implements ResourceRule {
  private static final Map<String, String> NEEDED =
      Map.of(
          "Threshold", "the burn rate or value above which it fires",
          "ComparisonOperator", "such as GreaterThanThreshold",
          "EvaluationPeriods", "how many periods it looks at, such as 1");
  private static final Map<String, Set<String>> WORDS =
      Map.of(
          "ComparisonOperator",
          Set.of(
              "GreaterThanOrEqualToThreshold",
              "GreaterThanThreshold",
              "LessThanThreshold",
              "LessThanOrEqualToThreshold",
              "LessThanLowerOrGreaterThanUpperThreshold",
              "LessThanLowerThreshold",
              "GreaterThanUpperThreshold"),
          "TreatMissingData",
          Set.of("breaching", "notBreaching", "ignore", "missing"));

  @Override
  public void check(Template template, Resource resource, List<Finding> findings) {
    if (!resource.is(WatchedReader.ALARM)) {
      return;
    }
    Section properties = resource.properties();
    Location place = resource.body().keyPlace();
    if (has(properties, "EvaluationCriteria")) {
      return; // an alarm on a PromQL query brings its own condition
    }
    for (String name : NEEDED.keySet().stream().sorted().toList()) {
      boolean other = name.equals("Threshold") && has(properties, "ThresholdMetricId");
      if (!has(properties, name) && !other) {
        findings.add(
            Finding.error(
                "alarm/required",
                place,
                resource.name() + " has no " + name + ", without which the alarm is refused",
                "add " + name + ": " + NEEDED.get(name)));
      }
    }
    words(template, resource, findings);
    metrics(resource, place, findings);
  }

  private static void words(Template template, Resource resource, List<Finding> findings) {
    WORDS.forEach((name, words) ->
        Values.member(resource.properties(), name)
            .ifPresent(value ->
                template
                    .values()
                    .text(value)
                    .filter(text -> !Values.isOpen(text) && !words.contains(text))
                    .ifPresent(text ->
                        findings.add(
                            Finding.error(
                                "alarm/value",
                                value.place(),
                                "%s is '%s', expected one of %s"
                                    .formatted(
                                        name,
                                        text,
                                        String.join(", ", words.stream().sorted().toList())),
                                "")))));
  }

  private static void metrics(Resource resource, Location place, List<Finding> findings) {
    Section properties = resource.properties();
    boolean list = has(properties, "Metrics");
    boolean one = has(properties, "MetricName");
    if (list == one) {
      findings.add(
          Finding.error(
              "alarm/required",
              place,
              resource.name()
                  + (list
                      ? " has MetricName beside Metrics, expected one of them"
                      : " has neither Metrics nor MetricName"),
              ""));
    } else if (one) {
      boolean stat = has(properties, "Statistic") || has(properties, "ExtendedStatistic");
      if (!has(properties, "Namespace") || !has(properties, "Period") || !stat) {
        findings.add(
            Finding.error(
                "alarm/required",
                place,
                resource.name() + " watches one metric without Namespace, Period or Statistic",
                "an alarm on MetricName needs all three"));
      }
    }
  }

  private static boolean has(Section properties, String name) {
    return Values.member(properties, name).isPresent();
  }
}
