package dev.troth.watch.row;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a stream of rows has been taken: {@code 0/16B3748}, or {@code 0/16B3748 0/16B4000:500}
 * with 500 rows taken of the transaction whose commit stands at the second place.
 *
 * @param end behind the last transaction that was taken to its end
 * @param open the commit of the transaction that was taken in part; 0 without
 * @param taken how much of that; 0 without
 */
public record RowPlace(long end, long open, long taken) {
  private static final Pattern FORM =
      Pattern.compile(
          "([0-9A-F]{1,8}/[0-9A-F]{1,8})(?: ([0-9A-F]{1,8}/[0-9A-F]{1,8}):(\\d{1,18}))?");

  public RowPlace {
    if ((open == 0) != (taken == 0)) {
      throw new IllegalArgumentException(
          "%d rows of transaction %d are taken, expected both or none".formatted(taken, open));
    }
  }

  /** A place between two transactions. */
  public static RowPlace at(long end) {
    return new RowPlace(end, 0, 0);
  }

  public static RowPlace parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "place is '%s', expected one such as 0/16B3748".formatted(text));
    }
    return form.group(2) == null
        ? at(number(form.group(1)))
        : new RowPlace(number(form.group(1)), number(form.group(2)), Long.parseLong(form.group(3)));
  }

  private static long number(String place) {
    int slash = place.indexOf('/');
    return Long.parseLong(place.substring(0, slash), 16) << 32
        | Long.parseLong(place.substring(slash + 1), 16);
  }

  private static String text(long place) {
    return "%X/%X".formatted(place >>> 32, place & 0xffff_ffffL);
  }

  @Override
  public String toString() {
    return open == 0 ? text(end) : "%s %s:%d".formatted(text(end), text(open), taken);
  }
}
