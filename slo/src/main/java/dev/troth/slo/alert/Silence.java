package dev.troth.slo.alert;

import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.Objective;
import java.time.Duration;

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

  /** What the file says, in minutes; negative where it says nothing. */
  private final long declared;

  private final long outage;

  /** Works out what does not change, because it is asked at each evaluation. */
  Silence(Objective objective) {
    AlertPolicy policy = objective.rules().alerts();
    this.declared = policy.lostAfter().map(Duration::toMinutes).orElse(-1L);
    this.outage = outage(objective);
  }

  /** In minutes. */
  long tolerable(Tally tally) {
    if (declared >= 0) {
      return declared;
    }
    long silent = tally.head() - tally.lastEvent();
    if (silent <= outage) {
      return outage;
    }
    long from = Math.max(tally.first(), tally.lastEvent() - DAY);
    long events = tally.eventsSince(from).total();
    long minutes = tally.lastEvent() - from + 1;
    return events < MEAN_GAPS ? DAY : Math.max(outage, MEAN_GAPS * minutes / events);
  }

  private static long outage(Objective objective) {
    double least = DAY;
    double budget = objective.goal().budget();
    for (Condition condition : objective.rules().alerts().conditions()) {
      double share = condition.above() * budget;
      least = Math.min(least, Math.ceil(share * condition.longWindow().toMinutes()));
    }
    return (long) Math.max(1, least);
  }
}
