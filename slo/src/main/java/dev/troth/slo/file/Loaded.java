package dev.troth.slo.file;

import dev.troth.slo.objective.Objective;
import java.util.List;

/** What files said: the objectives that are right, and all that is wrong. */
public record Loaded(List<Objective> objectives, List<FileError> problems) {
  public Loaded {
    objectives = List.copyOf(objectives);
    problems = List.copyOf(problems);
  }
}
