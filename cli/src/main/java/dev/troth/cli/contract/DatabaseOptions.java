package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.contracts.table.Table;
import dev.troth.server.table.TableSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who asks a database, and asking it. */
final class DatabaseOptions {
  @Option(
      names = "--db-user",
      paramLabel = "NAME",
      description = "The database's user, if its URL does not say.")
  private @Nullable String user;

  @Option(
      names = "--db-password-file",
      paramLabel = "FILE",
      description = "A file whose first line is the user's password.")
  private @Nullable Path passwordFile;

  /**
   * The table; none if there is no such table. A database that does not answer ends the command.
   */
  Optional<Table> table(String url, String name) {
    try {
      return source(url).table(name);
    } catch (TableSource.Unreachable e) {
      throw CommandException.failed(String.valueOf(e.getMessage()));
    }
  }

  /** Reads all rows; says how many there were. A table that is not there ends the command. */
  long rows(String url, String name, TableSource.RowReader reader) {
    try {
      return source(url)
          .rows(name, reader)
          .orElseThrow(() ->
              CommandException.usage(
                  "--table is '%s', expected a table or view of the database".formatted(name)));
    } catch (TableSource.Unreachable e) {
      throw CommandException.failed(String.valueOf(e.getMessage()));
    }
  }

  private TableSource source(String url) {
    try {
      return TableSource.of(url, new TableSource.Login(Optional.ofNullable(user), password()));
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  private Optional<String> password() {
    Path file = passwordFile;
    if (file == null) {
      return Optional.empty();
    }
    try {
      return Files.readString(file).lines().findFirst();
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    }
  }
}
