package dev.troth.bench.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.troth.bench.results.Results.State;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final Measure RATE =
      Measure.of(List.of("box.rate", "requests", "/s", "ours/peer", ">=2", "the lid"));
  private static final Measure COST =
      Measure.of(List.of("box.cost", "CPU", "µs", "peer/ours", ">=10", "-"));
  private static final Measure MEMORY =
      Measure.of(List.of("box.memory", "memory", "MB", "ours", "<=64", "-"));
  private static final List<Measure> ALL = List.of(RATE, COST, MEMORY);

  @Test
  void aBarIsReachedOrMissedByTheRatioOrByOurFigure() {
    Results results =
        new Results(
            ALL,
            List.of(
                measured(RATE, "rate", 1_500, 1_000, "/s"),
                measured(COST, "cost", 10, 100, "µs"),
                Result.of(MEMORY, Figure.of("box.memory", 65, "MB"), run(1))));

    assertThat(results.state(RATE)).isEqualTo(State.MISSED);
    assertThat(results.state(COST)).isEqualTo(State.REACHED);
    assertThat(results.state(MEMORY)).isEqualTo(State.MISSED);
    assertThat(new Results(ALL, List.of()).state(RATE)).isEqualTo(State.NOT_RUN);
  }

  @Test
  void theRatioIsThatOfTheUnroundedFigures() {
    Result result = measured(COST, "cost", 0.114_99, 9.994_9, "µs");

    assertThat(result.figure().ours()).isEqualByComparingTo("0.115");
    assertThat(result.figure().peer().orElseThrow()).isEqualByComparingTo("9.99");
    assertThat(result.ratio().orElseThrow()).isEqualByComparingTo("86.9");
  }

  @Test
  void earlierResultsStandUntilTheyAreMeasuredAgainOnlyIfAsked() {
    Results before =
        new Results(
            ALL,
            List.of(
                measured(RATE, "rate", 1_500, 1_000, "/s"), measured(COST, "cost", 10, 100, "µs")));
    List<Result> newer =
        List.of(Result.of(RATE, Figure.of("box.rate", 2_500, 1_000, "/s", "peer 1"), run(2)));

    Results kept = before.with(newer, true);
    assertThat(kept.state(RATE)).isEqualTo(State.REACHED);
    assertThat(kept.result("box.cost").orElseThrow().run().date())
        .isEqualTo(LocalDate.of(2026, 1, 1));
    assertThat(before.with(newer, false).state(COST)).isEqualTo(State.NOT_RUN);
  }

  @Test
  void whatDoesNotFitItsMeasureIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Result.of(COST, Figure.of("box.cost", 1, 2, "ms", "peer 1"), run(1)))
        .withMessage("box.cost is in 'ms', expected 'µs'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Result.of(COST, Figure.of("box.cost", 1, "µs"), run(1)))
        .withMessageStartingWith("box.cost has no ratio");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Results(List.of(MEMORY), List.of(measured(RATE, "rate", 1, 1, "/s"))))
        .withMessage("key 'box.rate' does not stand in measures.tsv");
    Result wrong =
        new Result(
            Figure.of("box.cost", 10, 100, "µs", "peer 1"),
            Optional.of(new BigDecimal("12")),
            run(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Results(ALL, List.of(wrong)))
        .withMessage("box.cost has the ratio 12, its figures give 10.000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Figure.parse("figures", List.of("box.cost\t1\t2\tµs")))
        .withMessage("figures line 1: has 4 cells, expected 6");
  }

  @Test
  void whatIsWrittenIsReadAgain(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("measures.tsv"),
        """
        box.rate\trequests\t/s\tours/peer\t>=2\tthe lid
        box.memory\tmemory\tMB\tours\t<=64\t-
        """);
    List<Result> all =
        List.of(
            measured(RATE, "rate", 1_234_567, 1_000_000, "/s"),
            Result.of(MEMORY, Figure.of("box.memory", 63.99, "MB"), run(1)));
    new Results(List.of(RATE, MEMORY), all).write(folder);

    Results again = Results.read(folder);
    assertThat(again.result("box.rate")).contains(all.getFirst());
    assertThat(Files.readString(folder.resolve("RESULTS.md")))
        .isEqualTo(ResultsPage.of(again))
        .contains(
            "| `box.rate` | requests | 1,234,567/s | 1,000,000/s (peer 1) | ours/peer | 1.23× |")
        .contains("- `box.rate`: the lid");
  }

  private static Result measured(
      Measure measure, String name, double ours, double peer, String unit) {
    return Result.of(measure, Figure.of("box." + name, ours, peer, unit, "peer 1"), run(1));
  }

  private static Result.Run run(int day) {
    return new Result.Run(LocalDate.of(2026, 1, day), "idle", "a machine", "run it");
  }
}
