package dev.troth.slo.file;

import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Objective;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** What is right in an objective and yet cannot be meant. */
final class Warnings {
  private Warnings() {}

  static List<String> of(Objective objective) {
    List<String> warnings = new ArrayList<>();
    double budget = objective.goal().budget();
    // Added failures may be more than all requests.
    if (objective.kind() != CountingMethod.ADDITIVE) {
      for (Condition condition : objective.rules().alerts().conditions()) {
        if (!condition.canFire(budget)) {
          warnings.add(
              "objective '%s': the %s of %s can never fire: at the target %s it needs %s %% of all events to fail"
                  .formatted(
                      objective.name(),
                      condition.severity().word(),
                      condition.text(),
                      BigDecimal.valueOf(objective.goal().target()).toPlainString(),
                      percent(condition.above() * budget)));
        }
      }
    }
    return warnings;
  }

  private static String percent(double share) {
    return new BigDecimal(100 * share, new MathContext(3)).toPlainString();
  }
}
