package dev.troth.slo.objective;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** One of the five fields of a cron expression: which numbers it names. */
record CronField(BitSet numbers, boolean isAll) {

  boolean has(int number) {
    return numbers.get(number);
  }

  /** The kinds of fields, in their order. */
  enum Kind {
    MINUTE(0, 59, List.of()),
    HOUR(0, 23, List.of()),
    DAY(1, 31, List.of()),
    MONTH(
        1,
        12,
        List.of(
            "", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
            "dec")),
    /** Sunday is 0 and 7. */
    WEEKDAY(0, 7, DayRule.NAMES);

    private final int least;
    private final int most;
    private final List<String> names;

    Kind(int least, int most, List<String> names) {
      this.least = least;
      this.most = most;
      this.names = names;
    }

    private int number(String text) {
      int named = text.isEmpty() ? -1 : names.indexOf(text);
      if (named >= 0) {
        return named;
      }
      int number = text.matches("\\d{1,2}") ? Integer.parseInt(text) : -1;
      if (number < least || number > most) {
        throw new IllegalArgumentException(
            "%s is '%s', expected %d to %d%s"
                .formatted(
                    name().toLowerCase(Locale.ROOT),
                    text,
                    least,
                    most,
                    names.isEmpty() ? "" : " or a name such as " + names.getLast()));
      }
      return number;
    }
  }

  /** Reads lists, ranges and steps: {@code 1,15}, {@code mon-fri}, {@code 0-30/10}. */
  static CronField parse(Kind kind, String text) {
    BitSet numbers = new BitSet();
    for (String part : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] halves = part.split("/", 2);
      int step = halves.length == 1 ? 1 : step(halves[1]);
      String[] ends = halves[0].split("-", 2);
      boolean all = halves[0].equals("*");
      int first = all ? kind.least : kind.number(ends[0]);
      int last = all ? kind.most : ends.length == 2 ? kind.number(ends[1]) : first;
      // "5/10" means from 5 on.
      last = !all && ends.length == 1 && halves.length == 2 ? kind.most : last;
      if (first > last) {
        throw new IllegalArgumentException(
            "range is '%s', expected its start before its end".formatted(part));
      }
      for (int number = first; number <= last; number += step) {
        numbers.set(kind == Kind.WEEKDAY ? number % 7 : number);
      }
    }
    return new CronField(numbers, text.startsWith("*"));
  }

  private static int step(String text) {
    if (!text.matches("[1-9]\\d?")) {
      throw new IllegalArgumentException(
          "step is '%s', expected a whole number above 0".formatted(text));
    }
    return Integer.parseInt(text);
  }
}
