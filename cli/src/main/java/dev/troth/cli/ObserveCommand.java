package dev.troth.cli;

import picocli.CommandLine.Command;

/** {@code troth observe}: telemetry of running processes, without touching them. */
@Command(
    name = "observe",
    mixinStandardHelpOptions = true,
    description = "Sees the requests of running processes from the kernel.",
    subcommands = {ObserveRunCommand.class, ObserveDoctorCommand.class, ObserveBenchCommand.class})
final class ObserveCommand {}
