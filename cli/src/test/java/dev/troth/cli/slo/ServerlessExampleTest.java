package dev.troth.cli.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troth.cli.Ran;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example does what its page says. */
final class ServerlessExampleTest {
  private static final Path ROOT =
      Path.of(System.getProperty("troth.root", "..")).toAbsolutePath().normalize();
  private static final Path EXAMPLE = ROOT.resolve("examples/serverless");
  private static final String INDENT = "    ";

  @TempDir Path folder;

  /** A command of the page, and what stands below it. */
  private record Step(String command, List<String> printed) {}

  private static List<Step> steps() throws IOException {
    List<Step> steps = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    boolean fenced = false;
    for (String line : Files.readAllLines(EXAMPLE.resolve("README.md"))) {
      fenced = line.equals("```console") || (fenced && !line.equals("```"));
      lines.add(fenced ? INDENT + line : line);
    }
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(INDENT + "$ ")) {
        StringBuilder command = new StringBuilder(lines.get(i).substring(6));
        while (command.charAt(command.length() - 1) == '\\') {
          command.setLength(command.length() - 1);
          command.append(lines.get(++i).strip());
        }
        List<String> printed = new ArrayList<>();
        while (i + 1 < lines.size()
            && lines.get(i + 1).startsWith(INDENT)
            && !lines.get(i + 1).startsWith(INDENT + "$ ")) {
          printed.add(lines.get(++i).substring(INDENT.length()));
        }
        steps.add(new Step(command.toString(), printed));
      }
    }
    return steps;
  }

  /** What the command prints, with {@code | head -N} and {@code | tail -N}. */
  private List<String> run(String command) {
    String[] piped = command.split(" \\| ");
    assertThat(piped[0]).startsWith("./troth slo ");
    List<Object> words = new ArrayList<>();
    for (String word : piped[0].substring("./troth slo ".length()).strip().split("\\s+")) {
      boolean written = !words.isEmpty() && words.getLast().equals("--file");
      words.add(
          written
              ? folder.resolve(Path.of(word).getFileName())
              : word.startsWith("examples/") ? ROOT.resolve(word) : word);
    }
    Ran ran = Ran.slo(words.toArray());
    assertThat(ran.exitCode()).as(ran.err()).isLessThan(2);
    List<String> lines = ran.out().replace(ROOT + "/", "").lines().toList();
    if (piped.length == 1) {
      return lines;
    }
    int count = Math.min(lines.size(), Integer.parseInt(piped[1].replaceAll("\\D", "")));
    return piped[1].startsWith("head")
        ? lines.subList(0, count)
        : lines.subList(lines.size() - count, lines.size());
  }

  /** Columns are as wide as the longest name, which is longer here than on the page. */
  private static List<String> narrow(List<String> lines) {
    return lines.stream().map(line -> line.strip().replaceAll(" {2,}", "  ")).toList();
  }

  @Test
  void everyCommandOfThePagePrintsWhatThePageSays() throws IOException {
    List<Step> steps = steps();
    assertThat(steps).hasSize(6);
    for (Step step : steps) {
      assertThat(narrow(run(step.command()))).as(step.command()).isEqualTo(narrow(step.printed()));
    }
  }

  @Test
  void theCorrectedTemplateIsTheExport() throws IOException {
    Path written = folder.resolve("corrected.yaml");
    Ran ran = Ran.slo("export", "cloudformation", EXAMPLE.resolve("slo.yaml"), "--file", written);
    assertThat(ran.exitCode()).isZero();
    assertThat(written).hasSameTextualContentAs(EXAMPLE.resolve("corrected.yaml"));
  }

  /** The sum of the services' failures says −20 % of an outage of 60 %. */
  @Test
  void theUsualSumFallsBelowZeroInTheOutage() throws IOException {
    double requests = 0;
    double failures = 0;
    for (String line : unpacked(EXAMPLE.resolve("metrics.csv.gz"))) {
      String[] fields = line.split(",", -1);
      boolean outage =
          fields[0].compareTo("2026-09-04T14:00") >= 0
              && fields[0].compareTo("2026-09-04T14:40") < 0;
      if (outage) {
        requests += Double.parseDouble(fields[1]);
        failures += Double.parseDouble(fields[4]) + Double.parseDouble(fields[5]);
      }
    }
    assertThat(1 - failures / requests).isCloseTo(-0.2, within(0.005));
  }

  @Test
  void theMonthIsMadeAgainFromItsSeed() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(), EXAMPLE.resolve("Month.java").toString(), folder.toString(), "12")
            .inheritIO()
            .start();
    try {
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
    for (String name : List.of("metrics.csv.gz", "truth.csv.gz")) {
      assertThat(unpacked(folder.resolve(name))).isEqualTo(unpacked(EXAMPLE.resolve(name)));
    }
    assertThat(folder.resolve("incidents.csv"))
        .hasSameTextualContentAs(EXAMPLE.resolve("incidents.csv"));
  }

  private static List<String> unpacked(Path file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }
}
