package dev.troth.cli.slo;

import picocli.CommandLine.Command;

@Command(name = "export")
final class SloExportCommand {}
