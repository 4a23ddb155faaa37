package dev.troth.cli.observe;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Printable;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.doctor.Check;
import dev.troth.observe.doctor.Doctor;
import dev.troth.observe.doctor.TargetSights;
import dev.troth.observe.kernel.Capabilities;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says whether processes can be watched on this machine, and what it offers and refuses. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Says what this kernel offers to the agent and what it refuses, and why.",
      "With --port, --pid, --exe, --cgroup or --config it also says of each process that would be"
          + " watched what is seen of it, what is not, and what to do.",
      "Exit code 0 if the agent can run here, 1 if something is missing, 3 without the privilege"
          + " to look."
    })
final class ObserveDoctorCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ObserveOptions options = new ObserveOptions();

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Optional<String> lacking = Capabilities.missing();
    if (lacking.isPresent()) {
      throw CommandException.failed(lacking.get());
    }
    ObserveConfig config = options.read().config();
    List<Check> checks = new ArrayList<>(Doctor.examine());
    if (!config.instrument().isEmpty()) {
      checks.addAll(TargetSights.examine(config.instrument(), config.exclude()));
    }
    boolean runs = true;
    for (Check check : checks) {
      String state =
          switch (check.state()) {
            case OK -> "ok";
            case ABSENT -> "-";
            case MISSING -> "MISSING";
          };
      out.println(
          Printable.line(
              "%-30s %-8s %s".formatted(check.subject(), state, check.detail()).stripTrailing()));
      runs &= check.state() != Check.State.MISSING;
    }
    out.println(
        runs ? "The agent can run here." : "The agent cannot run here: see what is MISSING.");
    out.flush();
    return runs ? ExitCode.OK : ExitCode.FINDINGS;
  }
}
