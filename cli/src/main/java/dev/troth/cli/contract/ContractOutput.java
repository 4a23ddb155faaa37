package dev.troth.cli.contract;

import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.OutputFile;
import dev.troth.cli.report.FindingFormat;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.Finding;
import dev.troth.contracts.exchange.Conversion;
import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.YamlWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where a converted document goes: a file, or standard output; findings go to standard error. */
final class ContractOutput {
  @Option(
      names = {"-o", "--out"},
      paramLabel = "OUT",
      description =
          "Where to write: JSON if the name ends in .json, else YAML (default: YAML on standard"
              + " output).")
  private @Nullable Path out;

  /** Writes the document and what was found on the way; without a usable one, nothing. */
  int write(CommandSpec spec, Path from, Conversion conversion) {
    return write(spec, from, conversion.findings(), conversion.usable(), conversion.document());
  }

  /** The same for a contract, which must be one that can be used. */
  int writeContract(CommandSpec spec, Path from, Conversion conversion) {
    List<Finding> findings = new ArrayList<>(conversion.findings());
    if (conversion.usable()) {
      try {
        Contract.read(JsonWriter.bytes(conversion.document()));
      } catch (ContractException unusable) {
        for (Finding finding : unusable.findings()) {
          findings.add(
              Finding.error(
                  finding.rule(),
                  from.toString(),
                  "the contract made of it cannot be used: at %s, %s"
                      .formatted(finding.location().pointer(), finding.message()),
                  finding.cure()));
        }
      }
    }
    boolean usable = findings.stream().noneMatch(Finding::isError);
    return write(spec, from, findings, usable, conversion.document());
  }

  private int write(
      CommandSpec spec, Path from, List<Finding> findings, boolean usable, Json document) {
    if (!findings.isEmpty()) {
      new FindingReport(List.of(from.toString()), findings)
          .write(FindingFormat.TEXT, spec.commandLine().getErr());
    }
    if (!usable) {
      return ExitCode.FINDINGS;
    }
    write(document, spec.commandLine().getOut());
    return ExitCode.OK;
  }

  private void write(Json document, PrintWriter console) {
    Path file = out;
    if (file == null) {
      console.print(YamlWriter.write(document));
      console.flush();
      return;
    }
    boolean json = file.toString().endsWith(".json");
    write(file, json ? JsonWriter.pretty(document) + "\n" : YamlWriter.write(document));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw OutputFile.unwritable(file, e);
    }
  }
}
