package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.backtest.Backtest;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes objectives as rules of Prometheus, with tests for {@code promtool}.
 *
 * <pre>{@code
 * Exported rules = PrometheusExport.of(loaded, Optional.empty());
 * }</pre>
 */
public final class PrometheusExport {
  private PrometheusExport() {}

  /**
   * A document.
   *
   * @param notes what of the objectives it does not keep
   */
  public record Exported(Json document, List<String> notes) {
    public Exported {
      notes = List.copyOf(notes);
    }
  }

  /** The rules of one objective, or of all. */
  public static Exported of(Loaded loaded, Optional<String> name) throws RefusedException {
    List<Objective> objectives = accepted(loaded, name);
    LogicalNames names = new LogicalNames();
    List<Json> groups = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Objective objective : objectives) {
      BurnRules rules = new BurnRules(objective, EventSource.of(objective, loaded), names);
      groups.add(
          Shape.object(
              "name",
              "troth-" + objective.name(),
              "interval",
              "1m",
              "rules",
              new Json.Arr(rules.all())));
      notes.addAll(notes(objective));
    }
    return new Exported(Shape.object("groups", new Json.Arr(groups)), notes);
  }

  /** Tests of the same rules: an outage that pages and ends, and a loss of telemetry. */
  public static Exported tests(Loaded loaded, Optional<String> name, String rulesFile)
      throws RefusedException {
    List<Objective> objectives = accepted(loaded, name);
    LogicalNames names = new LogicalNames();
    List<Json> tests = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Objective objective : objectives) {
      BurnRules rules = new BurnRules(objective, EventSource.of(objective, loaded), names);
      if (EventSource.of(objective, loaded) instanceof EventSource.Queries) {
        notes.add(
            objective.name() + ": no tests: its queries read series that only your system knows");
      } else {
        tests.add(PromtoolTest.of(objective, rules, PromtoolTest.outage(objective)));
      }
    }
    if (tests.isEmpty()) {
      // A file of no tests would pass.
      throw new RefusedException(notes);
    }
    return new Exported(PromtoolTest.file(rulesFile, tests), notes);
  }

  /**
   * Tests that hold the rules against the engine over a history of each objective: in the minute of
   * each change of an alert, and in the minute before.
   *
   * @param history minutes without pauses, by the name of an objective
   */
  public static Json tests(
      Loaded loaded, Function<String, List<Backtest.Minute>> history, String rulesFile)
      throws RefusedException {
    LogicalNames names = new LogicalNames();
    List<Json> tests = new ArrayList<>();
    for (Objective objective : accepted(loaded, Optional.empty())) {
      BurnRules rules = new BurnRules(objective, EventSource.of(objective, loaded), names);
      tests.add(PromtoolTest.of(objective, rules, history.apply(objective.name())));
    }
    return PromtoolTest.file(rulesFile, tests);
  }

  static List<Objective> accepted(Loaded loaded, Optional<String> name) throws RefusedException {
    List<Objective> objectives = Selection.of(loaded, name);
    List<String> refusals = new ArrayList<>();
    for (Objective objective : objectives) {
      refusals.addAll(EventSource.refusals(objective, loaded));
    }
    if (!refusals.isEmpty()) {
      throw new RefusedException(refusals);
    }
    return objectives;
  }

  private static List<String> notes(Objective objective) {
    List<String> notes = new ArrayList<>();
    if (!objective.rules().exclusions().isEmpty()) {
      notes.add(objective.name() + ": exclusions are not kept: the rules count that time");
    }
    objective
        .chain()
        .flatMap(Chain::grouping)
        .ifPresent(by ->
            notes.add(
                "%s: groups by %s are not kept: the rules count all requests together"
                    .formatted(objective.name(), by.attribute())));
    Map<Severity, List<Duration>> shorts = new LinkedHashMap<>();
    objective
        .rules()
        .alerts()
        .conditions()
        .forEach(condition ->
            shorts
                .computeIfAbsent(condition.severity(), _ -> new ArrayList<>())
                .add(condition.shortWindow()));
    if (objective.rules().alerts().resolveAfter().isEmpty()) {
      shorts.forEach((severity, windows) -> {
        if (windows.stream().distinct().count() > 1) {
          notes.add(
              "%s: a %s ends %s after its last condition, whichever fired; give resolveAfter"
                  .formatted(
                      objective.name(),
                      severity.word(),
                      Durations.format(windows.stream().min(Duration::compareTo).orElseThrow())));
        }
      });
    }
    return notes;
  }
}
