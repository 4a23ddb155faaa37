package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.contract.file.ContractFiles;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.report.FindingFormat;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Finding;
import dev.troth.contracts.policy.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code troth contract lint FILE...}: are these contracts well-formed and well-meant? */
@Command(
    name = "lint",
    description = "Says what is wrong with contract files, and how to mend it.",
    mixinStandardHelpOptions = true)
final class ContractLintCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ContractReferences references = new ContractReferences();
  @Mixin private PolicyFile policies = new PolicyFile();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Contracts in YAML or JSON; of a folder, every *.contract.yaml and .json.")
  private List<Path> files = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private FindingFormat format = FindingFormat.TEXT;

  @Override
  public Integer call() {
    Policy policy = policies.policy();
    LocalDate today = LocalDate.now(ZoneId.systemDefault());
    List<Finding> findings = new ArrayList<>();
    List<String> checked = new ArrayList<>();
    for (Path file : ContractFiles.expand(files)) {
      checked.add(file.toString());
      try {
        ContractFile contract = references.read(file);
        findings.addAll(policy.applied(contract.name().orElse(""), contract.lint(), today));
      } catch (ContractException wrong) {
        findings.addAll(wrong.findings());
      } catch (IOException e) {
        throw CommandException.usage(InputFile.unreadable(file, e));
      }
    }
    FindingReport report = new FindingReport(checked, findings);
    report.write(format, requireNonNull(spec).commandLine().getOut());
    return report.exitCode();
  }
}
