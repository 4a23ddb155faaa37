package dev.troth.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README and guides quote the page of results, and nothing else. */
class QuotedFiguresTest {
  private static final Path BENCH = Path.of("");
  private static final Path ROOT = Path.of("..");

  @Test
  void thePageIsWhatItsDataGive() throws IOException {
    List<String> page = Files.readAllLines(BENCH.resolve("RESULTS.md"));
    List<String> fresh = ResultsPage.of(Results.read(BENCH)).lines().toList();
    assertThat(fresh.stream().filter(line -> !page.contains(line)))
        .as("lines that are missing: run bench/all --render")
        .isEmpty();
    assertThat(page).as("lines").hasSameSizeAs(fresh);
  }

  @Test
  void eachQuotedFigureIsThatOfThePage() throws IOException {
    Results results = Results.read(BENCH);
    List<String> wrong = new ArrayList<>();
    long quotes = 0;
    for (Path file : documents()) {
      String text = Files.readString(file);
      quotes += text.split("<!--bench:", -1).length - 1;
      wrong.addAll(Quotes.wrong(ROOT.relativize(file).toString(), text, results));
    }
    assertThat(wrong).isEmpty();
    assertThat(quotes).as("quoted figures").isPositive();
  }

  @Test
  void noFigureStandsInTheReadmeWithoutAMark() throws IOException {
    assertThat(Quotes.unmarked(Files.readString(ROOT.resolve("README.md")))).isEmpty();
  }

  @Test
  void aQuoteIsHeldAgainstItsResult() {
    Measure measure = Measure.of(List.of("box.cost", "CPU", "µs", "peer/ours", ">=10", "-"));
    Result result =
        Result.of(
            measure,
            Figure.of("box.cost", 4.2, 1_293, "µs", "peer 1"),
            new Result.Run(LocalDate.of(2026, 1, 1), "idle", "a machine", "run it"));
    Measure other = Measure.of(List.of("box.rate", "rate", "/s", "ours", "-", "-"));
    Results results = new Results(List.of(measure, other), List.of(result));

    assertThat(
            Quotes.wrong(
                "a",
                "<!--bench:box.cost ours-->4.2 µs<!--/bench-->, a peer"
                    + " <!--bench:box.cost ratio-->308×<!--/bench-->,"
                    + " <!--bench:box.cost peer-->1,293 µs (peer 1)<!--/bench-->",
                results))
        .isEmpty();
    assertThat(Quotes.wrong("a", "<!--bench:box.cost ours-->4 µs<!--/bench-->", results))
        .containsExactly("a says '4 µs' of box.cost ours, expected '4.2 µs'");
    assertThat(Quotes.wrong("a", "<!--bench:box.rate ours-->4/s<!--/bench-->", results))
        .containsExactly("a says '4/s' of box.rate ours, expected nothing: no result");
    assertThat(Quotes.wrong("a", "<!--bench:box.none ours-->4<!--/bench-->", results))
        .containsExactly("a quotes box.none ours: key 'box.none' does not stand in measures.tsv");
    assertThat(Quotes.wrong("a", "<!--bench:box.cost ours-->4.2 µs", results))
        .containsExactly("a has a mark that is not <!--bench:KEY FIELD-->TEXT<!--/bench-->");
  }

  @Test
  void aNumberWithAUnitOfPerformanceIsAFigure() {
    assertThat(
            Quotes.unmarked(
                """
                Told in 4.2 µs, 30.5× cheaper, 1,652/s, ready after 600 ms with 128 MB, 6 times as fast,
                `--for 2m` and `500 ms` are code, <!--bench:box.cost ours-->7 µs<!--/bench--> is marked,
                ```
                sleep 10 ms
                ```
                JDK 25, Maven 3.8.7, port 4000, HS256, 12 jobs, Apache-2.0, 404s and 5 pages are none.
                """))
        .containsExactly("4.2 µs", "30.5×", "1,652/s", "600 ms", "128 MB", "6 times");
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "SECURITY.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
                  .map(ROOT::resolve),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }
}
