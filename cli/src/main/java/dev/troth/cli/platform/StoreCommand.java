package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.db.BackupStore;
import dev.troth.server.db.StoreCopy;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.ops.DataFolder;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth store}: what is done to a platform's database while no platform runs on it. */
@Command(
    name = "store",
    description = "Moves a platform's database to another engine.",
    mixinStandardHelpOptions = true,
    subcommands = StoreCommand.Copy.class)
public final class StoreCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec command = requireNonNull(spec);
    command.commandLine().usage(command.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** {@code troth store copy}: from SQLite in a data folder to an empty PostgreSQL database. */
  @Command(
      name = "copy",
      description =
          "Copies a data folder's SQLite database into an empty PostgreSQL database, in one"
              + " transaction. The platform has to be stopped.",
      mixinStandardHelpOptions = true)
  static final class Copy implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--from",
        paramLabel = "DIR",
        required = true,
        description = "The data folder of a platform that does not run.")
    private Path from = Path.of("");

    @Option(
        names = "--to",
        paramLabel = "URL",
        required = true,
        description =
            "An empty PostgreSQL database: jdbc:postgresql://host/database?user=troth. The password"
                + " may come from ~/.pgpass.")
    private String to = "";

    @Override
    public Integer call() {
      if (!to.matches("jdbc:postgresql:\\S+")) {
        throw CommandException.usage(
            "--to is '%s', expected jdbc:postgresql://host/database"
                .formatted(to.replaceFirst("\\?.*", "")));
      }
      DataFolder folder = new DataFolder(from, "--from");
      Path database = folder.file("troth.db");
      if (!Files.isRegularFile(database)) {
        throw CommandException.usage(
            "database %s does not exist, expected the data folder of a platform on SQLite"
                .formatted(database));
      }
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      try {
        folder.start();
        try {
          BackupStore.requireStateIn(from, "it was copied, start with --store-url");
          print(out, new StoreCopy(database, to, Clock.systemUTC()).run(progress(out)));
        } finally {
          folder.stop();
        }
      } catch (CannotStart e) {
        throw CommandException.usage(String.valueOf(e.getMessage()));
      }
      out.flush();
      return ExitCode.OK;
    }

    private void print(PrintWriter out, List<StoreCopy.Copied> tables) {
      tables.stream()
          .filter(table -> table.rows() > 0)
          .forEach(table -> out.printf("%,12d  %s%n", table.rows(), table.table()));
      out.printf(
          "copied %,d rows of %d tables; each table has as many there as here%n",
          tables.stream().mapToLong(StoreCopy.Copied::rows).sum(), tables.size());
      out.printf(
          "token.key stays in %s: start with troth up --data %s --store-url URL%n", from, from);
      out.printf(
          "troth.db stays there as it was: a platform without store.url would go on with it%n");
    }

    /** A line that is written anew, on a terminal; nothing elsewhere. */
    private static StoreCopy.Progress progress(PrintWriter out) {
      if (!onTerminal()) {
        return (table, rows, all) -> {};
      }
      return (table, rows, all) -> {
        out.printf("\r\u001b[2K%s: %,d of %,d", table, rows, all);
        if (rows == all) {
          out.print("\r\u001b[2K");
        }
        out.flush();
      };
    }

    @SuppressWarnings("SystemConsoleNull") // it is null without a terminal, by default
    private static boolean onTerminal() {
      Console console = System.console();
      return console != null && console.isTerminal();
    }
  }
}
