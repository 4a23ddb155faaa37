package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.auth.SigningKey;
import dev.troth.server.db.BackupStore;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.ops.DataFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth restore}: puts a backup into a data folder that no platform uses. */
@Command(
    name = "restore",
    description = "Puts a backup into a data folder and makes a new signing key.",
    mixinStandardHelpOptions = true)
public final class RestoreCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "troth-data",
      description = "The platform's data folder (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("troth-data");

  @Option(
      names = "--from",
      paramLabel = "FILE",
      required = true,
      description = "A file that troth backup made.")
  private Path from = Path.of("");

  @Override
  public Integer call() {
    DataFolder folder = new DataFolder(data);
    Path database = folder.file("troth.db");
    Path replaced = folder.file("troth-replaced-" + STAMP.format(Instant.now()) + ".db");
    try {
      folder.start();
      try {
        BackupStore.requireStateIn(
            data, "restore the database with pg_restore, or this file into a new folder");
        BackupStore.check(from);
        // The backup does not know which tokens were revoked after it, so none may count. The key
        // goes first: a restore that is cut off must not leave the old one beside the old state.
        SigningKey.replace(SigningKey.fileIn(data), new SecureRandom());
        BackupStore.restore(from, database, replaced);
      } finally {
        folder.stop();
      }
    } catch (CannotStart e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.printf("restored %s into %s%n", from, database);
    if (Files.exists(replaced)) {
      out.printf("the database that was there is now %s%n", replaced);
    }
    out.printf(
        "made a new signing key: no earlier token counts, troth token create --data %s makes one%n",
        data);
    out.flush();
    return ExitCode.OK;
  }
}
