package dev.troth.slo.file;

import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Deployment;
import dev.troth.slo.objective.EventQueries;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What files said.
 *
 * @param objectives those that are right
 * @param problems all that is wrong
 * @param warnings what is right and yet cannot be meant
 * @param details what is said of an objective beside what is promised, by its name
 */
public record Loaded(
    List<Objective> objectives,
    List<FileError> problems,
    List<FileError> warnings,
    Map<String, Detail> details) {
  public Loaded {
    objectives = List.copyOf(objectives);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
    details = Map.copyOf(details);
  }

  /**
   * Where an objective stands, and where its chain runs.
   *
   * @param line of its document
   * @param deployment empty if the document does not say it
   * @param queries by which Prometheus counts its events; empty if the platform counts them
   */
  public record Detail(
      String file, int line, Optional<Deployment> deployment, Optional<EventQueries> queries) {}

  /**
   * An objective that Prometheus counts, as one of counters, so that its history can be replayed.
   */
  public Objective replayable(Objective objective) {
    Detail detail = details.get(objective.name());
    if (detail == null || detail.queries().isEmpty()) {
      return objective;
    }
    Measure counters =
        new Measure.Counters(
            CountingMethod.DISJOINT,
            new CounterRef("total", Map.of()),
            List.of(new Measure.Part("bad", new CounterRef("bad", Map.of()), false, false)));
    return new Objective(objective.title(), counters, objective.goal(), objective.rules());
  }

  /** The same with other objectives of the same names. */
  public Loaded withObjectives(List<Objective> others) {
    return new Loaded(others, problems, warnings, details);
  }

  /** The same with other problems. */
  public Loaded with(List<FileError> otherProblems) {
    return new Loaded(objectives, otherProblems, warnings, details);
  }
}
