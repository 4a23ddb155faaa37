package dev.troth.server.objective;

import dev.troth.server.history.LaterCounts;
import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.TimeSlices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Time slices of an objective over time, judged from its buckets. */
final class SliceChartStore {
  private SliceChartStore() {}

  /**
   * The slices that had events and ended, by their last minutes; whether each was bad.
   *
   * @param from the first minute in which one may end
   * @param to the first minute that is not looked at
   * @param newest the minute that goes on
   * @param later what is stored and was not counted yet
   */
  static Map<Long, Boolean> ended(
      Handle handle,
      Objective objective,
      TimeSlices rule,
      long from,
      long to,
      long newest,
      LaterCounts later) {
    long length = rule.length().toMinutes();
    List<Exclusion> left = objective.rules().leftOut(from, to);
    Map<Long, long[]> counted = new HashMap<>();
    later.deltas().stream()
        .filter(delta -> left.stream().noneMatch(one -> isWithin(one, delta.minute())))
        .forEach(delta -> {
          long[] sums = counted.computeIfAbsent(delta.minute() / length, at -> new long[2]);
          sums[0] += delta.total();
          sums[1] += delta.bad(0);
        });
    Map<Long, Boolean> ended = new TreeMap<>();
    handle
        .createQuery(
            "SELECT minute / :length AS slice, sum(events) AS events, sum(bad) AS bad FROM bucket"
                + " WHERE objective = :name AND step = '' AND minute >= :from AND minute < :to"
                + ChartStore.without(left)
                + " GROUP BY slice")
        .bind("length", length)
        .bind("name", objective.name())
        .bind("from", Math.floorDiv(from, length) * length)
        .bind("to", to)
        .map((row, context) -> {
          long last = (row.getLong("slice") + 1) * length - 1;
          long[] less = counted.getOrDefault(row.getLong("slice"), new long[2]);
          long events = row.getLong("events") - less[0];
          if (last >= from && last < newest && events > 0) {
            ended.put(last, rule.isBad(events, row.getLong("bad") - less[1]));
          }
          return true;
        })
        .forEach(done -> {});
    return ended;
  }

  private static boolean isWithin(Exclusion exclusion, long minute) {
    return Tally.minute(exclusion.from()) <= minute
        && minute < Tally.minute(exclusion.to().plusSeconds(59));
  }
}
