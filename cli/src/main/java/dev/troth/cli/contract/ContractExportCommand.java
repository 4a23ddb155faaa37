package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.report.FindingPlaces;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Sla;
import dev.troth.contracts.exchange.Conversion;
import dev.troth.contracts.exchange.OdcsExport;
import dev.troth.json.Json;
import dev.troth.server.objective.ContractObjectiveFile;
import dev.troth.server.objective.ContractObjectives;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract export}: a contract in another form. */
@Command(
    name = "export",
    description = "Writes a contract in another form.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "FORM")
final class ContractExportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine self = requireNonNull(spec).commandLine();
    self.usage(self.getErr());
    return ExitCode.USAGE;
  }

  @Command(
      description = {
        "Writes an Open Data Contract Standard v3.1.0 document.",
        "What the standard cannot say is kept in its custom properties and named on standard error."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int odcs(
      @Parameters(paramLabel = "FILE", description = "A contract in YAML or JSON.") Path file,
      @Mixin ContractReferences references,
      @Mixin ContractOutput output) {
    Contract contract = load(file, references);
    Conversion made = OdcsExport.of(contract);
    return output.write(
        requireNonNull(spec),
        file,
        new Conversion(made.document(), new FindingPlaces(file).of(made.findings())));
  }

  @Command(
      description = {
        "Writes a contract's promises as objectives, for 'troth slo' and the platform.",
        "Availability and latency of its messages over 30 days, counted by producer spans."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int slo(
      @Parameters(paramLabel = "FILE", description = "A contract in YAML or JSON.") Path file,
      @Mixin ContractReferences references,
      @Mixin ContractOutput output) {
    Contract contract = load(file, references);
    Sla sla = contract.sla();
    List<Finding> findings = new ArrayList<>();
    sla.retention().ifPresent(_ -> findings.add(noObjective("retention")));
    sla.freshness().ifPresent(_ -> findings.add(noObjective("freshness")));
    Json.Obj document = new Json.Obj(Map.of());
    try {
      document =
          ContractObjectiveFile.of(
              new ContractObjectives.Promise(contract.name(), sla.availability(), sla.latency()));
    } catch (IllegalArgumentException cannot) {
      findings.add(
          Finding.error(
              "slo/promise",
              "/sla",
              String.valueOf(cannot.getMessage()),
              "promise an availability below 100 %, or a latency"));
    }
    return output.write(
        requireNonNull(spec), file, new Conversion(document, new FindingPlaces(file).of(findings)));
  }

  private static Finding noObjective(String promise) {
    return Finding.warning(
        "slo/unmeasured",
        "/sla/" + promise,
        "%s is not counted by spans, so it becomes no objective".formatted(promise),
        "check it where the messages are kept");
  }

  private static Contract load(Path file, ContractReferences references) {
    try {
      return references.load(file);
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    } catch (ContractException e) {
      throw CommandException.usage("the contract cannot be used:\n" + e.getMessage());
    }
  }
}
