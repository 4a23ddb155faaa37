package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.confluent.Difference;
import dev.troth.contracts.confluent.Ruling;
import dev.troth.contracts.proof.Answer;
import dev.troth.contracts.proof.Containment;
import dev.troth.contracts.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets Confluent's rules decide, and shows beside them what the documents say: a forbidden change
 * that breaks none, or an allowed one that does.
 */
final class ConfluentComparison {
  private ConfluentComparison() {}

  static Comparison of(
      String version, Direction direction, Schema writer, Schema reader, Containment containment) {
    Ruling ruling;
    try {
      ruling = Ruling.of(writer, reader);
    } catch (Ruling.TooLargeException | StackOverflowError e) {
      return Comparison.proof(
          version,
          direction,
          Layer.CONFLUENT,
          new Answer.Unknown("Confluent's rules came to no end"),
          List.of(
              Finding.error(
                  direction + "/unknown",
                  "",
                  "whether Confluent's rules allow version %s could not be told: %s"
                      .formatted(version, e.getMessage()),
                  "simplify the schema, or ask in the layer evolution")));
    }
    Answer answer = containment.of(writer, reader);
    List<Finding> findings = new ArrayList<>();
    for (Difference difference : ruling.forbidden()) {
      findings.add(forbidden(difference, version, direction));
    }
    if (ruling.compatible() && answer instanceof Answer.Refuted refuted) {
      Compatibility.breaches(reader, refuted.counterexample(), version, direction).stream()
          .map(breach ->
              Finding.warning(breach.rule(), breach.place(), breach.message(), breach.cure()))
          .forEach(findings::add);
    }
    return new Comparison(
        version,
        direction,
        Layer.CONFLUENT,
        answer,
        Optional.of(ruling),
        findings,
        Judgement.Outcome.PROVED);
  }

  private static Finding forbidden(Difference difference, String version, Direction direction) {
    String what = difference.what().isEmpty() ? "" : " ('" + difference.what() + "')";
    return Finding.error(
        direction + "/confluent-" + difference.rule().id(),
        difference.place().toString(),
        "Confluent's rules forbid %s%s against version %s"
            .formatted(difference.rule(), what, version),
        "undo the change, raise the major version, or compare in the layer evolution");
  }
}
