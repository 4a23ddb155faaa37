package dev.troth.cli;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Printable;
import dev.troth.cli.command.Subcommands;
import dev.troth.cli.contract.ContractCommand;
import dev.troth.cli.demo.DemoCommand;
import dev.troth.cli.demo.Tether;
import dev.troth.cli.gate.GateCommand;
import dev.troth.cli.gate.QuickRun;
import dev.troth.cli.observe.ObserveCommand;
import dev.troth.cli.platform.AuditCommand;
import dev.troth.cli.platform.BackupCommand;
import dev.troth.cli.platform.CompletionCommand;
import dev.troth.cli.platform.ConfigCommand;
import dev.troth.cli.platform.DoctorCommand;
import dev.troth.cli.platform.RestoreCommand;
import dev.troth.cli.platform.StoreCommand;
import dev.troth.cli.platform.TokenCommand;
import dev.troth.cli.platform.TrainingRunCommand;
import dev.troth.cli.platform.UpCommand;
import dev.troth.cli.slo.SloCommand;
import dev.troth.cli.watch.WatchCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code troth} command: parses the command line and runs one sub-command. */
@Command(
    name = "troth",
    description = "Keeps the promises that event-driven services live by.",
    mixinStandardHelpOptions = true,
    versionProvider = Troth.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 ok, 1 findings, 2 usage or configuration, 3 the tool itself failed."
    })
public final class Troth implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  private Troth() {}

  /** Without a sub-command there is nothing to do but to say what there is. */
  @Override
  public Integer call() {
    CommandLine self = requireNonNull(spec).commandLine();
    self.usage(self.getErr());
    return ExitCode.USAGE;
  }

  public static void main(String[] args) {
    if (Boolean.getBoolean(Tether.PROPERTY)) {
      Tether.tie();
    }
    Optional<Callable<Integer>> gate = QuickRun.read(List.of(args));
    System.exit(
        gate.isPresent()
            ? serve(gate.get(), new PrintWriter(System.err, true, System.err.charset()))
            : run(args));
  }

  /** Runs {@code gate run} as {@link #run} would. */
  static int serve(Callable<Integer> gate, PrintWriter err) {
    try {
      return gate.call();
    } catch (Exception failure) {
      return report(failure, "troth gate run", err);
    }
  }

  /** Runs the command and answers one of {@link ExitCode}. */
  static int run(String... args) {
    return commandLine(args).execute(args);
  }

  private static Subcommands subcommands() {
    return new Subcommands()
        .with("demo", () -> new DemoCommand(Troth.class))
        .with("up", UpCommand::new)
        .with("watch", WatchCommand::new)
        .with("contract", new ContractCommand(), ContractCommand.subcommands())
        .with("slo", SloCommand::new)
        .with("observe", new ObserveCommand(), ObserveCommand.subcommands())
        .with("gate", new GateCommand(), GateCommand.subcommands())
        .with("token", TokenCommand::new)
        .with("audit", AuditCommand::new)
        .with("backup", BackupCommand::new)
        .with("restore", RestoreCommand::new)
        .with("store", StoreCommand::new)
        .with("config", ConfigCommand::new)
        .with("doctor", DoctorCommand::new)
        .with("completion", () -> new CompletionCommand(Troth::commandLine))
        .with("rehearse", () -> new TrainingRunCommand(Troth::commandLine));
  }

  /** The command line with the sub-commands that the arguments need. */
  public static CommandLine commandLine(String... args) {
    CommandLine troth = subcommands().under(new Troth(), List.of(args));
    // picocli copies handlers to the sub-commands known when they are set.
    return troth
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Troth::reportUsage)
        .setExecutionExceptionHandler(Troth::reportFailure);
  }

  private static int reportUsage(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(
        command.getCommandSpec().qualifiedName()
            + ": "
            + Printable.lines(String.valueOf(wrong.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
      err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCode.USAGE;
  }

  private static int reportFailure(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    return report(failure, command.getCommandSpec().qualifiedName(), command.getErr());
  }

  private static int report(Exception failure, String name, PrintWriter err) {
    if (failure instanceof CommandException known) {
      err.println(name + ": " + Printable.lines(String.valueOf(known.getMessage())));
      return known.exitCode();
    }
    err.println(name + ": " + Printable.lines(failure.toString()));
    if (System.getenv("TROTH_DEBUG") != null) {
      failure.printStackTrace(err);
    } else {
      err.println("This should not happen; TROTH_DEBUG=1 prints where it did.");
    }
    return ExitCode.FAILED;
  }

  /** The version that the jar's manifest names. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Troth.class.getPackage().getImplementationVersion();
      return new String[] {
        "troth " + (version == null ? "(not packaged)" : version) + ", Java " + Runtime.version()
      };
    }
  }
}
