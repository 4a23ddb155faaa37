package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.confluent.Ruling;
import dev.troth.contracts.proof.Answer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The new version against one earlier version, one way.
 *
 * @param against the earlier version's name
 * @param answer whether documents break; in the layer {@link Layer#CONFLUENT}, where the ruling
 *     decides instead, the answer of {@link Layer#STRICT} for comparison
 * @param ruling what the rules of the layer say; only in {@link Layer#CONFLUENT}, and absent there
 *     if the rules came to no end
 * @param findings why it was refused or left open
 * @param beside what the quality rules and the promises say
 */
public record Comparison(
    String against,
    Direction direction,
    Layer layer,
    Answer answer,
    Optional<Ruling> ruling,
    List<Finding> findings,
    Judgement.Outcome beside) {
  public Comparison {
    findings = List.copyOf(findings);
  }

  /** One that was decided by looking for a document that breaks. */
  static Comparison proof(
      String against, Direction direction, Layer layer, Answer answer, List<Finding> findings) {
    return new Comparison(
        against, direction, layer, answer, Optional.empty(), findings, Judgement.Outcome.PROVED);
  }

  /** This and what the quality rules say: a document that breaks one of them is shown. */
  Comparison with(RuleComparison rules) {
    boolean shown = answer instanceof Answer.Refuted || rules.answer() instanceof Answer.Proved;
    return new Comparison(
        against,
        direction,
        layer,
        shown || (answer instanceof Answer.Unknown && rules.answer() instanceof Answer.Unknown)
            ? answer
            : rules.answer(),
        ruling,
        joined(rules.findings()),
        beside.worse(outcome(rules.answer())));
  }

  /** This and the promises that became worse. */
  Comparison with(List<Finding> brokenPromises) {
    return brokenPromises.isEmpty()
        ? this
        : new Comparison(
            against,
            direction,
            layer,
            answer,
            ruling,
            joined(brokenPromises),
            Judgement.Outcome.REFUTED);
  }

  private List<Finding> joined(List<Finding> more) {
    return Stream.concat(findings.stream(), more.stream()).toList();
  }

  /** Whether the new version may follow: its shape as the layer decides, its rules and promises. */
  public Judgement.Outcome outcome() {
    return beside.worse(shape());
  }

  private Judgement.Outcome shape() {
    if (ruling.isPresent()) {
      return ruling.get().compatible() ? Judgement.Outcome.PROVED : Judgement.Outcome.REFUTED;
    }
    return outcome(answer);
  }

  private static Judgement.Outcome outcome(Answer answer) {
    return switch (answer) {
      case Answer.Proved _ -> Judgement.Outcome.PROVED;
      case Answer.Refuted _ -> Judgement.Outcome.REFUTED;
      case Answer.Unknown _ -> Judgement.Outcome.UNKNOWN;
    };
  }
}
