package dev.troth.server.db;

import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Copies of a platform's database, made while it runs and put back while it does not. A copy is one
 * consistent state: that of the moment at which the copying begins.
 */
public final class BackupStore {
  private BackupStore() {}

  /**
   * Looks whether a platform's state is in its folder.
   *
   * @param instead what to do when it is in PostgreSQL
   * @throws CannotStart saying so
   */
  public static void requireStateIn(Path folder, String instead) {
    Path elsewhere = folder.resolve(Postgres.ID_FILE);
    if (Files.exists(elsewhere)) {
      throw new CannotStart(
          "%s says that this platform keeps its state in PostgreSQL, not in troth.db: %s (docs/operations.md); if an older state in troth.db is meant, remove %s first"
              .formatted(elsewhere, instead, elsewhere));
    }
  }

  /**
   * Copies a database, which may be in use.
   *
   * @param to a file that does not exist; only its owner can read it
   * @throws CannotStart saying what is wrong
   */
  public static void copy(Path database, Path to) {
    if (!Files.isRegularFile(database)) {
      throw new CannotStart(
          "database %s does not exist; one on PostgreSQL is backed up with pg_dump"
              .formatted(database));
    }
    if (Files.exists(to)) {
      throw new CannotStart("file %s exists, expected a new one".formatted(to));
    }
    Path folder = to.toAbsolutePath().getParent();
    if (to.toString().equals("-") || folder == null) {
      throw new CannotStart("the copy's file is '%s', expected the name of a file".formatted(to));
    }
    if (!Files.isDirectory(folder)) {
      throw new CannotStart(
          "folder %s does not exist, expected one for the copy".formatted(folder));
    }
    Path aside = to.resolveSibling(to.getFileName() + ".new");
    try {
      Files.deleteIfExists(aside);
      createForOwner(aside);
      // A reader's snapshot: it takes no lock that a write waits for.
      try (Connection connection = open(database);
          PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
        copy.setString(1, aside.toAbsolutePath().toString());
        copy.execute();
      }
      force(aside);
      Files.move(aside, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (SQLException | IOException e) {
      throw new CannotStart(
          "database %s cannot be copied to %s: %s".formatted(database, to, reason(e)));
    }
  }

  /**
   * Puts a copy in the place of a database that nobody uses. A database that is there keeps lying
   * beside it.
   *
   * @param replaced where the database that is there goes
   * @throws CannotStart saying what is wrong; then nothing has changed
   */
  public static void restore(Path backup, Path database, Path replaced) {
    check(backup);
    Path aside = database.resolveSibling(database.getFileName() + ".new");
    try {
      Files.deleteIfExists(aside);
      createForOwner(aside);
      try (FileChannel from = FileChannel.open(backup);
          FileChannel into = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        for (long at = 0; at < from.size(); ) {
          at += from.transferTo(at, from.size() - at, into);
        }
      }
      force(aside);
      // Its log goes with it: beside another database it would be taken for that one's.
      for (String part : new String[] {"", "-wal", "-shm"}) {
        Path old = database.resolveSibling(database.getFileName() + part);
        if (Files.exists(old)) {
          Files.move(old, replaced.resolveSibling(replaced.getFileName() + part));
        }
      }
      Files.move(aside, database, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CannotStart("%s cannot be restored: %s".formatted(backup, reason(e)));
    }
  }

  /**
   * Looks whether a file is a whole copy of a platform's database.
   *
   * @throws CannotStart saying what is wrong
   */
  public static void check(Path backup) {
    if (!Files.isRegularFile(backup)) {
      throw new CannotStart(
          Files.exists(backup)
              ? "backup %s is no file, expected one that troth backup made".formatted(backup)
              : "backup %s does not exist".formatted(backup));
    }
    try (Connection connection = open(backup);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = on");
      requireRow(statement, "PRAGMA quick_check(1)", "ok", backup, "it is damaged");
      requireRow(
          statement,
          "SELECT name FROM sqlite_schema WHERE name = 'schema_history'",
          "schema_history",
          backup,
          "it has no table schema_history");
    } catch (SQLException e) {
      throw new CannotStart("backup %s cannot be read: %s".formatted(backup, e.getMessage()));
    }
  }

  private static void requireRow(
      Statement statement, String query, String expected, Path backup, String wrong)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      if (!rows.next() || !expected.equals(rows.getString(1))) {
        throw new CannotStart(
            "backup %s is not a whole database of a platform: %s".formatted(backup, wrong));
      }
    }
  }

  /** The message of a file's failure is its name alone. */
  private static String reason(Exception e) {
    return switch (e) {
      case AccessDeniedException denied -> denied.getFile() + " is not permitted to this user";
      case NoSuchFileException gone -> gone.getFile() + " does not exist";
      case FileAlreadyExistsException there -> there.getFile() + " exists";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:" + file.toAbsolutePath() + "?busy_timeout=5000");
  }

  private static void createForOwner(Path file) throws IOException {
    if (file.toAbsolutePath().getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
