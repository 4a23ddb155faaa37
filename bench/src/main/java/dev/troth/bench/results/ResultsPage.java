package dev.troth.bench.results;

import dev.troth.bench.results.Results.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page of results: each measure with its figures, its ratio and whether its bar is reached. */
public final class ResultsPage {
  private static final String HEAD =
      """
      # Results

      Generated from [results.tsv](results.tsv) and [measures.tsv](measures.tsv) by `bench/all`; edits are lost. How to run it:
      [README](README.md). A ratio compares two figures of one run on one machine; `peer/ours` says how many times the peer costs.
      The README and the guides quote this page alone.

      """;

  private ResultsPage() {}

  /** The page as Markdown. */
  public static String of(Results results) {
    StringBuilder page = new StringBuilder(HEAD);
    counts(results, page);
    page.append('\n').append(table(results, results.measures()));
    List<Measure> missed =
        results.measures().stream()
            .filter(measure -> results.state(measure) == State.MISSED)
            .toList();
    if (!missed.isEmpty()) {
      page.append("\n## Where a bar is missed\n");
      for (Measure measure : missed) {
        page.append("- `%s`: ".formatted(measure.key()))
            .append(measure.missed().isEmpty() ? "no profile yet." : measure.missed())
            .append('\n');
      }
    }
    runs(results, page);
    return page.toString();
  }

  /** The table alone, of what has a result. */
  public static String table(Results results) {
    return table(
        results,
        results.measures().stream()
            .filter(measure -> results.state(measure) != State.NOT_RUN)
            .toList());
  }

  private static String table(Results results, List<Measure> measures) {
    StringBuilder table =
        new StringBuilder(
            """
            | key | work | Troth | peer | compared | ratio | spread | bar | state | measured |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            """);
    measures.forEach(measure -> table.append(row(results, measure)));
    return table.toString();
  }

  private static void counts(Results results, StringBuilder page) {
    List<String> parts = new ArrayList<>();
    for (State state : State.values()) {
      long count = results.measures().stream().filter(one -> results.state(one) == state).count();
      parts.add(state.shown().replace("*", "") + " " + count);
    }
    page.append("Of ")
        .append(results.measures().size())
        .append(" measures: ")
        .append(String.join(", ", parts))
        .append(".\n");
  }

  private static String row(Results results, Measure measure) {
    Optional<Result> result = results.result(measure.key());
    List<String> cells = new ArrayList<>();
    cells.add("`" + measure.key() + "`");
    cells.add(measure.work());
    for (Quotes.Field field : List.of(Quotes.Field.OURS, Quotes.Field.PEER)) {
      cells.add(result.flatMap(one -> field.of(measure, one)).orElse(""));
    }
    cells.add(
        switch (measure.comparison()) {
          case OURS -> "ours";
          case OURS_BY_PEER -> "ours/peer";
          case PEER_BY_OURS -> "peer/ours";
        });
    cells.add(result.flatMap(one -> Quotes.Field.RATIO.of(measure, one)).orElse(""));
    cells.add(result.map(one -> one.figure().spread()).orElse(""));
    cells.add(measure.bar().map(bar -> bar.shown(measure.barUnit())).orElse(""));
    cells.add(results.state(measure).shown());
    cells.add(result.map(one -> one.run().date().toString()).orElse(""));
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static void runs(Results results, StringBuilder page) {
    Map<Result.Run, List<String>> runs = new LinkedHashMap<>();
    for (Measure measure : results.measures()) {
      results
          .result(measure.key())
          .ifPresent(
              one -> runs.computeIfAbsent(one.run(), any -> new ArrayList<>()).add(measure.key()));
    }
    if (runs.isEmpty()) {
      return;
    }
    page.append(
        """

        ## Runs
        | date | command | machine | load before | measures |
        | --- | --- | --- | --- | --- |
        """);
    runs.forEach((run, keys) ->
        page.append(
            "| %s | `%s` | %s | %s | %s |\n"
                .formatted(
                    run.date(),
                    run.command(),
                    run.machine(),
                    run.load(),
                    String.join(", ", keys))));
  }
}
