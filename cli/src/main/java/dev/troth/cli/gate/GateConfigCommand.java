package dev.troth.cli.gate;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth gate config}: checks a configuration and prints its JSON form. */
@Command(
    name = "config",
    description = {
      "Checks gate.yaml and prints the JSON form that troth-gate reads by GATE_CONFIG.",
      "It reads the files that are named, whose paths are beside the configuration, and refuses",
      "keys and rules that can never fit. Keys behind an address are not fetched."
    },
    mixinStandardHelpOptions = true)
final class GateConfigCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      defaultValue = "gate.yaml",
      description = "YAML or JSON (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("gate.yaml");

  @Option(
      names = "--without-files",
      description = "Reads no files of keys, for a machine that does not have them.")
  private boolean withoutFiles;

  @Override
  public Integer call() {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    if (!withoutFiles) {
      ConfigFile.check(file, note -> err.println("gate: " + note));
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(ConfigFile.json(file).stripTrailing());
    out.flush();
    return ExitCode.OK;
  }
}
