package dev.troth.server.db;

import com.zaxxer.hikari.HikariConfig;
import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The connections of SQLite: everything about the database that another engine would change. */
final class Sqlite {
  private Sqlite() {}

  /** A connection that begins each transaction with the write lock, and commits to the disk. */
  static HikariConfig writer(Path file) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(
        url(file)
            + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000&foreign_keys=on"
            + "&transaction_mode=IMMEDIATE");
    return config;
  }

  /** A connection that sees a snapshot and fails on any attempt to write. */
  static HikariConfig reader(Path file) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url(file) + "?busy_timeout=5000&foreign_keys=on");
    config.setConnectionInitSql("PRAGMA query_only = on");
    return config;
  }

  /**
   * Makes the file for its owner alone, if there is none: SQLite gives its other files the same
   * rights. An empty file is an empty database.
   */
  static void create(Path file) {
    try {
      if (!Files.exists(file)
          && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (IOException e) {
      throw new CannotStart("database %s cannot be made: %s".formatted(file, e.getMessage()));
    }
  }

  private static String url(Path file) {
    return "jdbc:sqlite:" + file.toAbsolutePath();
  }
}
