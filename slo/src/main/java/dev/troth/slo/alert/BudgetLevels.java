package dev.troth.slo.alert;

import dev.troth.slo.count.Counts;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import java.util.Comparator;
import java.util.List;

/** Which level of the budget policy is crossed. */
final class BudgetLevels {
  /**
   * A level is taken back only this many points below it, so that it is not told back and forth.
   */
  private static final int HYSTERESIS = 5;

  private final List<BudgetPolicy> policies;
  private final MinimumEvidence gate;
  private final double budget;

  BudgetLevels(Objective objective) {
    this.policies =
        objective.rules().policies().stream()
            .sorted(Comparator.comparingInt(BudgetPolicy::atPercent))
            .toList();
    this.gate = objective.rules().alerts().gate();
    this.budget = objective.goal().budget();
  }

  /** The highest level that is crossed, given the one that was; 0 for none. */
  int crossed(Counts window, int before) {
    if (window.total() <= 0) {
      return before;
    }
    double spent = 100 * window.rateLow() / budget;
    int level = 0;
    for (BudgetPolicy policy : policies) {
      boolean was = policy.atPercent() <= before;
      boolean above =
          spent >= policy.atPercent() && gate.passes(window.badLow(), window.total(), budget);
      if (above || (was && spent > policy.atPercent() - HYSTERESIS)) {
        level = policy.atPercent();
      }
    }
    return level;
  }

  BudgetPolicy policy(int percent) {
    for (BudgetPolicy policy : policies) {
      if (policy.atPercent() == percent) {
        return policy;
      }
    }
    return new BudgetPolicy(Math.max(1, percent), "");
  }
}
