package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.confluent.Ruling;
import dev.troth.contracts.proof.Answer;
import java.util.List;
import java.util.Optional;

/**
 * The new version against one earlier version, one way.
 *
 * @param against the earlier version's name
 * @param answer whether documents break; in the layer {@link Layer#CONFLUENT}, where the ruling
 *     decides instead, the answer of {@link Layer#STRICT} for comparison
 * @param ruling what the rules of the layer say; only in {@link Layer#CONFLUENT}, and absent there
 *     if the rules came to no end
 * @param findings why it was refused or left open
 */
public record Comparison(
    String against,
    Direction direction,
    Layer layer,
    Answer answer,
    Optional<Ruling> ruling,
    List<Finding> findings) {
  public Comparison {
    findings = List.copyOf(findings);
  }

  /** One that was decided by looking for a document that breaks. */
  static Comparison proof(
      String against, Direction direction, Layer layer, Answer answer, List<Finding> findings) {
    return new Comparison(against, direction, layer, answer, Optional.empty(), findings);
  }

  /** Whether the new version may follow, as the layer decides. */
  public Judgement.Outcome outcome() {
    if (ruling.isPresent()) {
      return ruling.get().compatible() ? Judgement.Outcome.PROVED : Judgement.Outcome.REFUTED;
    }
    return switch (answer) {
      case Answer.Proved _ -> Judgement.Outcome.PROVED;
      case Answer.Refuted _ -> Judgement.Outcome.REFUTED;
      case Answer.Unknown _ -> Judgement.Outcome.UNKNOWN;
    };
  }
}
