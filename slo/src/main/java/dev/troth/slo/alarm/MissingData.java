package dev.troth.slo.alarm;

import java.util.Optional;

/** What an alarm takes a missing data point for ({@code TreatMissingData}). */
public enum MissingData {
  /** Nothing is known of it. */
  MISSING("missing"),
  /** The alarm stays as it is. */
  IGNORE("ignore"),
  BREACHING("breaching"),
  NOT_BREACHING("notBreaching");

  private final String word;

  MissingData(String word) {
    this.word = word;
  }

  /** By the word that a template says. */
  public static Optional<MissingData> of(String word) {
    for (MissingData each : values()) {
      if (each.word.equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
