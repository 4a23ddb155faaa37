package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code troth slo}: how promises stand, and whether there is budget left to release. */
@Command(
    name = "slo",
    description = {
      "Shows objectives, gates releases, checks, replays, exports and imports objective files."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {
      SloRequestsCommand.class,
      SloHoldCommand.Acknowledge.class,
      SloHoldCommand.Silence.class,
      SloLintCommand.class,
      SloBacktestCommand.class,
      SloExportCommand.class,
      SloImportCommand.class
    })
public final class SloCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a sub-command is missing: status, requests, acknowledge, silence, gate, lint, backtest, export or import");
  }

  @Command(
      description = "Shows how objectives stand.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int status(
      @Parameters(paramLabel = "NAME", arity = "0..*", description = "Only these objectives.")
          @Nullable List<String> names,
      @Option(
              names = "--by",
              paramLabel = "ATTRIBUTE",
              description = "Shows the groups of objectives counted by it, worst first.")
          @Nullable String by,
      @Option(
              names = "--groups",
              paramLabel = "COUNT",
              description = "At most this many groups of each (default: 10).",
              defaultValue = "10")
          int groups,
      @Option(names = "--format", description = "text (default) or json.", defaultValue = "text")
          Format format,
      @Mixin ServerOptions server) {
    List<ObjectiveAnswer> wanted = objectives(server, names);
    if (by == null) {
      print(wanted, format);
    } else {
      List<SloGroups> found = SloGroups.of(server.client(), wanted, by, groups);
      switch (format) {
        case JSON ->
            out()
                .println(
                    JsonMapper.shared()
                        .writeValueAsString(found.stream().map(SloGroups::document).toList()));
        case TEXT -> found.forEach(one -> one.lines().forEach(out()::println));
      }
    }
    return ExitCode.OK;
  }

  @Command(
      description = {
        "Fails with exit code 1 if an objective has no budget left, for use before a release.",
        "An objective whose figure says nothing does not pass either: one that is not measured, has"
            + " no",
        "data, lost its telemetry, misses a counter, has impossible counts or too many unknown"
            + " requests."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int gate(
      @Parameters(paramLabel = "NAME", arity = "0..*", description = "Only these objectives.")
          @Nullable List<String> names,
      @Option(
              names = "--least",
              paramLabel = "PERCENT",
              description = "The least budget that must be left (default: 0, more than nothing).",
              defaultValue = "0")
          double least,
      @Option(names = "--format", description = "text (default) or json.", defaultValue = "text")
          Format format,
      @Mixin ServerOptions server) {
    List<ObjectiveAnswer> failing = new ArrayList<>();
    List<ObjectiveAnswer> asked = objectives(server, names);
    if (asked.isEmpty()) {
      out().println(format == Format.JSON ? "[]" : "there is no objective, so nothing is known");
      return ExitCode.FINDINGS;
    }
    for (ObjectiveAnswer objective : asked) {
      boolean left =
          objective.budget().filter(budget -> 100 * budget.remainingRatio() > least).isPresent();
      if (!objective.isKnown() || !left) {
        failing.add(objective);
      }
    }
    if (failing.isEmpty()) {
      if (format == Format.JSON) {
        print(failing, format);
      } else {
        out().println("there is budget left");
      }
      return ExitCode.OK;
    }
    print(failing, format);
    return ExitCode.FINDINGS;
  }

  private static List<ObjectiveAnswer> objectives(
      ServerOptions server, @Nullable List<String> names) {
    List<ObjectiveAnswer> all = ObjectiveAnswer.listed(server.client().get("/api/objectives"));
    if (names == null || names.isEmpty()) {
      return all;
    }
    List<ObjectiveAnswer> wanted = new ArrayList<>();
    for (String name : names) {
      wanted.add(
          all.stream()
              .filter(objective -> objective.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  CommandException.usage(
                      "there is no objective '%s', expected one of %s"
                          .formatted(
                              name,
                              String.join(
                                  ", ", all.stream().map(ObjectiveAnswer::name).toList())))));
    }
    return wanted;
  }

  private void print(List<ObjectiveAnswer> objectives, Format format) {
    switch (format) {
      case JSON ->
          out()
              .println(
                  JsonMapper.shared()
                      .writeValueAsString(
                          objectives.stream().map(ObjectiveAnswer::document).toList()));
      case TEXT -> SloText.table(objectives).forEach(out()::println);
    }
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
