package dev.troth.server.console.figure;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and times as people read them.
 *
 * <p>Those that islands also write have a twin in the site's {@code words.ts}; the parity test
 * holds the two together. They are plain arithmetic on whole numbers, so that both agree to the
 * last digit.
 */
public final class Formats {
  public static final String UNKNOWN = "–";

  private Formats() {}

  /** {@code 1234567} as {@code 1,234,567}. */
  public static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 3 changes}, {@code 1 change}. */
  public static String counted(long count, String singular, String plural) {
    return grouped(count) + " " + (count == 1 ? singular : plural);
  }

  /** {@code just now}, {@code 40 s ago}, {@code 3 min ago}, {@code 2 h ago}, {@code 4 d ago}. */
  public static String ago(Instant now, Instant at) {
    long seconds = Math.floorDiv(now.toEpochMilli() - at.toEpochMilli(), 1000L);
    if (seconds < 5) {
      return "just now";
    }
    if (seconds < 60) {
      return seconds + " s ago";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min ago";
    }
    return seconds < 86_400 ? seconds / 3600 + " h ago" : seconds / 86_400 + " d ago";
  }

  /** From when on {@link #ago} says something else. */
  public static Instant agoHolds(Instant now, Instant at) {
    long seconds = Math.floorDiv(now.toEpochMilli() - at.toEpochMilli(), 1000L);
    long step = seconds < 60 ? 1 : seconds < 3600 ? 60 : seconds < 86_400 ? 3600 : 86_400;
    long next = seconds < 5 ? 5 : (seconds / step + 1) * step;
    return Instant.ofEpochMilli(at.toEpochMilli() + next * 1000L);
  }

  /** {@code 812 µs}, {@code 12.3 ms}, {@code 1.24 s}; digits that do not fit are cut off. */
  public static String duration(long micros) {
    if (micros < 1_000) {
      return micros + " µs";
    }
    if (micros < 1_000_000) {
      return "%d.%d ms".formatted(micros / 1_000, micros / 100 % 10);
    }
    return "%d.%02d s".formatted(micros / 1_000_000, micros / 10_000 % 100);
  }

  /** A part of the whole as {@code 12.50%}, rounded down. */
  public static String part(long of, long whole) {
    long hundredths = Math.max(0, of) * 10_000 / whole;
    return "%d.%02d%%".formatted(hundredths / 100, hundredths % 100);
  }

  /** A subject as the rest of a path: each part encoded as a URI component, the slashes kept. */
  public static String pathOf(String subject) {
    return Arrays.stream(subject.split("/", -1))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
        .map(Formats::asComponent)
        .collect(Collectors.joining("/"));
  }

  /** Form encoding and URI components differ in these characters alone. */
  private static String asComponent(String encoded) {
    return encoded
        .replace("+", "%20")
        .replace("%21", "!")
        .replace("%27", "'")
        .replace("%28", "(")
        .replace("%29", ")")
        .replace("%7E", "~");
  }

  public static String yes(boolean flag) {
    return flag ? "yes" : "no";
  }

  /**
   * A ratio as {@code 99.950 %}. Rounded down at the third digit, so that 99.9996 % never reads as
   * a promise that was kept whole.
   */
  public static String percent(@Nullable Double ratio) {
    if (ratio == null) {
      return UNKNOWN;
    }
    long thousandths = (long) Math.floor(ratio * 100_000 + 1e-7);
    return String.format(Locale.ROOT, "%.3f %%", thousandths / 1000.0);
  }

  /** A ratio without needless digits: {@code 99.5 %}, {@code 99 %}. */
  public static String target(double ratio) {
    String text = String.format(Locale.ROOT, "%.4f", ratio * 100);
    return text.replaceAll("\\.?0+$", "") + " %";
  }

  /** {@code 14.4}, {@code 0.3}; a dash when it is not known. */
  public static String rate(@Nullable Double rate) {
    return rate == null ? UNKNOWN : String.format(Locale.ROOT, "%.1f", rate);
  }

  /** A ratio in whole percent, rounded down, with a minus where it is below zero. */
  public static String wholePercent(double ratio) {
    long percent = (long) Math.floor(ratio * 100 + 1e-9);
    return (percent < 0 ? "\u2212" + grouped(-percent) : grouped(percent)) + " %";
  }

  public static String millis(@Nullable Double millis) {
    return millis == null ? UNKNOWN : duration(Math.round(millis * 1_000));
  }

  /** A length of time as the API writes it, {@code 800ms}, as people do: {@code 800 ms}. */
  public static String length(String text) {
    return text.replaceAll("(?<=\\d)(?=[a-z])", "\u00A0");
  }

  /** {@code 2026-03-01 12:00 UTC}. */
  public static String minute(Instant at) {
    String text = at.toString();
    return text.substring(0, 10) + " " + text.substring(11, 16) + " UTC";
  }

  /** {@code 4 min 10 s}: the two greatest units. */
  public static String span(Duration length) {
    long s = length.toSeconds();
    if (s < 60) {
      return s + " s";
    }
    if (s < 3600) {
      return "%d min %d s".formatted(s / 60, s % 60);
    }
    return s < 86_400
        ? "%d h %d min".formatted(s / 3600, s / 60 % 60)
        : "%d d %d h".formatted(s / 86_400, s / 3600 % 24);
  }
}
