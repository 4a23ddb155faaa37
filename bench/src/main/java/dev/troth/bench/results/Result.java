package dev.troth.bench.results;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * A figure with the circumstances of its run: a line of {@code results.tsv}.
 *
 * @param ratio what is held against the bar, from the unrounded figures
 * @param run when, how and on what it was measured
 */
public record Result(Figure figure, Optional<BigDecimal> ratio, Run run) {
  static final int CELLS = 11;

  /** How far a stored ratio may be from that of the stored, rounded figures. */
  private static final double ROUNDING = 0.05;

  /**
   * The circumstances of a run.
   *
   * @param load the load of the machine before it
   * @param machine processor, cores, kernel, JDK, cost of an fsync
   */
  public record Run(LocalDate date, String load, String machine, String command) {}

  /** What a figure that was just measured becomes: rounded, with the ratio from before. */
  public static Result of(Measure measure, Figure figure, Run run) {
    if (!measure.unit().equals(figure.unit())) {
      throw new IllegalArgumentException(
          "%s is in '%s', expected '%s'".formatted(figure.key(), figure.unit(), measure.unit()));
    }
    Optional<BigDecimal> ratio = measure.comparison().ratio(figure.ours(), figure.peer());
    if (ratio.isEmpty() && measure.comparison() != Measure.Comparison.OURS) {
      throw new IllegalArgumentException(
          "%s has no ratio: ours %s, peer %s, expected both above 0"
              .formatted(figure.key(), figure.ours(), figure.peer()));
    }
    return new Result(
        new Figure(
            figure.key(),
            Numbers.rounded(figure.ours()),
            figure.peer().map(Numbers::rounded),
            figure.unit(),
            figure.peerName(),
            figure.spread()),
        ratio.map(Numbers::rounded),
        run);
  }

  static Result of(List<String> cells) {
    LocalDate date;
    try {
      date = LocalDate.parse(cells.get(7));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "date is '%s', expected YYYY-MM-DD".formatted(cells.get(7)), e);
    }
    return new Result(
        new Figure(
            cells.get(0),
            Numbers.parse(cells.get(1)),
            Numbers.optional(cells.get(2)),
            cells.get(3),
            cells.get(5).equals("-") ? "" : cells.get(5),
            cells.get(6).equals("-") ? "" : cells.get(6)),
        Numbers.optional(cells.get(4)),
        new Run(date, cells.get(8), cells.get(9), cells.get(10)));
  }

  String line() {
    return String.join(
        "\t",
        figure.key(),
        figure.ours().toPlainString(),
        figure.peer().map(BigDecimal::toPlainString).orElse("-"),
        figure.unit(),
        ratio.map(BigDecimal::toPlainString).orElse("-"),
        figure.peerName().isEmpty() ? "-" : figure.peerName(),
        figure.spread().isEmpty() ? "-" : figure.spread(),
        run.date().toString(),
        run.load(),
        run.machine(),
        run.command());
  }

  /** Refuses what does not fit its measure, as a line written by hand might. */
  void check(Measure measure) {
    if (!measure.unit().equals(figure.unit())) {
      throw new IllegalArgumentException(
          "%s is in '%s', expected '%s'".formatted(figure.key(), figure.unit(), measure.unit()));
    }
    if (ratio.isPresent() == (measure.comparison() == Measure.Comparison.OURS)) {
      throw new IllegalArgumentException(
          figure.key() + (ratio.isPresent() ? " has a ratio, expected none" : " has no ratio"));
    }
    Optional<BigDecimal> again = measure.comparison().ratio(figure.ours(), figure.peer());
    if (again.isPresent()
        && Math.abs(again.get().doubleValue() / ratio.orElseThrow().doubleValue() - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          "%s has the ratio %s, its figures give %.3f"
              .formatted(figure.key(), ratio.orElseThrow(), again.get()));
    }
  }

  /** The value that is held against the bar. */
  BigDecimal judged() {
    return ratio.orElse(figure.ours());
  }
}
