package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.YamlWriter;
import dev.troth.slo.export.CloudFormationExport;
import dev.troth.slo.export.CloudFormationExport.Exported;
import dev.troth.slo.export.RefusedException;
import dev.troth.slo.file.Loaded;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
        requireNonNull(spec).commandLine(), "a sub-command is missing: cloudformation");
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
      @Parameters(index = "0", paramLabel = "FILE", description = "An objective file.") Path file,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "NAME",
              description = "An objective of the chain (default: the file's only chain).")
          @Nullable String name,
      @Option(
              names = "--additive",
              description =
                  "Show the usual additive recipe beside the composite, labelled, on the"
                      + " dashboard.")
          boolean additive,
      @Option(
              names = {"--file", "-o", "--out"},
              paramLabel = "OUT",
              description =
                  "Where to write: JSON if the name ends in .json, else YAML (default: YAML on"
                      + " standard output).")
          @Nullable Path out) {
    Loaded loaded = SloFiles.objectives(file);
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    try {
      Exported exported = CloudFormationExport.of(loaded, Optional.ofNullable(name), additive);
      loaded.warnings().forEach(warning -> err.println("note: " + warning.message()));
      exported.notes().forEach(note -> err.println("note: " + note));
      write(exported.template(), out);
      return ExitCode.OK;
    } catch (RefusedException refused) {
      refused.reasons().forEach(reason -> err.println("not exported: " + reason));
      return ExitCode.FINDINGS;
    } finally {
      err.flush();
    }
  }

  private void write(Json template, @Nullable Path out) {
    if (out == null) {
      PrintWriter console = requireNonNull(spec).commandLine().getOut();
      console.print(YamlWriter.write(template));
      console.flush();
      return;
    }
    boolean json = out.toString().endsWith(".json");
    String text = json ? JsonWriter.pretty(template) + "\n" : YamlWriter.write(template);
    try {
      Files.writeString(out, text);
    } catch (IOException unwritable) {
      throw CommandException.failed("%s cannot be written: %s".formatted(out, unwritable));
    }
  }
}
