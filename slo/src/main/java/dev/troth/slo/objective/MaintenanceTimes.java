package dev.troth.slo.objective;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which minutes are in maintenance, worked out a day at a time and kept for as long as windows
 * reach. Not thread-safe.
 */
public final class MaintenanceTimes {
  /** The longest window, and the days at both of its ends. */
  private static final int DAYS_KEPT = 100;

  private static final int DAY = 1_440;
  private static final byte NONE = -1;

  private final List<Maintenance> all;
  private final TreeMap<Long, byte[]> days = new TreeMap<>();

  public MaintenanceTimes(List<Maintenance> all) {
    this.all = List.copyOf(all);
  }

  /** A time of maintenance; from is inside, to is outside. */
  public record Time(Maintenance maintenance, Instant from, Instant to) {}

  public List<Maintenance> all() {
    return all;
  }

  /** The place of the maintenance that a minute since 1970 is in, the first of several; or -1. */
  public int at(long minute) {
    if (all.isEmpty()) {
      return NONE;
    }
    long day = Math.floorDiv(minute, (long) DAY);
    byte[] marks = days.get(day);
    if (marks == null) {
      marks = marks(day);
      days.put(day, marks);
      if (days.size() > DAYS_KEPT) {
        days.pollFirstEntry();
      }
    }
    return marks[(int) Math.floorMod(minute, (long) DAY)];
  }

  /** How many minutes of a stretch are in maintenance; from is inside, to is outside. */
  public long minutes(long from, long to) {
    long count = 0;
    for (long minute = from; !all.isEmpty() && minute < to; minute++) {
      count += at(minute) == NONE ? 0 : 1;
    }
    return count;
  }

  private byte[] marks(long day) {
    byte[] marks = new byte[DAY];
    Arrays.fill(marks, NONE);
    long start = day * DAY;
    for (int place = all.size() - 1; place >= 0; place--) {
      for (Time time : times(all.get(place), start, start + DAY)) {
        int from = (int) Math.max(0, minute(time.from) - start);
        int to = (int) Math.min(DAY, minute(time.to) - start);
        Arrays.fill(marks, from, to, (byte) place);
      }
    }
    return marks;
  }

  /** Times that a stretch of minutes touches, each whole, in order. */
  public List<Time> times(long from, long to) {
    List<Time> times = new ArrayList<>();
    all.forEach(one -> times.addAll(times(one, from, to)));
    times.sort((a, b) -> a.from.compareTo(b.from));
    return times;
  }

  private static List<Time> times(Maintenance one, long from, long to) {
    List<Time> times = new ArrayList<>();
    LocalDate first = day(one, from - one.length().toMinutes()).minusDays(1);
    LocalDate last = day(one, to).plusDays(1);
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      for (Instant start : one.schedule().starts(day)) {
        Time time = new Time(one, start, start.plus(one.length()));
        if (minute(time.from) < to && minute(time.to) > from) {
          times.add(time);
        }
      }
    }
    return times;
  }

  /** The time that goes on, or else the next one within a good month. */
  public Optional<Time> next(Maintenance one, Instant now) {
    long from = minute(now);
    return times(one, from, from + 63L * DAY).stream().filter(t -> t.to.isAfter(now)).findFirst();
  }

  private static LocalDate day(Maintenance one, long minute) {
    return LocalDate.ofInstant(Instant.ofEpochSecond(minute * 60), one.schedule().zone());
  }

  private static long minute(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), 60L);
  }
}
