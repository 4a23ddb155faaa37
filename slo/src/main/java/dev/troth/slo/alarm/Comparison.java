package dev.troth.slo.alarm;

import java.util.Optional;

/** When a value breaches a threshold; bands of anomalies are known to the service alone. */
public enum Comparison {
  ABOVE("GreaterThanThreshold"),
  AT_LEAST("GreaterThanOrEqualToThreshold"),
  BELOW("LessThanThreshold"),
  AT_MOST("LessThanOrEqualToThreshold");

  private final String word;

  Comparison(String word) {
    this.word = word;
  }

  /** By the word that a template says. */
  public static Optional<Comparison> of(String word) {
    for (Comparison each : values()) {
      if (each.word.equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  boolean breaches(double value, double threshold) {
    return switch (this) {
      case ABOVE -> value > threshold;
      case AT_LEAST -> value >= threshold;
      case BELOW -> value < threshold;
      case AT_MOST -> value <= threshold;
    };
  }
}
