package dev.troth.slo.engine;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Burn;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.count.Counts;
import dev.troth.slo.objective.Objective;
import java.util.List;

/**
 * How one objective stands at one moment.
 *
 * @param counts of the objective's window
 * @param evidence what the figure rests on, and what it leaves out
 * @param lastEvent the newest minute with an event; {@code Long.MIN_VALUE} if there is none
 * @param reason why its state is what it is
 */
public record ObjectiveStatus(
    Objective objective,
    Counts counts,
    Evidence evidence,
    AlertMemory alerts,
    List<Burn> burns,
    List<Cause> causes,
    long lastEvent,
    String reason) {

  /** Requests of which nothing failed and a step was not seen, over six hours at most. */
  public long unknown() {
    return evidence.unknown();
  }

  /** The share of good events; NaN without events, below 0 only for the additive kind. */
  public double availability() {
    return 1 - counts.rateHigh();
  }

  /** The best that it can be; differs from {@link #availability} for an interval only. */
  public double availabilityAtBest() {
    return 1 - counts.rateLow();
  }

  public Budget budget() {
    return Budget.of(objective, objective.goal().budget(), counts);
  }

  /**
   * What may still fail.
   *
   * @param allowed bad events that the window's traffic so far allows
   * @param consumed bad events; for an interval those that are certain
   * @param remainingRatio 1 untouched, 0 spent, negative overspent; NaN without events
   * @param timeMinutes the remaining share as minutes of complete outage at even traffic: a
   *     comparison, not a measurement
   */
  public record Budget(double allowed, long consumed, double remainingRatio, double timeMinutes) {
    /** Of counts, where {@code budget} is the share that may be bad. */
    static Budget of(Objective objective, double budget, Counts counts) {
      double allowed = counts.total() * budget;
      double ratio = counts.total() <= 0 ? Double.NaN : 1 - counts.badLow() / allowed;
      double minutes = ratio * budget * objective.goal().window().length().toMinutes();
      return new Budget(allowed, counts.badLow(), ratio, minutes);
    }

    /** Bad events that are left; negative when overspent. */
    public double remaining() {
      return allowed - consumed;
    }

    public boolean exhausted() {
      return remainingRatio <= 0;
    }
  }
}
