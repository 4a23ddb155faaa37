package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import java.util.List;

/** All comparisons that a mode asks for. */
public record Judgement(List<Comparison> comparisons) {
  public Judgement {
    comparisons = List.copyOf(comparisons);
  }

  /**
   * The answer to all of it. In the layer {@link Layer#CONFLUENT} the first two mean that its rules
   * allow or forbid the change, and the last that they came to no end.
   */
  public enum Outcome {
    PROVED,
    REFUTED,
    UNKNOWN;

    /** Refuted before unknown before proved. */
    Outcome worse(Outcome other) {
      return this == REFUTED || other == PROVED ? this : other == REFUTED ? other : UNKNOWN;
    }
  }

  /** Refuted if any comparison is; else unknown if any is; else proved. */
  public Outcome outcome() {
    return comparisons.stream().map(Comparison::outcome).reduce(Outcome.PROVED, Outcome::worse);
  }

  public List<Finding> findings() {
    return comparisons.stream().flatMap(c -> c.findings().stream()).toList();
  }
}
