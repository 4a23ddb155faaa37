package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.OutputFile;
import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.YamlWriter;
import dev.troth.slo.export.AlertmanagerExport;
import dev.troth.slo.export.CloudFormationExport;
import dev.troth.slo.export.GrafanaExport;
import dev.troth.slo.export.PrometheusExport;
import dev.troth.slo.export.RefusedException;
import dev.troth.slo.export.Selection;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.AlertPolicy.Preset;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth slo export}: objectives as other systems keep them. */
@Command(
    name = "export",
    description = "Writes objectives for other systems.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SloExportCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a sub-command is missing: cloudformation, prometheus, alertmanager or grafana");
  }

  @Command(
      description = {
        "Writes the objectives of a chain as a CloudFormation template for CloudWatch:",
        "page and ticket alarms on burn rates, joined by composite alarms, and a dashboard.",
        "Fails with exit code 1 if CloudWatch cannot keep the objective; it says why."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int cloudformation(
      @Mixin Chosen chosen,
      @Option(
              names = "--additive",
              description =
                  "Show the usual additive recipe beside the composite, labelled, on the"
                      + " dashboard.")
          boolean additive) {
    return export(
        chosen,
        (loaded, name) -> {
          CloudFormationExport.Exported exported = CloudFormationExport.of(loaded, name, additive);
          return new PrometheusExport.Exported(exported.template(), exported.notes());
        },
        false);
  }

  @Command(
      description = {
        "Writes objectives as rules of Prometheus: events over each window, burn rates over two",
        "windows as page and ticket, and an alert when telemetry is lost. The events are counters",
        "of the platform's /metrics, or the queries of an OpenSLO file with a Prometheus source.",
        "Fails with exit code 1 if rules cannot keep an objective; it says why."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int prometheus(
      @Mixin Chosen chosen,
      @Option(
              names = "--tests",
              paramLabel = "OUT",
              description =
                  "Where to write tests of the rules for 'promtool test rules'; needs --file.")
          @Nullable Path tests) {
    Path out = chosen.out;
    if (tests != null && out == null) {
      throw CommandException.usage("--tests needs --file: tests name the file of their rules");
    }
    int code = export(chosen, PrometheusExport::of, false);
    if (code != ExitCode.OK || tests == null) {
      return code;
    }
    Path folder = tests.toAbsolutePath().getParent();
    String rules =
        requireNonNull(folder).relativize(requireNonNull(out).toAbsolutePath()).toString();
    Chosen second = chosen.to(tests);
    return export(second, (loaded, name) -> PrometheusExport.tests(loaded, name, rules), false);
  }

  @Command(
      description = {
        "Writes a configuration of Alertmanager for the exported rules: routes for page and ticket,",
        "grouped by objective, and that a page keeps back the ticket."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int alertmanager(@Mixin Chosen chosen) {
    return export(chosen, AlertmanagerExport::of, false);
  }

  @Command(
      description = {
        "Writes a dashboard of Grafana: availability, budget remaining, the latency of the whole",
        "request, and failures step by step."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int grafana(@Mixin Chosen chosen) {
    return export(chosen, GrafanaExport::of, true);
  }

  /** What each export is asked for. */
  static final class Chosen {
    @Parameters(index = "0", paramLabel = "FILE", description = "An objective file.")
    private @Nullable Path file;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "NAME",
        description = "An objective of the file (default: all; of several chains one is needed).")
    private @Nullable String name;

    @Option(
        names = "--preset",
        paramLabel = "PRESET",
        description = {
          "The alerts of a preset in the place of the file's: workbook, or original, which pages",
          "when a month's budget would go in under two days."
        })
    private @Nullable Preset preset;

    @Option(
        names = {"--file", "-o", "--out"},
        paramLabel = "OUT",
        description =
            "Where to write: JSON if the name ends in .json, else YAML (default: standard output).")
    private @Nullable Path out;

    Loaded loaded() {
      Path path = requireNonNull(file);
      Loaded loaded = SloFiles.objectives(path);
      try {
        return preset == null ? loaded : Selection.withPreset(loaded, preset);
      } catch (IllegalArgumentException wrong) {
        throw CommandException.usage(
            "--preset %s: %s".formatted(requireNonNull(preset), wrong.getMessage()));
      }
    }

    Chosen to(Path other) {
      Chosen copy = new Chosen();
      copy.file = file;
      copy.name = name;
      copy.preset = preset;
      copy.out = other;
      return copy;
    }
  }

  /** How a system keeps objectives. */
  @FunctionalInterface
  private interface Exporter {
    PrometheusExport.Exported of(Loaded loaded, Optional<String> name) throws RefusedException;
  }

  private int export(Chosen chosen, Exporter exporter, boolean json) {
    Loaded loaded = chosen.loaded();
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    try {
      PrometheusExport.Exported exported = exporter.of(loaded, Optional.ofNullable(chosen.name));
      notes(loaded, exported.notes(), err);
      write(exported.document(), chosen.out, json);
      return ExitCode.OK;
    } catch (RefusedException refused) {
      refused.reasons().forEach(reason -> err.println("not exported: " + reason));
      return ExitCode.FINDINGS;
    } finally {
      err.flush();
    }
  }

  private static void notes(Loaded loaded, List<String> notes, PrintWriter err) {
    loaded.warnings().forEach(warning -> err.println("note: " + warning.message()));
    notes.forEach(note -> err.println("note: " + note));
  }

  private void write(Json template, @Nullable Path out, boolean asJson) {
    if (out == null) {
      PrintWriter console = requireNonNull(spec).commandLine().getOut();
      console.print(asJson ? JsonWriter.pretty(template) + "\n" : YamlWriter.write(template));
      console.flush();
      return;
    }
    boolean json = asJson || out.toString().endsWith(".json");
    String text = json ? JsonWriter.pretty(template) + "\n" : YamlWriter.write(template);
    try {
      Files.writeString(out, text);
    } catch (IOException unwritable) {
      throw OutputFile.unwritable(out, unwritable);
    }
  }
}
