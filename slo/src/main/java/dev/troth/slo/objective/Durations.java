package dev.troth.slo.objective;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Lengths of time as people write them: {@code 800ms}, {@code 30s}, {@code 5m}, {@code 6h}, {@code
 * 30d}, {@code 4w}.
 */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");

  private Durations() {}

  /** Reads one length, or says what was expected. */
  public static Duration parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "length is '" + text + "', expected a number with a unit: ms, s, m, h, d or w");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofDays(7 * number);
    };
  }

  /** The shortest exact form: 90 minutes are {@code 90m}, 120 are {@code 2h}. */
  public static String format(Duration length) {
    long millis = length.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** Two units for people to read: {@code 3h 29m}, {@code -1m}, {@code 2d 4h}. */
  public static String approximate(double minutes) {
    long whole = Math.round(Math.abs(minutes));
    String sign = minutes < 0 && whole > 0 ? "-" : "";
    if (whole < 60) {
      return sign + whole + "m";
    }
    if (whole < 1_440) {
      return sign + whole / 60 + "h" + (whole % 60 == 0 ? "" : " " + whole % 60 + "m");
    }
    long hours = Math.round(whole / 60.0);
    return sign + hours / 24 + "d" + (hours % 24 == 0 ? "" : " " + hours % 24 + "h");
  }
}
