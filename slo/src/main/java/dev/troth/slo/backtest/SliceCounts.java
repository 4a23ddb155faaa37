package dev.troth.slo.backtest;

import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.objective.TimeSlices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time slices instead of events: each one with events counts once, good or bad. */
public final class SliceCounts {
  private SliceCounts() {}

  /**
   * The slices of minutes in the order of time. They begin at whole multiples of their length; a
   * slice stands at its last minute, when it is known.
   */
  public static List<Minute> of(TimeSlices slices, List<Minute> minutes) {
    long length = slices.length().toMinutes();
    List<Minute> all = new ArrayList<>();
    for (int i = 0; i < minutes.size(); ) {
      long slice = slice(minutes.get(i), length);
      long total = 0;
      long bad = 0;
      for (; i < minutes.size() && slice(minutes.get(i), length) == slice; i++) {
        total += minutes.get(i).total();
        bad += minutes.get(i).bad();
      }
      if (total > 0) {
        Instant last = Instant.ofEpochSecond(((slice + 1) * length - 1) * 60);
        all.add(new Minute(last, 1, slices.isBad(total, bad) ? 1 : 0));
      }
    }
    return all;
  }

  private static long slice(Minute minute, long length) {
    return Math.floorDiv(minute.at().getEpochSecond() / 60, length);
  }
}
