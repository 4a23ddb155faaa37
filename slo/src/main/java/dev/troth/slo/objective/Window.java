package dev.troth.slo.objective;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** The stretch of time over which an objective is held. */
public sealed interface Window {
  /** The longest window: a quarter, and what rolling windows of the field use at most. */
  Duration LONGEST = Duration.ofDays(93);

  /** The instant at which the window that ends now began. */
  Instant start(Instant now);

  /** How long the window is; for a calendar window, the longest that it can get. */
  Duration length();

  /** The window as people write it: {@code 30d}, {@code calendar month}. */
  String text();

  /** A window of fixed length that ends now. */
  record Rolling(Duration length) implements Window {
    public Rolling {
      if (length.compareTo(Duration.ofMinutes(1)) < 0
          || length.compareTo(LONGEST) > 0
          || length.toSeconds() % 60 != 0) {
        throw new IllegalArgumentException(
            "window is "
                + Durations.format(length)
                + ", expected whole minutes, at least 1m and at most "
                + Durations.format(LONGEST));
      }
    }

    @Override
    public Instant start(Instant now) {
      return now.minus(length);
    }

    @Override
    public String text() {
      return Durations.format(length);
    }
  }

  /**
   * A window that starts anew with each day, week, month or quarter of a time zone.
   *
   * @param begin a start of it by the zone's clock, whose time of day, weekday, day of the month
   *     and month the others have, too; of a month that is shorter, its last day
   */
  record Calendar(Unit unit, ZoneId zone, LocalDateTime begin) implements Window {
    /** A Monday, the first day of a month, of a quarter and of a year. */
    private static final LocalDateTime NATURAL = LocalDateTime.of(2001, 1, 1, 0, 0);

    /** What a calendar window can be. */
    public enum Unit {
      DAY(1, ChronoUnit.DAYS, 1),
      WEEK(7, ChronoUnit.DAYS, 7),
      MONTH(31, ChronoUnit.MONTHS, 1),
      QUARTER(92, ChronoUnit.MONTHS, 3);

      private final int days;
      private final ChronoUnit step;
      private final int steps;

      Unit(int days, ChronoUnit step, int steps) {
        this.days = days;
        this.step = step;
        this.steps = steps;
      }
    }

    public Calendar {
      if (begin.getSecond() != 0 || begin.getNano() != 0) {
        throw new IllegalArgumentException(
            "startTime is %s, expected a whole minute".formatted(begin));
      }
      boolean natural =
          begin.toLocalTime().equals(LocalTime.MIDNIGHT)
              && switch (unit) {
                case DAY -> true;
                case WEEK -> begin.getDayOfWeek() == DayOfWeek.MONDAY;
                case MONTH -> begin.getDayOfMonth() == 1;
                case QUARTER -> begin.getDayOfMonth() == 1 && begin.getMonthValue() % 3 == 1;
              };
      begin = natural ? NATURAL : begin;
    }

    /** As calendars have it: from midnight, Monday, the first of a month or of a quarter. */
    public Calendar(Unit unit, ZoneId zone) {
      this(unit, zone, NATURAL);
    }

    @Override
    public Instant start(Instant now) {
      return at(number(now));
    }

    /** When the next one begins, and with it the budget anew. */
    public Instant next(Instant now) {
      return at(number(now) + 1);
    }

    /** The start of a window, counted from the given one; a time that is skipped is the next. */
    private Instant at(long number) {
      return begin.plus(number * unit.steps, unit.step).atZone(zone).toInstant();
    }

    private long number(Instant now) {
      long number =
          Math.floorDiv(
              unit.step.between(begin, now.atZone(zone).toLocalDateTime()), (long) unit.steps);
      // Whole months between two days are rounded towards 0, and clocks are changed.
      while (at(number).isAfter(now)) {
        number--;
      }
      while (!at(number + 1).isAfter(now)) {
        number++;
      }
      return number;
    }

    /** An hour longer than its days, for the day on which clocks are set back. */
    @Override
    public Duration length() {
      return Duration.ofDays(unit.days).plusHours(1);
    }

    @Override
    public String text() {
      String from = begin.equals(NATURAL) ? "" : " from " + begin;
      return "calendar " + unit.name().toLowerCase(java.util.Locale.ROOT) + from;
    }
  }
}
