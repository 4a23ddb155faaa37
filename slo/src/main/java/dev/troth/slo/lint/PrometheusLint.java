package dev.troth.slo.lint;

import dev.troth.json.file.Location;
import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.slo.cloudformation.KnownMetric;
import dev.troth.slo.cloudformation.KnownMetric.Role;
import dev.troth.slo.objective.EventQueries;
import dev.troth.slo.promql.Meaning;
import dev.troth.slo.promql.Query;
import dev.troth.slo.promql.QueryParser;
import dev.troth.slo.rules.RuleFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the mistakes of composites in rules of Prometheus: rule files, and the {@code
 * PrometheusRule} of its operator.
 */
final class PrometheusLint {
  private static final int DEEPEST = 10;

  private final List<Rule> rules = new ArrayList<>();
  private final Map<String, Query> recorded = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Finding> unchecked = new ArrayList<>();

  /**
   * A rule that was read.
   *
   * @param alert whether it tells somebody
   */
  private record Rule(String name, boolean alert, Location place, Query query) {}

  /** Takes a document; false if it holds no rules. */
  boolean add(SourceFile document) {
    Optional<List<Section>> groups = RuleFile.groups(document);
    groups.ifPresent(list -> list.forEach(this::group));
    return groups.isPresent();
  }

  private void group(Section group) {
    if (RuleFile.isGroup(group)) {
      group.list("rules").stream().filter(Section::isMapping).forEach(this::rule);
    }
  }

  private void rule(Section rule) {
    Optional<Section> alert = rule.get("alert").filter(Section::isScalar);
    Optional<Section> record = rule.get("record").filter(Section::isScalar);
    Optional<Section> expression = rule.get("expr").filter(Section::isScalar);
    String name = alert.or(() -> record).map(Section::text).orElse("a rule");
    if (alert.isPresent() == record.isPresent() || expression.isEmpty()) {
      String wrong =
          expression.isEmpty()
              ? name + " has no expr"
              : name + " has " + (alert.isPresent() ? "both" : "neither") + " alert and record";
      findings.add(
          Finding.error(
              "alarm/required",
              rule.place(),
              wrong + ", expected expr and one of alert and record",
              ""));
      return;
    }
    QueryParser.Parsed parsed = QueryParser.parse(expression.get().text());
    if (parsed.query().isEmpty()) {
      unchecked.add(
          Finding.warning(
              "template/unchecked",
              expression.get().place(),
              "the expr of %s is not read: %s".formatted(name, parsed.wrong()),
              ""));
      return;
    }
    record.ifPresent(section -> recorded.put(section.text(), parsed.query().get()));
    rules.add(new Rule(name, alert.isPresent(), expression.get().place(), parsed.query().get()));
  }

  /** Takes the queries of an objective: what is counted over all, in a window as rules have it. */
  void add(String objective, Location place, EventQueries queries) {
    String ratio = "(%s) / (%s)".formatted(queries.counted(), queries.total());
    QueryParser.Parsed parsed = QueryParser.parse(EventQueries.over(ratio, "5m"));
    String name = "the indicator of " + objective;
    if (parsed.query().isPresent()) {
      rules.add(new Rule(name, false, place, parsed.query().get()));
    } else {
      unchecked.add(
          Finding.warning(
              "template/unchecked", place, name + " is not read: " + parsed.wrong(), ""));
    }
  }

  List<Finding> unchecked() {
    return unchecked;
  }

  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    rules.forEach(rule -> check(rule, all));
    return all;
  }

  private void check(Rule rule, List<Finding> all) {
    Query query = rule.query();
    for (List<Query> addends : Meaning.sums(query)) {
      added(rule, addends, all);
    }
    if (Meaning.isFilled(query)) {
      all.add(
          error(
              "composite/fill",
              rule,
              "puts a number in place of nothing: when the metric stops, the figure stays as good"
                  + " as that number",
              "leave 'or vector(…)' to the failures alone, and alert on absent(…) of the"
                  + " requests"));
    }
    if (Meaning.isClamped(query)) {
      all.add(
          error(
              "composite/clamped-total",
              rule,
              "divides by clamp_min(…): below that many requests a second the share of failures"
                  + " comes out too small",
              "divide by the requests themselves: without any, nothing comes out"));
    }
    if (Meaning.isMeanOfRatios(query)) {
      all.add(
          error(
              "composite/mean-of-ratios",
              rule,
              "takes the mean of ratios, which weighs a quiet minute like a busy one",
              "divide the sums: sum(rate(failures[w])) / sum(rate(requests[w])) over the whole"
                  + " window"));
    }
    if (Meaning.isShareOfSuccess(query)) {
      all.add(
          error(
              "composite/http-success",
              rule,
              "takes answers of 2xx for success, although a step may fail behind them",
              "count what failed: 5xx, and a counter of your own for requests that were answered"
                  + " below 500 although a step failed"));
    }
    if (Meaning.isMeanOfTimes(query)) {
      all.add(
          error(
              "latency/average",
              rule,
              "averages times, which hides the slow requests",
              "count requests within the threshold: the bucket of 'le' over the count"));
    }
    all.addAll(
        ExportedMetricRules.check(rule.name(), rule.place(), expanded(query, 0), rule.alert()));
    if (rule.alert()) {
      rawErrors(rule, all);
    }
  }

  private Finding error(String id, Rule rule, String what, String cure) {
    return Finding.error(id, rule.place(), rule.name() + " " + what, cure);
  }

  private void added(Rule rule, List<Query> addends, List<Finding> all) {
    List<Query> expanded = addends.stream().map(addend -> expanded(addend, 0)).toList();
    Set<String> services = Meaning.failingServices(expanded);
    if (services.size() > 1) {
      all.add(
          error(
              "composite/added-failures",
              rule,
              "adds failures of %s: an error of one step becomes an error of the step before it, so one"
                      .formatted(String.join(", ", services))
                  + " failed request counts up to %d times".formatted(services.size()),
              "count each request once, where the caller sees it, and by a counter of your own for"
                  + " requests that were answered below 500 although a step failed"));
    }
    if (expanded.stream().filter(Meaning::isPercentile).count() > 1) {
      all.add(
          error(
              "latency/percentile-sum",
              rule,
              "adds percentiles: a sum of percentiles is no percentile, it may be twice the true"
                  + " one or far below it",
              "take the percentile of the time that the caller waits"));
    }
  }

  private void rawErrors(Rule rule, List<Finding> all) {
    Query whole = expanded(rule.query(), 0);
    boolean absence = whole.any(part -> part.calls("absent") || part.calls("absent_over_time"));
    if (Meaning.hasFailures(whole) && !Meaning.isRatio(whole) && !absence) {
      all.add(
          Finding.warning(
              "alarm/raw-errors",
              rule.place(),
              rule.name()
                  + " alerts on a bare count of failures, which says neither which share of the"
                  + " requests fails nor how fast the budget goes",
              "alert on the burn rate: failures / requests / (1 - target), over two windows"));
    }
  }

  /** With the expressions of recorded rules in place of their names. */
  private Query expanded(Query query, int depth) {
    if (depth > DEEPEST) {
      return query;
    }
    return switch (query) {
      case Query.Literal _ -> query;
      case Query.Selector selector -> {
        Query known = recorded.get(selector.name());
        yield known == null ? query : expanded(known, depth + 1);
      }
      case Query.Call call ->
          new Query.Call(
              call.function(),
              call.arguments().stream().map(argument -> expanded(argument, depth)).toList(),
              call.groups());
      case Query.Operation operation ->
          new Query.Operation(
              operation.operator(),
              expanded(operation.left(), depth),
              expanded(operation.right(), depth),
              operation.matching());
      case Query.Sign sign -> new Query.Sign(expanded(sign.operand(), depth));
      case Query.Subquery subquery ->
          new Query.Subquery(
              expanded(subquery.query(), depth),
              subquery.range(),
              subquery.step(),
              subquery.shift());
    };
  }

  /** Mistakes about metrics of CloudWatch in rules that read them from an exporter. */
  private static final class ExportedMetricRules {
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
        String name,
        Location place,
        Query query,
        Set<KnownMetric> metrics,
        List<Finding> findings) {
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
                name
                    + " adds the time of a step to the gateway's Latency, which contains it already",
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
}
