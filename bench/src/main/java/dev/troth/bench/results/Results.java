package dev.troth.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All measures with the newest result of each, where there is one. */
public final class Results {
  private static final String HEAD =
      """
      # What bench/all measured, a line a measure: written by it, read by the page, the README and the docs.
      # key, ours, peer, unit, ratio, peer's name and version, spread, date, load before, machine, command; - for none.
      """;

  private final List<Measure> measures;
  private final Map<String, Result> results = new LinkedHashMap<>();

  /** Refuses results of unknown measures, two of one measure, and what does not fit. */
  public Results(List<Measure> measures, List<Result> results) {
    this.measures = List.copyOf(measures);
    for (Result one : results) {
      one.check(measure(one.figure().key()));
      if (this.results.put(one.figure().key(), one) != null) {
        throw new IllegalArgumentException("key " + one.figure().key() + " has two results");
      }
    }
  }

  /** Reads {@code measures.tsv} and {@code results.tsv} of a folder. */
  public static Results read(Path bench) throws IOException {
    return new Results(
        Measure.all(bench.resolve("measures.tsv")),
        TabLines.read(bench.resolve("results.tsv"), Result.CELLS, Result::of));
  }

  public List<Measure> measures() {
    return measures;
  }

  Optional<Result> result(String key) {
    return Optional.ofNullable(results.get(key));
  }

  /** The measure of a key. */
  public Measure measure(String key) {
    return measures.stream()
        .filter(measure -> measure.key().equals(key))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("key '%s' does not stand in measures.tsv".formatted(key)));
  }

  /** These results with newer ones in their places; without {@code keep} the newer ones alone. */
  public Results with(List<Result> newer, boolean keep) {
    Map<String, Result> merged = new LinkedHashMap<>(keep ? results : Map.of());
    newer.forEach(one -> merged.put(one.figure().key(), one));
    return new Results(measures, new ArrayList<>(merged.values()));
  }

  /** How a measure stands. */
  public State state(Measure measure) {
    return result(measure.key())
        .map(result ->
            measure
                .bar()
                .map(bar -> bar.holds(result.judged()) ? State.REACHED : State.MISSED)
                .orElse(State.NO_BAR))
        .orElse(State.NOT_RUN);
  }

  /** Whether a bar is reached. */
  public enum State {
    REACHED("reached"),
    MISSED("**missed**"),
    NO_BAR("no bar"),
    NOT_RUN("not measured by bench/all yet");

    private final String shown;

    State(String shown) {
      this.shown = shown;
    }

    String shown() {
      return shown;
    }
  }

  /** Writes {@code results.tsv} and the page {@code RESULTS.md} into a folder. */
  public void write(Path bench) throws IOException {
    StringBuilder lines = new StringBuilder(HEAD);
    for (Measure measure : measures) {
      result(measure.key()).ifPresent(result -> lines.append(result.line()).append('\n'));
    }
    Files.writeString(bench.resolve("results.tsv"), lines);
    Files.writeString(bench.resolve("RESULTS.md"), ResultsPage.of(this));
  }
}
