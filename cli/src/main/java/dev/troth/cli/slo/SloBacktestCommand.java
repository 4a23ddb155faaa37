package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.InputFile;
import dev.troth.slo.backtest.Backtest;
import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth slo backtest}: what alerts would have done over a history of counts. */
@Command(
    name = "backtest",
    description = {
      "Replays a history of counts and prints what would have alerted.",
      "COUNTS has lines of TIME,TOTAL,BAD, one a minute: 2026-10-01T00:00:00Z,120,1"
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SloBacktestCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "OBJECTIVES", description = "An objective file.")
  private @Nullable Path file;

  @Parameters(index = "1", paramLabel = "COUNTS", description = "Minutes of counts.")
  private @Nullable Path counts;

  @Option(
      names = "--objective",
      paramLabel = "NAME",
      description = "Which objective of the file (default: the first).")
  private @Nullable String name;

  @Option(
      names = "--incidents",
      paramLabel = "FILE",
      description = "Lines of FROM,TO: what was really wrong; gives precision and recall.")
  private @Nullable Path incidents;

  @Override
  public Integer call() {
    Objective objective = SloFiles.objective(requireNonNull(file), name);
    if (objective.measure() instanceof Measure.Unmeasured unmeasured) {
      throw CommandException.usage(
          "objective %s is unmeasured: %s".formatted(objective.name(), unmeasured.reason()));
    }
    if (objective.kind() == CountingMethod.INTERVAL) {
      throw CommandException.usage(
          "objective %s is an interval, which one count of bad events cannot replay"
              .formatted(objective.name()));
    }
    List<Minute> minutes = lines(requireNonNull(counts), 3, SloBacktestCommand::minute);
    Backtest.Report report;
    try {
      report = Backtest.run(objective, minutes);
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage(counts + ": " + wrong.getMessage());
    }
    print(report);
    if (incidents != null) {
      print(report.scored(lines(incidents, 2, SloBacktestCommand::incident)));
    }
    return ExitCode.OK;
  }

  private static Minute minute(String[] fields) {
    return new Minute(
        Instant.parse(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
  }

  private static Incident incident(String[] fields) {
    return new Incident(Instant.parse(fields[0]), Instant.parse(fields[1]));
  }

  /** The lines of a file, of which each has so many fields; empty lines and # are left out. */
  private static <T> List<T> lines(Path path, int fields, Function<String[], T> reader) {
    List<String> lines = InputFile.text(path).lines().toList();
    List<T> values = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        String[] parts = line.split("\\s*,\\s*", -1);
        try {
          if (parts.length != fields) {
            throw new IllegalArgumentException(parts.length + " fields");
          }
          values.add(reader.apply(parts));
        } catch (IllegalArgumentException | DateTimeParseException wrong) {
          throw CommandException.usage(
              "%s:%d: '%s', expected %s".formatted(path, i + 1, line, expected(fields, wrong)));
        }
      }
    }
    return values;
  }

  /** The form, or what is wrong with a value that has it. */
  private static String expected(int fields, RuntimeException wrong) {
    boolean form =
        wrong instanceof NumberFormatException
            || wrong instanceof DateTimeParseException
            || String.valueOf(wrong.getMessage()).endsWith(" fields");
    String expected = fields == 3 ? "TIME,TOTAL,BAD" : "FROM,TO";
    return form ? expected : expected + ": " + wrong.getMessage();
  }

  private void print(Backtest.Report report) {
    PrintWriter out = out();
    for (Backtest.Alert alert : report.alerts()) {
      out.printf(
          "%-6s  %s  %s  %s%n",
          alert.severity().word(),
          alert.firedAt(),
          alert.resolvedAt().map(end -> lasted(alert.firedAt(), end)).orElse("still open"),
          alert.condition());
    }
    var standing = report.standing();
    out.printf(
        "%d alerts; availability at the end %s; least budget that was left %.0f %%%n",
        report.alerts().size(),
        Double.isNaN(standing.availability())
            ? "not known"
            : SloText.percent(standing.availability()),
        100 * report.lowestBudget());
  }

  private void print(Backtest.Score score) {
    out()
        .printf(
            "pages: %d, of which %d right; incidents: %d, of which %d paged%n",
            score.pages(), score.right(), score.incidents(), score.delays().size());
    score.delays().stream()
        .max(Duration::compareTo)
        .ifPresent(worst ->
            out().printf("longest time from start to page: %s%n", Durations.format(worst)));
  }

  private static String lasted(Instant from, Instant to) {
    return "for " + Durations.approximate(Duration.between(from, to).toSeconds() / 60.0);
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
