package dev.troth.cli.gate;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth gate config}: checks a configuration and prints its JSON form. */
@Command(
    name = "config",
    description = {
      "Checks gate.yaml and prints the JSON form that troth-gate reads by GATE_CONFIG.",
      "Files that it names are not read; their paths are beside the configuration."
    },
    mixinStandardHelpOptions = true)
final class GateConfigCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      defaultValue = "gate.yaml",
      description = "YAML or JSON (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("gate.yaml");

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(ConfigFile.json(file).stripTrailing());
    out.flush();
    return ExitCode.OK;
  }
}
