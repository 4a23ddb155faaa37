package dev.troth.watch.terms;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Hours of each day in which a user is not to be disturbed, written {@code 22:00-07:00}; {@code
 * off} is none. They may begin on one day and end on the next.
 *
 * @param from when they begin, by the user's clock
 * @param to when they end; the same as the beginning for none at all
 */
public record QuietHours(LocalTime from, LocalTime to) {
  public static final QuietHours NONE = new QuietHours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);

  /** Reads the written form. */
  public static QuietHours parse(String text) {
    if (text.equals("off")) {
      return NONE;
    }
    String[] ends = text.split("-", -1);
    try {
      if (ends.length == 2) {
        QuietHours hours = new QuietHours(LocalTime.parse(ends[0]), LocalTime.parse(ends[1]));
        if (!hours.from.equals(hours.to)) {
          return hours;
        }
      }
    } catch (DateTimeException e) {
      // Refused below, as what has the wrong shape is.
    }
    throw new IllegalArgumentException(
        "quiet is '%s', expected two times such as 22:00-07:00, or off".formatted(text));
  }

  /** When the quiet hours end that an instant falls into; empty outside of them. */
  public Optional<Instant> endOf(Instant instant, ZoneId zone) {
    if (from.equals(to)) {
      return Optional.empty();
    }
    LocalDate today = instant.atZone(zone).toLocalDate();
    for (LocalDate day : new LocalDate[] {today.minusDays(1), today}) {
      Instant begin = WallClock.at(day.atTime(from), zone);
      Instant end = WallClock.at((from.isBefore(to) ? day : day.plusDays(1)).atTime(to), zone);
      if (!instant.isBefore(begin) && instant.isBefore(end)) {
        return Optional.of(end);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return from.equals(to) ? "off" : from + "-" + to;
  }
}
