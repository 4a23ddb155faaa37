package dev.troth.slo.objective;

import java.util.Locale;
import java.util.Optional;

/** How the failures of several steps become one figure. */
public enum CountingMethod {
  /** By request: spans of one trace id are one request, good only if every step succeeded. */
  EXACT(""),
  /** From counters of which no two count the same request, so that their sum is exact. */
  DISJOINT(""),
  /** From one counter per step: the truth lies between the largest and the sum. */
  INTERVAL("interval: step counters overlap by an unknown amount, the truth lies between"),
  /** The naive recipe: failures of all steps added, each counted as often as steps saw it. */
  ADDITIVE(
      "additive: a failure counts once per step that saw it; not a success rate, may be below 0");

  private final String label;

  CountingMethod(String label) {
    this.label = label;
  }

  /** What must stand beside the figure wherever it is shown; empty when it is what it seems. */
  public String label() {
    return label;
  }

  /** The word in files and documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of a word. */
  public static Optional<CountingMethod> of(String word) {
    for (CountingMethod kind : values()) {
      if (kind.word().equals(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
