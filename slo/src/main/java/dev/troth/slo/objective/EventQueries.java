package dev.troth.slo.objective;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Queries of PromQL that count the events of an objective over a window.
 *
 * @param total all events
 * @param counted the good ones or the bad ones
 */
public record EventQueries(String total, String counted, boolean countsGood) {
  private static final Pattern WINDOW = Pattern.compile("\\{\\{\\s*\\.window\\s*}}");

  public EventQueries {
    if (total.isBlank() || counted.isBlank()) {
      throw new IllegalArgumentException("a query is empty, expected PromQL");
    }
  }

  /** Whether a query says where its window stands, by {@code {{.window}}}. */
  public static boolean hasWindow(String query) {
    return WINDOW.matcher(query).find();
  }

  /** A query over this window, such as {@code 5m}. */
  public static String over(String query, String window) {
    return WINDOW.matcher(query).replaceAll(Matcher.quoteReplacement(window));
  }
}
