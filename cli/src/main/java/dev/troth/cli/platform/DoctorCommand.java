package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Printable;
import dev.troth.observe.doctor.Check;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code troth doctor}: whether the platform can run on this machine, before it does. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says whether the platform can run on this machine with its configuration: Java, limits,"
          + " memory, disk, database, ports.",
      "Takes the options of 'troth up'. Exit code 0 if it can, 1 if something is missing."
    })
public final class DoctorCommand implements Callable<Integer> {
  private @Nullable CommandSpec spec;
  private @Nullable ConfigOptions options;

  @Spec
  void setSpec(CommandSpec spec) {
    this.spec = spec;
    this.options = new ConfigOptions(spec);
  }

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<Check> checks = MachineChecks.examine(requireNonNull(options).config());
    for (Check check : checks) {
      String state =
          switch (check.state()) {
            case OK -> "ok";
            case ABSENT -> "-";
            case MISSING -> "MISSING";
          };
      out.println(
          Printable.line(
              "%-16s %-8s %s".formatted(check.subject(), state, check.detail()).stripTrailing()));
    }
    boolean runs = checks.stream().noneMatch(check -> check.state() == Check.State.MISSING);
    out.println(
        runs ? "The platform can run here." : "The platform cannot run here: see what is MISSING.");
    out.flush();
    return runs ? ExitCode.OK : ExitCode.FINDINGS;
  }
}
