package dev.troth.cli.observe;

import dev.troth.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code troth observe}: telemetry of running processes, without touching them. */
@Command(
    name = "observe",
    mixinStandardHelpOptions = true,
    description = "Observes the requests of running processes from the kernel.")
public final class ObserveCommand {
  public static Subcommands subcommands() {
    return new Subcommands()
        .with("run", ObserveRunCommand::new)
        .with("doctor", ObserveDoctorCommand::new)
        .with("bench", ObserveBenchCommand::new);
  }
}
