package dev.troth.slo.file;

import dev.troth.json.file.Section;
import dev.troth.slo.chain.AttributeTest;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Chain.Missing;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Chain.Sampling;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.chain.Span.SpanKind;
import dev.troth.slo.chain.SpanMatch;
import dev.troth.slo.chain.Step;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Deployment;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Measure.Part;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Objective.Title;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kind {@code troth.dev/v1 CompositeSLO}: a chain of steps, or several counters, as one. */
final class CompositeSlo {
  private CompositeSlo() {}

  private enum LatencyOf {
    COUNTED,
    EXCLUDED
  }

  private enum Counts {
    BAD,
    GOOD
  }

  private enum Unit {
    REQUESTS,
    ATTEMPTS
  }

  static List<Objective> objectives(Section root) {
    root.only("apiVersion", "kind", "metadata", "spec");
    Section metadata = root.need("metadata");
    Section spec = root.need("spec");
    spec.only(
        "description",
        "service",
        "kind",
        "steps",
        "counters",
        "retries",
        "missing",
        "sampling",
        "groupBy",
        "cloudWatch",
        "timeWindow",
        "objectives",
        "alerting",
        "exclusions",
        "maintenance",
        "budgetPolicies");
    CountingMethod kind = spec.get("kind").map(CompositeSlo::kind).orElse(CountingMethod.EXACT);
    Window window = CommonParts.window(spec.need("timeWindow"));
    Objective.Rules rules = CommonParts.rules(spec, window);
    Optional<Grouping> grouping = spec.get("groupBy").map(entry -> grouping(entry, kind, spec));
    Optional<Chain> chain = spec.get("steps").map(steps -> chain(spec, steps, grouping));
    List<Objective> objectives = new ArrayList<>();
    for (Section goal : spec.need("objectives").list()) {
      goal.only(
          "measure",
          "target",
          "threshold",
          "name",
          "displayName",
          "timeSliceTarget",
          "timeSliceWindow");
      Measure measure = measure(spec, kind, chain, goal);
      Title title = title(metadata, spec, goal, measure);
      try {
        objectives.add(new Objective(title, measure, goal(goal, window), rules));
      } catch (IllegalArgumentException wrong) {
        throw goal.wrong(wrong);
      }
    }
    if (objectives.isEmpty()) {
      throw spec.need("objectives").wrong("at least one objective");
    }
    return objectives;
  }

  private static CountingMethod kind(Section entry) {
    return CountingMethod.of(entry.text())
        .orElseThrow(() -> entry.wrong("exact, disjoint, interval or additive"));
  }

  private static Goal goal(Section entry, Window window) {
    Section target = entry.need("target");
    boolean sliced =
        entry.get("timeSliceWindow").isPresent() || entry.get("timeSliceTarget").isPresent();
    Optional<TimeSlices> slices =
        sliced ? Optional.of(CommonParts.slices(entry)) : Optional.empty();
    try {
      return new Goal(target.number(), window, slices);
    } catch (IllegalArgumentException wrong) {
      throw target.wrong("above 0 and below 1, such as 0.995");
    }
  }

  private static Title title(Section metadata, Section spec, Section goal, Measure measure) {
    String name = metadata.need("name").text();
    boolean latency = measure instanceof Measure.Latency;
    String own = goal.text("name", latency ? name + "-latency" : name);
    String display = metadata.text("displayName", name) + (latency ? ", in time" : "");
    try {
      return new Title(
          own,
          goal.text("displayName", display),
          spec.text("service", name),
          spec.text("description", ""));
    } catch (IllegalArgumentException wrong) {
      throw metadata.wrong(wrong);
    }
  }

  private static Measure measure(
      Section spec, CountingMethod kind, Optional<Chain> chain, Section goal) {
    String word = goal.text("measure", "availability");
    try {
      return switch (word) {
        case "latency" -> {
          Chain steps =
              chain.orElseThrow(() -> goal.wrong("a chain of steps for a latency objective"));
          yield new Measure.Latency(steps, CommonParts.length(goal.need("threshold")));
        }
        case "availability" ->
            chain.isPresent()
                ? new Measure.Requests(chain.get(), kind)
                : counters(kind, spec.need("counters"));
        default -> throw goal.need("measure").wrong("availability or latency");
      };
    } catch (IllegalArgumentException wrong) {
      throw goal.wrong(wrong);
    }
  }

  private static Measure counters(CountingMethod kind, Section entry) {
    entry.only("total", "failed");
    List<Part> parts = new ArrayList<>();
    for (Section part : entry.need("failed").list()) {
      part.only("name", "metric", "attributes", "unit", "counts");
      parts.add(
          new Part(
              part.need("name").text(),
              counter(part),
              part.oneOf("counts", Counts.BAD) == Counts.GOOD,
              part.oneOf("unit", Unit.REQUESTS) == Unit.ATTEMPTS));
    }
    return new Measure.Counters(kind, counter(entry.need("total")), parts);
  }

  /** Where the steps of a right document run in AWS. */
  static Optional<Deployment> deployment(Section root, Objective objective) {
    return root.need("spec")
        .get("cloudWatch")
        .map(entry ->
            DeploymentReader.read(
                entry,
                objective.chain().orElseThrow(() -> entry.wrong("steps beside cloudWatch"))));
  }

  static CounterRef counter(Section entry) {
    return new CounterRef(
        entry.need("metric").text(),
        entry.get("attributes").map(Section::textsByKey).orElse(java.util.Map.of()));
  }

  /** An attribute of the entry's span, each of whose values is counted by itself too. */
  private static Grouping grouping(Section entry, CountingMethod kind, Section spec) {
    entry.only("attribute", "limit", "alertOn");
    if (spec.get("steps").isEmpty()) {
      throw entry.wrong("steps beside groupBy: counters of metrics tell no requests apart");
    }
    if (kind != CountingMethod.EXACT) {
      throw entry.wrong("kind exact beside groupBy");
    }
    try {
      return new Grouping(
          entry.need("attribute").text(),
          entry.get("limit").map(CommonParts::whole).orElse(Grouping.USUAL_LIMIT),
          entry.oneOf("alertOn", Grouping.AlertOn.TOTAL));
    } catch (IllegalArgumentException wrong) {
      throw entry.wrong(wrong);
    }
  }

  private static Chain chain(Section spec, Section steps, Optional<Grouping> grouping) {
    List<Step> read = new ArrayList<>();
    for (Section step : steps.list()) {
      read.add(step(step));
    }
    try {
      return new Chain(
          read,
          spec.oneOf("retries", Retries.STRICT),
          spec.oneOf("missing", Missing.EXCLUDED),
          spec.get("sampling").map(CompositeSlo::sampling).orElse(Sampling.NONE),
          grouping);
    } catch (IllegalArgumentException wrong) {
      throw steps.wrong(wrong);
    }
  }

  /** {@code none}, {@code weighted}, or {@code {ratio: 0.1}} for senders that do not say it. */
  private static Sampling sampling(Section entry) {
    if (entry.isMapping()) {
      entry.only("ratio");
      Section ratio = entry.need("ratio");
      try {
        return Sampling.declared(ratio.number());
      } catch (IllegalArgumentException wrong) {
        throw ratio.wrong("above 0 and at most 1");
      }
    }
    return switch (entry.text()) {
      case "none" -> Sampling.NONE;
      case "weighted" -> Sampling.WEIGHTED;
      default -> throw entry.wrong("none, weighted or {ratio: 0.1}");
    };
  }

  private static Step step(Section entry) {
    entry.only("name", "match", "failWhen", "ignoreWhen", "optional", "latency");
    Step.Traits traits =
        new Step.Traits(
            entry.flag("optional"),
            entry.oneOf("latency", LatencyOf.COUNTED) == LatencyOf.EXCLUDED);
    try {
      return new Step(
          entry.need("name").text(),
          match(entry.need("match")),
          tests(entry, "failWhen"),
          tests(entry, "ignoreWhen"),
          traits);
    } catch (IllegalArgumentException wrong) {
      throw entry.wrong(wrong);
    }
  }

  private static SpanMatch match(Section entry) {
    entry.only("service", "name", "kind", "attributes");
    List<AttributeTest> attributes = new ArrayList<>();
    entry
        .get("attributes")
        .ifPresent(wanted ->
            wanted.textsByKey().forEach((k, v) -> attributes.add(new AttributeTest.Is(k, v))));
    return new SpanMatch(
        entry.get("service").map(Section::text),
        entry.get("name").map(name -> SpanMatch.glob(name.text())),
        entry.get("kind").map(kind -> kind.oneOf(SpanKind.class)),
        attributes);
  }

  private static List<AttributeTest> tests(Section step, String key) {
    List<AttributeTest> tests = new ArrayList<>();
    for (Section entry : step.list(key)) {
      entry.only("attribute", "is", "above", "atLeast", "below", "present");
      String attribute = entry.need("attribute").text();
      if (entry.get("is").isPresent()) {
        tests.add(new AttributeTest.Is(attribute, entry.need("is").text()));
      } else if (entry.flag("present")) {
        tests.add(new AttributeTest.Present(attribute));
      } else {
        tests.add(within(entry, attribute));
      }
    }
    return tests;
  }

  private static AttributeTest within(Section entry, String attribute) {
    Optional<Section> above = entry.get("above");
    Optional<Section> atLeast = entry.get("atLeast");
    Optional<Section> below = entry.get("below");
    if (above.isEmpty() && atLeast.isEmpty() && below.isEmpty()) {
      throw entry.wrong("one of is, above, atLeast, below and present");
    }
    double from =
        above
            .map(e -> Math.nextUp(e.number()))
            .or(() -> atLeast.map(Section::number))
            .orElse(Double.NEGATIVE_INFINITY);
    double to = below.map(Section::number).orElse(Double.POSITIVE_INFINITY);
    return new AttributeTest.Within(attribute, from, to);
  }
}
