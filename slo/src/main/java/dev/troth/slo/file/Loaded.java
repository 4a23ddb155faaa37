package dev.troth.slo.file;

import dev.troth.slo.objective.Objective;
import java.util.List;

/**
 * What files said.
 *
 * @param objectives those that are right
 * @param problems all that is wrong
 * @param warnings what is right and yet cannot be meant
 */
public record Loaded(
    List<Objective> objectives, List<FileError> problems, List<FileError> warnings) {
  public Loaded {
    objectives = List.copyOf(objectives);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** The same with other problems. */
  public Loaded with(List<FileError> otherProblems) {
    return new Loaded(objectives, otherProblems, warnings);
  }
}
