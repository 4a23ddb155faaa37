package dev.troth.watch.terms;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A cron expression of five fields: minute, hour, day of the month, month, day of the week (0 or 7
 * is Sunday). A field is {@code *}, numbers, names, ranges, lists and steps. Where both days are
 * given, either will do, as in every cron.
 *
 * @param text as it was written
 */
record Cron(
    String text,
    BitSet minutes,
    BitSet hours,
    BitSet days,
    BitSet months,
    BitSet weekdays,
    Days by) {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> WEEKDAYS =
      List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  /** From one 29 February to the next it may be eight years. */
  private static final int FURTHEST_DAYS = 8 * 366 + 1;

  /** Which days count. */
  enum Days {
    BOTH,
    EITHER
  }

  /** The numbers that a field takes, and the names for them. */
  private record Range(String name, int least, int most, List<String> names) {}

  static Cron parse(String text) {
    String[] fields = text.split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "cron is '%s', expected five fields: minute, hour, day, month, weekday".formatted(text));
    }
    BitSet weekdays = field(fields[4], new Range("weekday", 0, 7, WEEKDAYS));
    if (weekdays.get(7)) {
      weekdays.set(0);
    }
    boolean either = !fields[2].startsWith("*") && !fields[4].startsWith("*");
    Cron cron =
        new Cron(
            String.join(" ", fields),
            field(fields[0], new Range("minute", 0, 59, List.of())),
            field(fields[1], new Range("hour", 0, 23, List.of())),
            field(fields[2], new Range("day", 1, 31, List.of())),
            field(fields[3], new Range("month", 1, 12, MONTHS)),
            weekdays,
            either ? Days.EITHER : Days.BOTH);
    // One that never comes, such as 30 February, would hold its messages for ever.
    var _ = cron.next(Instant.parse("2000-01-01T00:00:00Z"), ZoneOffset.UTC);
    return cron;
  }

  private static BitSet field(String text, Range range) {
    BitSet set = new BitSet();
    for (String part : text.split(",", -1)) {
      int slash = part.indexOf('/');
      int step =
          slash < 0 ? 1 : number(part.substring(slash + 1), new Range("step", 1, 59, List.of()));
      String span = slash < 0 ? part : part.substring(0, slash);
      int dash = span.indexOf('-');
      int from = range.least();
      int to = range.most();
      if (!span.equals("*")) {
        from = number(dash < 0 ? span : span.substring(0, dash), range);
        to = dash < 0 ? (slash < 0 ? from : range.most()) : number(span.substring(dash + 1), range);
      }
      if (from > to) {
        throw new IllegalArgumentException(
            "%s is '%s', expected a range that rises".formatted(range.name(), part));
      }
      for (int value = from; value <= to; value += step) {
        set.set(value);
      }
    }
    return set;
  }

  private static int number(String text, Range range) {
    int named = range.names().indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + range.least();
    }
    if (text.matches("[0-9]{1,2}")) {
      int number = Integer.parseInt(text);
      if (number >= range.least() && number <= range.most()) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "%s is '%s', expected %d to %d".formatted(range.name(), text, range.least(), range.most()));
  }

  /** The first of its times after an instant. */
  Instant next(Instant after, ZoneId zone) {
    LocalDate first = after.atZone(zone).toLocalDate();
    for (int i = 0; i < FURTHEST_DAYS; i++) {
      LocalDate day = first.plusDays(i);
      if (!isOn(day)) {
        continue;
      }
      for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
        for (int minute = minutes.nextSetBit(0);
            minute >= 0;
            minute = minutes.nextSetBit(minute + 1)) {
          Instant at = WallClock.at(day.atTime(hour, minute), zone);
          if (at.isAfter(after)) {
            return at;
          }
        }
      }
    }
    throw new IllegalArgumentException("cron is '%s', expected a day that exists".formatted(text));
  }

  private boolean isOn(LocalDate day) {
    boolean ofMonth = days.get(day.getDayOfMonth());
    boolean ofWeek = weekdays.get(day.getDayOfWeek().getValue() % 7);
    return months.get(day.getMonthValue())
        && (by == Days.BOTH ? ofMonth && ofWeek : ofMonth || ofWeek);
  }

  @Override
  public String toString() {
    return text;
  }
}
