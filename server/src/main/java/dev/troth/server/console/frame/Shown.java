package dev.troth.server.console.frame;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.http.Items;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The rows of a long list that one page shows, and whether there are others before and after.
 *
 * @param isFirst whether the page begins the list
 * @param isLast whether it ends it
 */
public record Shown<R>(List<R> rows, boolean isFirst, boolean isLast) {

  /**
   * Reads a page of a list.
   *
   * @param parameter of the query: the row after which to go on, as {@link #next} gave it
   * @param rows reads rows after one, 0 for the first, at most as many as the second number says
   */
  public static <R> Shown<R> of(
      Visit visit, String parameter, int limit, BiFunction<Long, Integer, List<R>> rows) {
    List<R> found = rows.apply(visit.number(parameter, 0), limit + 1);
    boolean isLast = found.size() <= limit;
    return new Shown<>(
        isLast ? found : found.subList(0, limit), !visit.query().containsKey(parameter), isLast);
  }

  /** The same of a list that says itself whether there is more. */
  public static <R> Shown<R> page(
      Visit visit, String parameter, int limit, BiFunction<Long, Integer, Items<R>> rows) {
    Items<R> found = rows.apply(visit.number(parameter, 0), limit);
    return new Shown<>(found.items(), !visit.query().containsKey(parameter), found.next() == null);
  }

  /** The last row, after which the next page goes on. */
  public String next(Function<R, Object> id) {
    return rows.isEmpty() ? "" : id.apply(rows.getLast()).toString();
  }

  public String firstHidden() {
    return Formats.yes(isFirst);
  }

  public String nextHidden() {
    return Formats.yes(isLast);
  }

  public String state() {
    return rows.isEmpty() ? "empty" : "ok";
  }

  /** {@code 3 watches}, or {@code 100 of 248 watches} where others are on other pages. */
  public String summary(long all, String singular, String plural) {
    return isFirst && isLast
        ? Formats.counted(rows.size(), singular, plural)
        : "%s of %s"
            .formatted(Formats.grouped(rows.size()), Formats.counted(all, singular, plural));
  }
}
