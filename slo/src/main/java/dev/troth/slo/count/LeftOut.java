package dev.troth.slo.count;

import dev.troth.slo.objective.MaintenanceTimes;
import java.util.function.Supplier;

/** What was counted in maintenance, and so is of no window: by the maintenance. Not thread-safe. */
final class LeftOut {
  private final MaintenanceTimes times;
  private final Counter[] total;
  private final Counter[] bad;

  LeftOut(MaintenanceTimes times, Supplier<Counter> counters) {
    this.times = times;
    this.total = new Counter[times.all().size()];
    this.bad = new Counter[total.length];
    for (int i = 0; i < total.length; i++) {
      total[i] = counters.get();
      bad[i] = counters.get();
    }
  }

  /** Takes counts of a minute in maintenance; false if it is in none. */
  boolean take(Delta delta, int parts) {
    int place = times.at(delta.minute());
    if (place < 0) {
      return false;
    }
    long most = 0;
    for (int i = 0; i < parts; i++) {
      // Of an interval, what is certain.
      most = Math.abs(delta.bad(i)) > Math.abs(most) ? delta.bad(i) : most;
    }
    total[place].add(delta.minute(), delta.total());
    bad[place].add(delta.minute(), most);
    return true;
  }

  void advance(long minute) {
    for (int i = 0; i < total.length; i++) {
      total[i].advance(minute);
      bad[i].advance(minute);
    }
  }

  Counts between(int place, long from, long to) {
    long events = Math.max(0, total[place].between(from, to));
    long failed = Math.clamp(bad[place].between(from, to), 0, events);
    return new Counts(events, failed, failed);
  }

  long minutes(long from, long to) {
    return times.minutes(from, to);
  }
}
