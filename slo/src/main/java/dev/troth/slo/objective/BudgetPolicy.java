package dev.troth.slo.objective;

import java.util.List;

/** What a team does when this share of the error budget is spent. */
public record BudgetPolicy(int atPercent, String action) {
  /** The levels that are told when a file names none. */
  public static final List<BudgetPolicy> DEFAULT =
      List.of(
          new BudgetPolicy(50, "tell the owners"),
          new BudgetPolicy(75, "review risky changes"),
          new BudgetPolicy(100, "stop releases: troth slo gate fails"));

  public BudgetPolicy {
    if (atPercent < 1 || atPercent > 1000) {
      throw new IllegalArgumentException(
          "budget policy is at " + atPercent + " %, expected 1 to 1000");
    }
  }
}
