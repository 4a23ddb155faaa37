package dev.troth.cli;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code troth contract}: does data keep its shape? */
@Command(
    name = "contract",
    description = "Checks contracts, and messages against them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ContractLintCommand.class,
      ContractCheckCommand.class,
      ContractDiffCommand.class,
      ContractGenerateCommand.class,
      ContractImportCommand.class,
      ContractExportCommand.class,
      ContractValidateCommand.class,
      ContractBowtieCommand.class
    })
final class ContractCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine self = requireNonNull(spec).commandLine();
    self.usage(self.getErr());
    return ExitCode.USAGE;
  }
}
