package dev.troth.bench.results;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What a bench wrote of one measure, beside what it printed.
 *
 * @param ours our figure, in the measure's unit
 * @param peer the peer's, where there is one
 * @param peerName the peer with its version, or empty
 * @param spread from least to most over the rounds, or empty for one round
 */
public record Figure(
    String key,
    BigDecimal ours,
    Optional<BigDecimal> peer,
    String unit,
    String peerName,
    String spread) {
  private static final int CELLS = 6;

  public Figure {
    if (peer.isPresent() && peerName.isEmpty()) {
      throw new IllegalArgumentException(key + " has a peer without a name");
    }
  }

  /** Our figure beside a peer's, of one round. */
  public static Figure of(String key, double ours, double peer, String unit, String peerName) {
    return new Figure(
        key, BigDecimal.valueOf(ours), Optional.of(BigDecimal.valueOf(peer)), unit, peerName, "");
  }

  /** Our figure alone. */
  public static Figure of(String key, double ours, String unit) {
    return new Figure(key, BigDecimal.valueOf(ours), Optional.empty(), unit, "", "");
  }

  /** Appends itself to the file that {@code BENCH_FIGURES} names, if somebody asks for figures. */
  public void report() throws IOException {
    String file = System.getenv("BENCH_FIGURES");
    if (file != null) {
      Files.writeString(
          Path.of(file), line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  String line() {
    return String.join(
        "\t",
        key,
        ours.toPlainString(),
        peer.map(BigDecimal::toPlainString).orElse("-"),
        unit,
        peerName.isEmpty() ? "-" : peerName,
        spread.isEmpty() ? "-" : spread);
  }

  /** Reads the lines that a bench wrote: key, ours, peer, unit, peer's name and version, spread. */
  public static List<Figure> parse(String name, List<String> lines) {
    return TabLines.parse(name, lines, CELLS, Figure::of);
  }

  private static Figure of(List<String> cells) {
    return new Figure(
        cells.get(0),
        Numbers.parse(cells.get(1)),
        Numbers.optional(cells.get(2)),
        cells.get(3),
        cells.get(4).equals("-") ? "" : cells.get(4),
        cells.get(5).equals("-") ? "" : cells.get(5));
  }
}
