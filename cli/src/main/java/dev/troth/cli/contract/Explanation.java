package dev.troth.cli.contract;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.compatibility.Comparison;
import dev.troth.contracts.compatibility.ContractJudge;
import dev.troth.contracts.compatibility.Judgement;
import dev.troth.contracts.proof.Answer;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Predicate;

/**
 * The answers about one contract as a person reads them.
 *
 * @param borne whether the team's policy bears a finding
 */
record Explanation(Contract next, ContractJudge.Result result, Predicate<Finding> borne) {

  void print(PrintWriter out) {
    if (result.judgement().comparisons().isEmpty()) {
      out.printf("%s %s: nothing earlier to compare with%n", next.name(), next.version());
    }
    for (Comparison comparison : result.judgement().comparisons()) {
      out.printf(
          "%s %s against %s (%s, %s): %s%s%n",
          next.name(),
          next.version(),
          comparison.against(),
          comparison.direction(),
          comparison.layer(),
          answer(comparison),
          waived(comparison) ? ", waived" : "");
      switch (comparison.answer()) {
        case Answer.Refuted refuted ->
            out.printf(
                "  a document that %s: %s%n",
                passes(comparison) ? "breaks all the same" : "shows it", refuted.counterexample());
        case Answer.Proved _ when forbidden(comparison) ->
            out.printf("  no document breaks: strict containment is proved%n");
        case Answer.Proved _ when !passes(comparison) ->
            out.printf("  no document breaks, but a promise became worse%n");
        case Answer.Proved _, Answer.Unknown _ -> {}
      }
    }
  }

  private boolean waived(Comparison comparison) {
    List<Finding> errors = comparison.findings().stream().filter(Finding::isError).toList();
    return !errors.isEmpty() && errors.stream().allMatch(borne);
  }

  private static boolean passes(Comparison comparison) {
    return comparison.outcome() == Judgement.Outcome.PROVED;
  }

  private static boolean forbidden(Comparison comparison) {
    return comparison.ruling().isPresent() && !comparison.ruling().get().compatible();
  }

  private static String answer(Comparison comparison) {
    if (comparison.ruling().isEmpty()) {
      return comparison.outcome().name();
    }
    String beside =
        switch (comparison.beside()) {
          case PROVED -> "";
          case REFUTED -> ", REFUTED by quality rules or promises";
          case UNKNOWN -> ", UNKNOWN by quality rules";
        };
    return (forbidden(comparison) ? "INCOMPATIBLE by rule" : "COMPATIBLE by rule") + beside;
  }
}
