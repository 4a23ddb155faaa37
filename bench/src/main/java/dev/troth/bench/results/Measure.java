package dev.troth.bench.results;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Something that a bench measures, and its bar: a line of {@code measures.tsv}.
 *
 * @param key its name in figures, results and quotes: the bench, a point, the rest
 * @param work what is measured, in words
 * @param unit of our figure and the peer's
 * @param missed where the bar is missed: where the rest goes and what limits it; may be empty
 */
public record Measure(
    String key, String work, String unit, Comparison comparison, Optional<Bar> bar, String missed) {
  private static final int CELLS = 6;

  /** What is held against the bar. */
  public enum Comparison {
    /** Our own figure. */
    OURS("ours"),
    /** Ours divided by the peer's: what should be small. */
    OURS_BY_PEER("ours/peer"),
    /** The peer's divided by ours: how many times the peer costs. */
    PEER_BY_OURS("peer/ours");

    private final String text;

    Comparison(String text) {
      this.text = text;
    }

    static Comparison of(String text) {
      for (Comparison one : values()) {
        if (one.text.equals(text)) {
          return one;
        }
      }
      throw new IllegalArgumentException(
          "comparison is '%s', expected ours, ours/peer or peer/ours".formatted(text));
    }

    /** The ratio, or nothing where only our own figure counts or the peer's is 0. */
    Optional<BigDecimal> ratio(BigDecimal ours, Optional<BigDecimal> peer) {
      return peer.flatMap(theirs ->
          switch (this) {
            case OURS -> Optional.empty();
            case OURS_BY_PEER -> quotient(ours, theirs);
            case PEER_BY_OURS -> quotient(theirs, ours);
          });
    }

    private static Optional<BigDecimal> quotient(BigDecimal above, BigDecimal below) {
      return below.signum() == 0
          ? Optional.empty()
          : Optional.of(BigDecimal.valueOf(above.doubleValue() / below.doubleValue()));
    }
  }

  public Measure {
    if (!key.matches("[a-z]+(\\.[a-z0-9-]+)+")) {
      throw new IllegalArgumentException(
          "key is '%s', expected bench.name in small letters".formatted(key));
    }
    if (work.isBlank()) {
      throw new IllegalArgumentException(key + " says nothing of the work");
    }
  }

  /** All lines of a file, in their order, each key once. */
  public static List<Measure> all(Path file) throws IOException {
    List<Measure> all = TabLines.read(file, CELLS, Measure::of);
    for (Measure one : all) {
      if (all.stream().filter(other -> other.key.equals(one.key)).count() > 1) {
        throw new IllegalArgumentException(file + ": key " + one.key + " stands twice");
      }
    }
    return all;
  }

  static Measure of(List<String> cells) {
    return new Measure(
        cells.get(0),
        cells.get(1),
        cells.get(2),
        Comparison.of(cells.get(3)),
        Bar.parse(cells.get(4)),
        cells.get(5).equals("-") ? "" : cells.get(5));
  }

  /** The bench that measures it. */
  public String bench() {
    return key.substring(0, key.indexOf('.'));
  }

  /** The unit of what is held against the bar. */
  String barUnit() {
    return comparison == Comparison.OURS ? unit : "×";
  }
}
