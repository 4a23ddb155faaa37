package dev.troth.slo.objective;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

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

  /** A window that starts anew with each day, week, month or quarter of a time zone. */
  record Calendar(Unit unit, ZoneId zone) implements Window {
    /** What a calendar window can be. */
    public enum Unit {
      DAY(1),
      WEEK(7),
      MONTH(31),
      QUARTER(92);

      private final int days;

      Unit(int days) {
        this.days = days;
      }
    }

    @Override
    public Instant start(Instant now) {
      ZonedDateTime day = now.atZone(zone).truncatedTo(ChronoUnit.DAYS);
      return switch (unit) {
        case DAY -> day.toInstant();
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toInstant();
        case MONTH -> day.withDayOfMonth(1).toInstant();
        case QUARTER ->
            day.withDayOfMonth(1).withMonth((day.getMonthValue() - 1) / 3 * 3 + 1).toInstant();
      };
    }

    /** An hour longer than its days, for the day on which clocks are set back. */
    @Override
    public Duration length() {
      return Duration.ofDays(unit.days).plusHours(1);
    }

    @Override
    public String text() {
      return "calendar " + unit.name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
