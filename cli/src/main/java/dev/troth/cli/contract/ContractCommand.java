package dev.troth.cli.contract;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.bowtie.ContractBowtieCommand;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Subcommands;
import dev.troth.cli.contract.registry.ContractPublishCommand;
import dev.troth.cli.contract.registry.ContractPullCommand;
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
    synopsisSubcommandLabel = "COMMAND")
public final class ContractCommand implements Callable<Integer> {
  public static Subcommands subcommands() {
    return new Subcommands()
        .with("lint", ContractLintCommand::new)
        .with("check", ContractCheckCommand::new)
        .with("diff", ContractDiffCommand::new)
        .with("generate", ContractGenerateCommand::new)
        .with("publish", ContractPublishCommand::new)
        .with("pull", ContractPullCommand::new)
        .with("import", ContractImportCommand::new)
        .with("export", ContractExportCommand::new)
        .with("validate", ContractValidateCommand::new)
        .with("bowtie", ContractBowtieCommand::new);
  }

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine self = requireNonNull(spec).commandLine();
    self.usage(self.getErr());
    return ExitCode.USAGE;
  }
}
