package dev.troth.cli.contract;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.compatibility.Comparison;
import dev.troth.contracts.compatibility.ContractJudge;
import dev.troth.contracts.compatibility.Judgement;
import dev.troth.contracts.policy.Waiver;
import dev.troth.contracts.proof.Answer;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The answers about one contract as a person reads them. */
record Explanation(
    Contract next, ContractJudge.Result result, Function<Finding, Optional<Waiver>> waivers) {

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
        case Answer.Proved _ when !passes(comparison) && comparison.ruling().isPresent() ->
            out.printf("  no document breaks: strict containment is proved%n");
        case Answer.Proved _, Answer.Unknown _ -> {}
      }
    }
  }

  private boolean waived(Comparison comparison) {
    List<Finding> errors = comparison.findings().stream().filter(Finding::isError).toList();
    return !errors.isEmpty()
        && errors.stream().allMatch(finding -> waivers.apply(finding).isPresent());
  }

  private static boolean passes(Comparison comparison) {
    return comparison.outcome() == Judgement.Outcome.PROVED;
  }

  private static String answer(Comparison comparison) {
    return comparison.ruling().isEmpty()
        ? comparison.outcome().name()
        : passes(comparison) ? "COMPATIBLE by rule" : "INCOMPATIBLE by rule";
  }
}
