package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.proof.Answer;
import java.util.List;

/** All comparisons that a mode asks for. */
public record Judgement(List<Comparison> comparisons) {
  public Judgement {
    comparisons = List.copyOf(comparisons);
  }

  /** The answer to all of it. */
  public enum Outcome {
    PROVED,
    REFUTED,
    UNKNOWN
  }

  /** Refuted if any comparison is; else unknown if any is; else proved. */
  public Outcome outcome() {
    Outcome outcome = Outcome.PROVED;
    for (Comparison comparison : comparisons) {
      switch (comparison.answer()) {
        case Answer.Refuted _ -> {
          return Outcome.REFUTED;
        }
        case Answer.Unknown _ -> outcome = Outcome.UNKNOWN;
        case Answer.Proved _ -> {}
      }
    }
    return outcome;
  }

  public List<Finding> findings() {
    return comparisons.stream().flatMap(c -> c.findings().stream()).toList();
  }
}
