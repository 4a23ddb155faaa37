package dev.troth.slo.objective;

import dev.troth.slo.objective.CronField.Kind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;

/**
 * When something begins, again and again, by the clock of a time zone.
 *
 * <p>A time that the clock skips when it is set forward is the moment at which it is. A time that
 * comes twice when the clock is set back is the first of the two. A cron expression for every hour
 * goes by the hours that there are: it has none in the one that is skipped, and both of the other.
 *
 * @param days on which days
 * @param times at which times of these days, in order
 * @param twice whether it goes by the hours that there are
 * @param text as people wrote it
 */
public record Schedule(
    DayRule days, List<LocalTime> times, boolean twice, ZoneId zone, String text) {
  /** More starts than these on a day are no maintenance, but a way to count nothing. */
  private static final int MOST = 24;

  public Schedule {
    times = List.copyOf(times);
    if (times.size() > MOST) {
      throw new IllegalArgumentException(
          "'%s' begins %d times a day, expected at most %d".formatted(text, times.size(), MOST));
    }
  }

  /** By a rule of days and a time: {@code last sun} at {@code 02:00}. */
  public static Schedule of(String days, String start, ZoneId zone) {
    if (!start.matches("([01]\\d|2[0-3]):[0-5]\\d")) {
      throw new IllegalArgumentException(
          "start is '%s', expected a time such as 02:30".formatted(start));
    }
    return new Schedule(
        DayRule.parse(days), List.of(LocalTime.parse(start)), false, zone, days + " at " + start);
  }

  /** By the five fields of cron: {@code 30 1 * * mon-fri}. */
  public static Schedule cron(String expression, ZoneId zone) {
    String[] fields = expression.strip().split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "cron is '%s', expected five fields: minute, hour, day, month, weekday"
              .formatted(expression));
    }
    try {
      CronField minutes = CronField.parse(Kind.MINUTE, fields[0]);
      CronField hours = CronField.parse(Kind.HOUR, fields[1]);
      List<LocalTime> times = new ArrayList<>();
      hours.numbers().stream()
          .forEach(
              hour -> minutes.numbers().stream().forEach(m -> times.add(LocalTime.of(hour, m))));
      return new Schedule(
          new DayRule.Cron(
              CronField.parse(Kind.DAY, fields[2]),
              CronField.parse(Kind.MONTH, fields[3]),
              CronField.parse(Kind.WEEKDAY, fields[4])),
          times,
          hours.numbers().cardinality() == 24,
          zone,
          "cron " + String.join(" ", fields));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "cron is '%s': %s".formatted(expression, wrong.getMessage()), wrong);
    }
  }

  /** A zone by its name, or why there is none. */
  public static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException(
          "timeZone is '%s', expected one such as Europe/Berlin".formatted(name), wrong);
    }
  }

  /** When it begins on a day of the zone. */
  List<Instant> starts(LocalDate day) {
    if (!days.fits(day)) {
      return List.of();
    }
    List<Instant> starts = new ArrayList<>();
    for (LocalTime time : times) {
      LocalDateTime at = day.atTime(time);
      List<ZoneOffset> offsets = zone.getRules().getValidOffsets(at);
      if (offsets.isEmpty() && !twice) {
        ZoneOffsetTransition gap = zone.getRules().getTransition(at);
        starts.add(gap.getInstant());
      }
      offsets.stream().limit(twice ? 2 : 1).forEach(offset -> starts.add(at.toInstant(offset)));
    }
    return starts;
  }
}
