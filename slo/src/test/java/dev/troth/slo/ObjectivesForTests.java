package dev.troth.slo;

import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Chain.Missing;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Chain.Sampling;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
import dev.troth.slo.chain.SpanMatch;
import dev.troth.slo.chain.Step;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chains, spans and objectives as tests need them. */
public final class ObjectivesForTests {
  public static final Window MONTH = new Window.Rolling(Duration.ofDays(30));

  private ObjectivesForTests() {}

  /** A chain of steps named s0, s1, …, each matched by its name. */
  public static Chain chain(int steps, Retries retries, Missing missing) {
    List<Step> list = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      list.add(step("s" + i, Step.Traits.USUAL));
    }
    return new Chain(list, retries, missing, Sampling.NONE);
  }

  public static Step step(String name, Step.Traits traits) {
    var match =
        new SpanMatch(
            Optional.empty(), Optional.of(SpanMatch.glob(name)), Optional.empty(), List.of());
    return new Step(name, match, List.of(), List.of(), traits);
  }

  /** A span from start to end in milliseconds since 1970. */
  public static Span span(String trace, long id, String name, long start, long end, boolean error) {
    return new Span(
        new Span.Ids(trace, id, 0),
        new Span.Place("service", name, SpanKind.SERVER),
        new Span.Interval(start * 1_000_000, end * 1_000_000),
        error,
        Map.of(),
        1);
  }

  public static Objective objective(String name, Measure measure, double target) {
    return objective(name, measure, new Goal(target, MONTH), List.of());
  }

  public static Objective objective(
      String name, Measure measure, Goal goal, List<Exclusion> exclusions) {
    return new Objective(
        new Objective.Title(name, name, name, ""),
        measure,
        goal,
        new Objective.Rules(
            AlertPolicy.Preset.WORKBOOK.scaledTo(MONTH), exclusions, BudgetPolicy.DEFAULT));
  }
}
