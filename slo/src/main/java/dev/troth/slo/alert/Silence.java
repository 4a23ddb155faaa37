package dev.troth.slo.alert;

import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.Objective;

/**
 * How long an objective may stay without data before telemetry counts as lost.
 *
 * <p>The longer of two times: the one in which an outage of everything would have paged, and the
 * one in which no request at all would be a chance of less than 1 in 20,000 at the last day's rate
 * (ten mean gaps of a Poisson process). Of fewer than ten events no rate is known: then it is a
 * day.
 */
final class Silence {
  private static final int DAY = 1_440;
  private static final int MEAN_GAPS = 10;

  private Silence() {}

  /** In minutes. */
  static long tolerable(Objective objective, Tally tally) {
    AlertPolicy policy = objective.rules().alerts();
    if (policy.lostAfter().isPresent()) {
      return policy.lostAfter().get().toMinutes();
    }
    long silent = tally.head() - tally.lastEvent();
    long outage = outage(objective);
    if (silent <= outage) {
      return outage;
    }
    long from = Math.max(tally.first(), tally.lastEvent() - DAY);
    long events = tally.since(from).total();
    long minutes = tally.lastEvent() - from + 1;
    return events < MEAN_GAPS ? DAY : Math.max(outage, MEAN_GAPS * minutes / events);
  }

  private static long outage(Objective objective) {
    double least = DAY;
    for (Condition condition : objective.rules().alerts().conditions()) {
      double share = condition.above() * objective.goal().budget();
      least = Math.min(least, Math.ceil(share * condition.longWindow().toMinutes()));
    }
    return (long) Math.max(1, least);
  }
}
