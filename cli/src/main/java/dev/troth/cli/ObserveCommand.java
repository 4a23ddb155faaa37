package dev.troth.cli;

import picocli.CommandLine.Command;

/** {@code troth observe}: telemetry of running processes, without touching them. */
@Command(
    name = "observe",
    mixinStandardHelpOptions = true,
    description = "Sees the requests of running processes from the kernel.")
final class ObserveCommand {
  static Subcommands subcommands() {
    return new Subcommands()
        .with("run", ObserveRunCommand::new)
        .with("doctor", ObserveDoctorCommand::new)
        .with("bench", ObserveBenchCommand::new);
  }
}
