package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.db.BackupStore;
import dev.troth.server.ops.CannotStart;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth backup}: copies the database of a platform, which may be running. */
@Command(
    name = "backup",
    description = "Copies a platform's database into one file, also while the platform runs.",
    mixinStandardHelpOptions = true)
public final class BackupCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "troth-data",
      description = "The platform's data folder (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("troth-data");

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "Where the copy goes; a file that does not exist yet.")
  private Path to = Path.of("");

  @Override
  public Integer call() {
    try {
      BackupStore.requireStateIn(data, "back the database up with pg_dump");
      BackupStore.copy(data.resolve("troth.db"), to);
    } catch (CannotStart e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.printf("copied %s to %s%n", data.resolve("troth.db"), to);
    out.flush();
    return ExitCode.OK;
  }
}
