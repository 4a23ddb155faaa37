package dev.troth.slo.file;

import dev.troth.json.file.Section;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.AlertPolicy.Preset;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.EventQueries;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * OpenSLO v1 documents, accepted as they are.
 *
 * <p>Descriptions of other things (data sources, services, labels, annotations) are left alone.
 * What would change a figure or an alert and cannot be done is refused, never ignored. A metric
 * source of another system makes an objective that is listed as unmeasured, with the reason.
 */
final class OpenSlo {
  private static final List<String> KINDS =
      List.of(
          "SLO",
          "SLI",
          "AlertPolicy",
          "AlertCondition",
          "AlertNotificationTarget",
          "DataSource",
          "Service");

  private final Map<String, Section> named = new HashMap<>();
  private final Map<String, EventQueries> queries = new HashMap<>();

  /** Keeps a document, so that others can refer to it. */
  void remember(Section root) {
    if (root.isMapping()
        && root.get("kind").isPresent()
        && root.get("metadata").filter(Section::isMapping).isPresent()) {
      root.need("metadata")
          .get("name")
          .ifPresent(name -> named.put(root.need("kind").text() + "/" + name.text(), root));
    }
  }

  List<Objective> objectives(Section root, Section kind) {
    if (!KINDS.contains(kind.text())) {
      throw kind.wrong("one of " + String.join(", ", KINDS));
    }
    if (!kind.text().equals("SLO")) {
      return List.of();
    }
    Section metadata = root.need("metadata");
    Section spec = root.need("spec");
    spec.only(
        "description",
        "service",
        "indicator",
        "indicatorRef",
        "timeWindow",
        "budgetingMethod",
        "objectives",
        "alertPolicies");
    Window window = CommonParts.window(spec.need("timeWindow"));
    List<Section> goals = spec.need("objectives").list();
    List<Objective> objectives = new ArrayList<>();
    for (int i = 0; i < goals.size(); i++) {
      String suffix = goals.size() == 1 ? "" : "-" + (i + 1);
      objectives.add(objective(metadata, spec, goals.get(i), window, suffix));
    }
    return objectives;
  }

  private Objective objective(
      Section metadata, Section spec, Section goal, Window window, String suffix) {
    goal.only(
        "displayName",
        "target",
        "targetPercent",
        "indicator",
        "indicatorRef",
        "op",
        "value",
        "timeSliceTarget",
        "timeSliceWindow",
        "compositeWeight");
    refuse(goal, "compositeWeight", "no weight: each objective is counted on its own");
    if (method(spec).equals("Occurrences")) {
      refuse(goal, "timeSliceTarget", "budgetingMethod Timeslices beside it");
      refuse(goal, "timeSliceWindow", "budgetingMethod Timeslices beside it");
    }
    String name = metadata.need("name").text();
    String display = goal.text("displayName", metadata.text("displayName", name));
    try {
      return new Objective(
          new Objective.Title(
              name + suffix, display, spec.text("service", name), spec.text("description", "")),
          measure(spec, goal, name + suffix),
          new Goal(target(goal), window, slices(spec, goal)),
          new Objective.Rules(alerts(spec, window), List.of(), BudgetPolicy.DEFAULT));
    } catch (IllegalArgumentException wrong) {
      throw goal.wrong(wrong);
    }
  }

  private static double target(Section goal) {
    return goal.get("targetPercent")
        .map(percent -> Double.parseDouble(percent.number() + "e-2"))
        .orElseGet(() -> goal.need("target").number());
  }

  /** Refuses what would be ignored. */
  private static void refuse(Section entry, String key, String expected) {
    entry
        .get(key)
        .ifPresent(field -> {
          throw field.wrong(expected);
        });
  }

  private static String method(Section spec) {
    return spec.text("budgetingMethod", "Occurrences");
  }

  /** By which Prometheus counts an objective that was read; empty if its source is another. */
  Optional<EventQueries> queries(String objective) {
    return Optional.ofNullable(queries.get(objective));
  }

  private Measure measure(Section spec, Section goal, String objective) {
    String method = method(spec);
    boolean sliced = method.equals("Timeslices");
    if (!sliced && !method.equals("Occurrences")) {
      return new Measure.Unmeasured(
          "budgetingMethod "
              + method
              + " is not counted, only Occurrences and Timeslices are: "
              + (method.equals("RatioTimeslices")
                  ? "an average of ratios is no share of events that may be bad"
                  : "OpenSLO has no such method"));
    }
    Section sli = goal.get("indicator").or(() -> spec.get("indicator")).orElse(null);
    Optional<Section> reference = goal.get("indicatorRef").or(() -> spec.get("indicatorRef"));
    if (sli == null && reference.isPresent()) {
      sli = referred("SLI", reference.get());
    }
    if (sli == null) {
      throw spec.wrong(new IllegalArgumentException("has no indicator and no indicatorRef"));
    }
    Section indicator = sli.need("spec");
    Optional<Section> ratio = indicator.get("ratioMetric");
    if (ratio.isEmpty()) {
      return new Measure.Unmeasured("a thresholdMetric is not counted, only a ratioMetric is");
    }
    if (!sliced || !goal.text("op", "gt").startsWith("gt")) {
      refuse(goal, "op", sliced ? "gt or gte" : "none with a ratioMetric");
    }
    refuse(goal, "value", "none with a ratioMetric");
    boolean good = ratio.get().get("good").isPresent();
    if (!good && ratio.get().get("bad").isEmpty()) {
      return new Measure.Unmeasured("a raw ratio is not counted, only good or bad with total is");
    }
    Optional<CounterRef> total = source(ratio.get().need("total"));
    Optional<CounterRef> part = source(ratio.get().need(good ? "good" : "bad"));
    if (total.isEmpty() || part.isEmpty()) {
      Optional<String> all = query(ratio.get().need("total"));
      Optional<String> counted = query(ratio.get().need(good ? "good" : "bad"));
      if (all.isPresent() && counted.isPresent()) {
        queries.put(objective, new EventQueries(all.get(), counted.get(), good));
        return new Measure.Unmeasured(
            sliced
                ? "Prometheus counts it: replay its history"
                : "Prometheus counts it: export its rules there, or replay its history");
      }
      return new Measure.Unmeasured(
          "its metric source is of another system; metricSource.type otlp counts metrics received");
    }
    String name = good ? "good" : "bad";
    return new Measure.Counters(
        CountingMethod.DISJOINT,
        total.get(),
        List.of(new Measure.Part(name, part.get(), good, false)));
  }

  private static Optional<TimeSlices> slices(Section spec, Section goal) {
    return method(spec).equals("Timeslices")
        ? Optional.of(CommonParts.slices(goal))
        : Optional.empty();
  }

  private static Optional<CounterRef> source(Section entry) {
    Section source = entry.need("metricSource");
    boolean ours = source.text("type", "").equalsIgnoreCase("otlp");
    return ours ? Optional.of(CompositeSlo.counter(source.need("spec"))) : Optional.empty();
  }

  private static Optional<String> query(Section entry) {
    Section source = entry.need("metricSource");
    return source.text("type", "").equalsIgnoreCase("prometheus")
        ? source.get("spec").flatMap(spec -> spec.get("query")).map(Section::text)
        : Optional.empty();
  }

  private Section referred(String kind, Section name) {
    Section document = named.get(kind + "/" + name.text());
    if (document == null) {
      throw name.wrong("the name of a " + kind + " in these files");
    }
    return document;
  }

  private AlertPolicy alerts(Section spec, Window window) {
    List<Condition> conditions = new ArrayList<>();
    for (Section item : spec.list("alertPolicies")) {
      Section policy =
          item.isMapping()
              ? inlineOrReferred("AlertPolicy", "alertPolicyRef", item)
              : referred("AlertPolicy", item);
      Section rules = policy.need("spec");
      rules.only(
          "description",
          "alertWhenNoData",
          "alertWhenResolved",
          "alertWhenBreaching",
          "conditions",
          "notificationTargets");
      alwaysOn(rules, "alertWhenNoData", "lost telemetry");
      alwaysOn(rules, "alertWhenResolved", "the end of an alert");
      alwaysOn(rules, "alertWhenBreaching", "an alert");
      if (!rules.list("notificationTargets").isEmpty()) {
        throw rules
            .need("notificationTargets")
            .wrong("no targets: those are told who watch slo/<name>");
      }
      for (Section condition : rules.list("conditions")) {
        conditions.add(condition(inlineOrReferred("AlertCondition", "conditionRef", condition)));
      }
    }
    return conditions.isEmpty()
        ? CommonParts.preset(spec, Preset.WORKBOOK, window)
        : AlertPolicy.of(conditions);
  }

  private static void alwaysOn(Section rules, String key, String what) {
    Optional<Section> flag = rules.get(key);
    if (flag.isPresent() && !flag.get().flag()) {
      throw flag.get().wrong("true: " + what + " is always told to those who watch");
    }
  }

  private Section inlineOrReferred(String kind, String key, Section item) {
    return item.get(key).map(name -> referred(kind, name)).orElse(item);
  }

  private static Condition condition(Section entry) {
    Section spec = entry.need("spec");
    spec.only("description", "severity", "condition");
    Section rule = spec.need("condition");
    rule.only("kind", "op", "threshold", "lookbackWindow", "alertAfter");
    if (!rule.text("kind", "burnrate").equals("burnrate")) {
      throw rule.need("kind").wrong("burnrate");
    }
    if (!rule.text("op", "gt").equals("gt")) {
      throw rule.need("op").wrong("gt: an alert is for a burn rate above its threshold");
    }
    Optional<Section> after = rule.get("alertAfter");
    if (after.isPresent() && !CommonParts.length(after.get()).isZero()) {
      throw after.get().wrong("0m: an alert fires at the first evaluation above its threshold");
    }
    Duration window = CommonParts.length(rule.need("lookbackWindow"));
    Severity severity = spec.oneOf("severity", Severity.TICKET);
    try {
      return new Condition(severity, window, window, rule.need("threshold").number());
    } catch (IllegalArgumentException wrong) {
      throw rule.wrong(wrong);
    }
  }
}
