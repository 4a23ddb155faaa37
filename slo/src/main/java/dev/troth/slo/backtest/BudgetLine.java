package dev.troth.slo.backtest;

import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.time.Instant;

/**
 * The budget of an objective over a history, to the minute.
 *
 * @param lowest the least share of the budget that was ever left; NaN without events
 * @param availability the share of good events of the window at the end; NaN without events
 */
public record BudgetLine(double lowest, double availability) {
  /** Works it out of running sums. */
  public static BudgetLine of(Objective objective, CountHistory history) {
    CountHistory left = history.without(history.leftOutBy(objective)).counted(objective);
    long[] totals = left.totals();
    long[] bad = left.bad();
    double budget = objective.goal().budget();
    double lowest = Double.NaN;
    double availability = Double.NaN;
    int start = 0;
    long anew = Long.MIN_VALUE;
    for (int end = 1; end < totals.length; end++) {
      start =
          switch (objective.goal().window()) {
            case Window.Rolling rolling -> (int) Math.max(0, end - rolling.length().toMinutes());
            case Window.Calendar calendar ->
                left.first() + end >= anew ? start(calendar, left, end) : start;
          };
      if (objective.goal().window() instanceof Window.Calendar calendar
          && left.first() + end >= anew) {
        anew = calendar.next(left.end(end - 1)).getEpochSecond() / 60;
      }
      long all = totals[end] - totals[start];
      availability = all > 0 ? 1 - (double) (bad[end] - bad[start]) / all : Double.NaN;
      double remaining = 1 - (bad[end] - bad[start]) / (all * budget);
      if (all > 0 && !(remaining >= lowest)) {
        lowest = remaining;
      }
    }
    return new BudgetLine(lowest, availability);
  }

  private static int start(Window.Calendar calendar, CountHistory history, int end) {
    Instant begin = calendar.start(history.end(end - 1));
    return (int) Math.max(0, begin.getEpochSecond() / 60 - history.first());
  }
}
