package dev.troth.slo.objective;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which days of a calendar something happens on. */
sealed interface DayRule {
  /** Whether it happens on this day. */
  boolean fits(LocalDate day);

  /** Days of the week: {@code mon}, {@code mon-fri}. */
  record Weekdays(Set<DayOfWeek> days) implements DayRule {
    @Override
    public boolean fits(LocalDate day) {
      return days.contains(day.getDayOfWeek());
    }
  }

  /** The first, second, … or last such day of a month; 0 is the last. */
  record Nth(int place, DayOfWeek weekday) implements DayRule {
    @Override
    public boolean fits(LocalDate day) {
      return day.getDayOfWeek() == weekday
          && (place == 0
              ? day.getDayOfMonth() + 7 > day.lengthOfMonth()
              : (day.getDayOfMonth() + 6) / 7 == place);
    }
  }

  /** A day of the month; 0 is the last. */
  record MonthDay(int number) implements DayRule {
    @Override
    public boolean fits(LocalDate day) {
      return day.getDayOfMonth() == (number == 0 ? day.lengthOfMonth() : number);
    }
  }

  /** Any of several rules. */
  record AnyOf(List<DayRule> rules) implements DayRule {
    @Override
    public boolean fits(LocalDate day) {
      return rules.stream().anyMatch(rule -> rule.fits(day));
    }
  }

  /**
   * The days of a cron expression: where both the days of the month and those of the week are
   * restricted, either will do.
   */
  record Cron(CronField days, CronField months, CronField weekdays) implements DayRule {
    @Override
    public boolean fits(LocalDate day) {
      boolean inMonth = days.has(day.getDayOfMonth());
      boolean inWeek = weekdays.has(day.getDayOfWeek().getValue() % 7);
      boolean either = !days.isAll() && !weekdays.isAll();
      return months.has(day.getMonthValue()) && (either ? inMonth || inWeek : inMonth && inWeek);
    }
  }

  /** Names of days, as they begin in English. */
  List<String> NAMES = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  /** What {@link #parse} expects. */
  String FORM =
      "daily, weekdays, weekends, mon to sun, mon-fri, 'first sun' to 'fourth sun', 'last sun',"
          + " 'day 15' or 'last day', several with commas";

  /** Reads {@code sun}, {@code mon-fri}, {@code first sat, day 15}. */
  static DayRule parse(String text) {
    List<DayRule> rules =
        List.of(text.toLowerCase(Locale.ROOT).split(",", -1)).stream()
            .map(part -> one(text, part.strip()))
            .toList();
    return rules.size() == 1 ? rules.getFirst() : new AnyOf(rules);
  }

  private static DayRule one(String text, String part) {
    Map<String, Integer> places =
        Map.of("first", 1, "second", 2, "third", 3, "fourth", 4, "last", 0);
    String[] words = part.split(" +");
    if (words.length == 2 && part.equals("last day")) {
      return new MonthDay(0);
    }
    if (words.length == 2 && words[0].equals("day") && words[1].matches("[1-9]|[12]\\d|3[01]")) {
      return new MonthDay(Integer.parseInt(words[1]));
    }
    if (words.length == 2 && places.containsKey(words[0]) && NAMES.contains(words[1])) {
      return new Nth(places.getOrDefault(words[0], 0), weekday(words[1]));
    }
    return switch (part) {
      case "daily" -> new Weekdays(EnumSet.allOf(DayOfWeek.class));
      case "weekdays" -> new Weekdays(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY));
      case "weekends" -> new Weekdays(EnumSet.range(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY));
      default -> range(text, part);
    };
  }

  private static DayRule range(String text, String part) {
    String[] ends = part.split("-", -1);
    if (ends.length > 2 || !NAMES.containsAll(List.of(ends))) {
      throw new IllegalArgumentException("days is '%s', expected %s".formatted(text, FORM));
    }
    EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    DayOfWeek last = weekday(ends[ends.length - 1]);
    for (DayOfWeek day = weekday(ends[0]); ; day = day.plus(1)) {
      days.add(day);
      if (day == last) {
        return new Weekdays(days);
      }
    }
  }

  private static DayOfWeek weekday(String name) {
    return DayOfWeek.SUNDAY.plus(NAMES.indexOf(name));
  }
}
