package dev.troth.bench.results;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/** Figures as they are stored and shown. */
final class Numbers {
  private static final int DIGITS = 3;

  private Numbers() {}

  static BigDecimal parse(String text) {
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is no number".formatted(text), e);
    }
    if (value.signum() < 0) {
      throw new IllegalArgumentException("%s is negative".formatted(text));
    }
    return value;
  }

  static Optional<BigDecimal> optional(String text) {
    return text.equals("-") ? Optional.empty() : Optional.of(parse(text));
  }

  /** Three digits, or all of those before the point. */
  static BigDecimal rounded(BigDecimal value) {
    return value.precision() - value.scale() > DIGITS
        ? value.setScale(0, RoundingMode.HALF_UP)
        : value.round(new MathContext(DIGITS, RoundingMode.HALF_UP));
  }

  /** With its unit: {@code 1,652/s}, {@code 30.5×}, {@code 4.2 µs}. */
  static String shown(BigDecimal value, String unit) {
    String number = String.format(Locale.ROOT, "%,." + Math.max(0, value.scale()) + "f", value);
    return switch (unit) {
      case "" -> number;
      case "×" -> number + "×";
      default -> unit.startsWith("/") ? number + unit : number + " " + unit;
    };
  }
}
