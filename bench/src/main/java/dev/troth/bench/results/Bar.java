package dev.troth.bench.results;

import java.math.BigDecimal;
import java.util.Optional;

/** What a figure must be: at most or at least some value. */
public record Bar(boolean atMost, BigDecimal value) {
  /** Reads {@code <=1.5}, {@code >=6} or {@code -} for none. */
  static Optional<Bar> parse(String text) {
    if (text.equals("-")) {
      return Optional.empty();
    }
    if (!text.startsWith("<=") && !text.startsWith(">=")) {
      throw new IllegalArgumentException(
          "bar is '%s', expected <=VALUE, >=VALUE or -".formatted(text));
    }
    return Optional.of(new Bar(text.startsWith("<="), Numbers.parse(text.substring(2))));
  }

  boolean holds(BigDecimal figure) {
    return atMost ? figure.compareTo(value) <= 0 : figure.compareTo(value) >= 0;
  }

  /** As the page shows it: {@code ≤ 1.5}. */
  String shown(String unit) {
    return (atMost ? "≤ " : "≥ ") + Numbers.shown(value, unit);
  }
}
