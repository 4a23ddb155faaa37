package dev.troth.slo.backtest;

import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.TimeSlices;
import java.time.Instant;
import java.util.List;

/**
 * Minutes of counts as running sums, from which the count of any window is one subtraction: for
 * replays of many objectives over the same history.
 */
public final class CountHistory {
  /** Three years. */
  private static final int MOST_MINUTES = 3 * 366 * 1440;

  private final long first;
  private final long[] totals;
  private final long[] bad;
  private final String impossible;

  private CountHistory(long first, long[] totals, long[] bad, String impossible) {
    this.first = first;
    this.totals = totals;
    this.bad = bad;
    this.impossible = impossible;
  }

  /** Takes minutes in the order of time; those that are left out had no data. */
  public static CountHistory of(List<Minute> minutes) {
    if (minutes.isEmpty()) {
      throw new IllegalArgumentException("there are no minutes to replay");
    }
    long first = Tally.minute(minutes.getFirst().at());
    long span = Tally.minute(minutes.getLast().at()) - first + 1;
    if (span > MOST_MINUTES) {
      throw new IllegalArgumentException(
          "the history spans %d minutes, from %s to %s, expected at most %d"
              .formatted(
                  span, minutes.getFirst().at(), minutes.getLast().at(), (long) MOST_MINUTES));
    }
    int length = (int) span;
    long[] totals = new long[Math.max(1, length) + 1];
    long[] bad = new long[totals.length];
    String impossible = "";
    int at = 0;
    for (Minute minute : minutes) {
      long index = Tally.minute(minute.at()) - first;
      if (index < at || index >= length) {
        throw new IllegalArgumentException(
            "minute %s comes twice or after a later one, expected the order of time"
                .formatted(minute.at()));
      }
      for (; at < index; at++) {
        totals[at + 1] = totals[at];
        bad[at + 1] = bad[at];
      }
      totals[at + 1] = totals[at] + minute.total();
      bad[at + 1] = bad[at] + minute.bad();
      at++;
      if (impossible.isEmpty() && minute.bad() > minute.total()) {
        impossible =
            "minute %s has %d bad events of %d, expected at most all of them"
                .formatted(minute.at(), minute.bad(), minute.total());
      }
    }
    return new CountHistory(first, totals, bad, impossible);
  }

  /** What an objective leaves out of it: exclusions, and every time of maintenance. */
  List<Exclusion> leftOutBy(Objective objective) {
    return objective.rules().leftOut(first, first + minutes());
  }

  /** The same without what is excluded; this one if nothing is. */
  CountHistory without(List<Exclusion> exclusions) {
    if (exclusions.isEmpty()) {
      return this;
    }
    boolean[] out = new boolean[minutes()];
    for (Exclusion exclusion : exclusions) {
      long from = Math.max(0, Tally.minute(exclusion.from()) - first);
      long to = Math.min(out.length, Tally.minute(exclusion.to().plusSeconds(59)) - first);
      for (long i = from; i < to; i++) {
        out[(int) i] = true;
      }
    }
    long[] left = new long[totals.length];
    long[] leftBad = new long[totals.length];
    for (int i = 0; i < out.length; i++) {
      left[i + 1] = left[i] + (out[i] ? 0 : totals[i + 1] - totals[i]);
      leftBad[i + 1] = leftBad[i] + (out[i] ? 0 : bad[i + 1] - bad[i]);
    }
    return new CountHistory(first, left, leftBad, impossible);
  }

  /** As an objective counts: time slices that ended, at their last minutes, or this. */
  CountHistory counted(Objective objective) {
    if (objective.goal().slices().isEmpty()) {
      return this;
    }
    TimeSlices slices = objective.goal().slices().get();
    long length = slices.length().toMinutes();
    long[] all = new long[totals.length];
    long[] failed = new long[totals.length];
    int begin = 0;
    for (int i = 0; i < minutes(); i++) {
      boolean ends = Math.floorMod(first + i + 1, length) == 0;
      long events = totals[i + 1] - totals[begin];
      long wrong = bad[i + 1] - bad[begin];
      all[i + 1] = all[i] + (ends && events > 0 ? 1 : 0);
      failed[i + 1] = failed[i] + (ends && events > 0 && slices.isBad(events, wrong) ? 1 : 0);
      begin = ends ? i + 1 : begin;
    }
    return new CountHistory(first, all, failed, impossible);
  }

  /** The first minute, in minutes since 1970. */
  long first() {
    return first;
  }

  int minutes() {
    return totals.length - 1;
  }

  /** When a minute ends. */
  Instant end(int minute) {
    return Instant.ofEpochSecond((first + minute + 1) * 60);
  }

  /** Running sums of all events: the one at {@code i} is what was counted before minute i. */
  long[] totals() {
    return totals;
  }

  /** Running sums of bad events. */
  long[] bad() {
    return bad;
  }

  /** Why the minutes cannot be those of requests; empty if they can. */
  String impossible() {
    return impossible;
  }
}
