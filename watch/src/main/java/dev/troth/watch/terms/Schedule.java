package dev.troth.watch.terms;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * When a digest goes out: {@code off} is at once, each change by itself; {@code 1h} at the end of
 * each window of that length, counted from the user's midnight; {@code cron 0 8 * * 1-5} at the
 * minutes that a cron expression names, by the user's clock.
 */
public sealed interface Schedule {
  Schedule AT_ONCE = new AtOnce();

  /** Each change by itself. */
  record AtOnce() implements Schedule {
    @Override
    public Instant next(Instant after, ZoneId zone) {
      return after;
    }

    @Override
    public String toString() {
      return "off";
    }
  }

  /** At the end of each window of a length. */
  record Every(Duration window) implements Schedule {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ofHours(1);

    public Every {
      if (window.toSeconds() < 60
          || window.compareTo(DAY) > 0
          || DAY.toSeconds() % window.toSeconds() != 0) {
        throw new IllegalArgumentException(
            "digest is %s, expected 1m to 24h, a whole fraction of a day"
                .formatted(Span.written(window)));
      }
    }

    @Override
    public Instant next(Instant after, ZoneId zone) {
      LocalDate day = after.atZone(zone).toLocalDate();
      return window.compareTo(SHORT) <= 0 ? byLength(after, day, zone) : byClock(after, day, zone);
    }

    /** Short windows are equally long, also while clocks are changed. */
    private Instant byLength(Instant after, LocalDate day, ZoneId zone) {
      Instant midnight = day.atStartOfDay(zone).toInstant();
      Instant nextMidnight = day.plusDays(1).atStartOfDay(zone).toInstant();
      long past = Duration.between(midnight, after).toSeconds() / window.toSeconds();
      Instant end = midnight.plus(window.multipliedBy(past + 1));
      return end.isBefore(nextMidnight) ? end : nextMidnight;
    }

    /** Long ones end at the same times of each day. */
    private Instant byClock(Instant after, LocalDate day, ZoneId zone) {
      for (long second = 0; second < DAY.toSeconds(); second += window.toSeconds()) {
        Instant end = WallClock.at(day.atTime(LocalTime.ofSecondOfDay(second)), zone);
        if (end.isAfter(after)) {
          return end;
        }
      }
      return WallClock.at(day.plusDays(1).atStartOfDay(), zone);
    }

    @Override
    public String toString() {
      return window.equals(DAY) ? "24h" : Span.written(window);
    }
  }

  /** At the minutes of a cron expression. */
  record At(Cron cron) implements Schedule {
    @Override
    public Instant next(Instant after, ZoneId zone) {
      return cron.next(after, zone);
    }

    @Override
    public String toString() {
      return "cron " + cron;
    }
  }

  /** Reads the written form. */
  static Schedule parse(String text) {
    if (text.equals("off")) {
      return AT_ONCE;
    }
    return text.startsWith("cron ")
        ? new At(Cron.parse(text.substring(5).strip()))
        : new Every(Span.parse("digest", text));
  }

  /** When what is told at an instant goes out: that instant at once, or the next time after it. */
  Instant next(Instant after, ZoneId zone);
}
