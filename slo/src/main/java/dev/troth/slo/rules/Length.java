package dev.troth.slo.rules;

import java.util.regex.Pattern;

/** Lengths of time as Prometheus writes them: {@code 1h30m}, {@code 5m}, {@code 30d}. */
final class Length {
  private static final Pattern FORM = Pattern.compile("(?:\\d{1,9}(?:ms|[smhdwy]))+");
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|[smhdwy])");

  private Length() {}

  /** In milliseconds. */
  static long millis(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "the length is '%s', expected numbers with units such as 1h30m".formatted(text));
    }
    return PART.matcher(text)
        .results()
        .mapToLong(part -> Long.parseLong(part.group(1)) * unit(part.group(2)))
        .sum();
  }

  private static long unit(String name) {
    return switch (name) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      case "w" -> 7 * 86_400_000L;
      default -> 365 * 86_400_000L;
    };
  }
}
