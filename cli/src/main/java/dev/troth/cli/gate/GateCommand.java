package dev.troth.cli.gate;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Subcommands;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code troth gate}: is this token genuine? */
@Command(
    name = "gate",
    description = "Validates tokens: as a service, one at a time, and shows the keys.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class GateCommand implements Callable<Integer> {
  public static Subcommands subcommands() {
    return new Subcommands()
        .with("run", GateRunCommand::new)
        .with("verify", GateVerifyCommand::new)
        .with("keys", GateKeysCommand::new)
        .with("rehearse", GateRehearseCommand::new)
        .with("config", GateConfigCommand::new)
        .with("bench", GateBenchCommand::new);
  }

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine self = requireNonNull(spec).commandLine();
    self.usage(self.getErr());
    return ExitCode.USAGE;
  }
}
