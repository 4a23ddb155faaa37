package dev.troth.cli;

import static java.util.Objects.requireNonNull;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.exchange.Conversion;
import dev.troth.contracts.exchange.OdcsExport;
import java.io.IOException;
import java.nio.file.Path;
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

  private static Contract load(Path file, ContractReferences references) {
    try {
      return Contract.load(file, references.documents());
    } catch (IOException e) {
      throw CommandException.usage(ContractFiles.unreadable(file, e));
    } catch (ContractException e) {
      throw CommandException.usage("the contract cannot be used:\n" + e.getMessage());
    }
  }
}
