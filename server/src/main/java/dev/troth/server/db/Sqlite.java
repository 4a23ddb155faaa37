package dev.troth.server.db;

import com.zaxxer.hikari.HikariConfig;
import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jdbi.v3.core.Handle;

/** SQLite in a file of the data folder. */
final class Sqlite implements Engine {
  private static final Logger LOG = System.getLogger("troth.database");

  private final Path file;
  private final StorageHealth health;
  private final Replicas alone = new Alone();

  Sqlite(Path file) {
    this.file = file;
    this.health = new StorageHealth(file);
  }

  @Override
  public String title() {
    return "database " + file;
  }

  @Override
  public String steps() {
    return "db/migration";
  }

  /** It is called through JNI, which holds the carrier of a virtual thread. */
  @Override
  public ThreadFactory threads(String name) {
    return Thread.ofPlatform().name(name + "-", 0).daemon(true).factory();
  }

  @Override
  public void opened(Database database) {
    comeBack();
    health.opened();
    Integrity.check(database, file);
  }

  /** The state is here again, whatever became of it in PostgreSQL; nobody goes back in silence. */
  private void comeBack() {
    Path elsewhere = file.resolveSibling(Postgres.ID_FILE);
    try {
      if (Files.deleteIfExists(elsewhere)) {
        LOG.log(
            Level.WARNING,
            "this platform kept its state in PostgreSQL last and goes on with {0} now, because"
                + " there is no store.url",
            file);
      }
    } catch (IOException e) {
      throw new CannotStart("file %s cannot be removed: %s".formatted(elsewhere, e.getMessage()));
    }
  }

  @Override
  public boolean commitsTogether() {
    return true;
  }

  @Override
  public void beforeWrite(Handle handle) {
    health.requireOwnFile();
  }

  @Override
  public void beforeRead() {
    health.requireOwnFile();
  }

  @Override
  public Replicas replicas() {
    return alone;
  }

  @Override
  public String hung() {
    return "the database is locked or its disk hangs";
  }

  @Override
  public Optional<String> obstacle() {
    return health.obstacle();
  }

  /** A connection that begins each transaction with the write lock, and commits to the disk. */
  @Override
  public HikariConfig writer() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(
        url(file)
            + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000&foreign_keys=on"
            + "&transaction_mode=IMMEDIATE"
            // Else each insert asks for its row's number, which nobody reads.
            + "&jdbc.get_generated_keys=false");
    return config;
  }

  /** A connection that sees a snapshot and fails on any attempt to write. */
  @Override
  public HikariConfig reader() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url(file) + "?busy_timeout=5000&foreign_keys=on");
    config.setConnectionInitSql("PRAGMA query_only = on");
    return config;
  }

  /**
   * Makes the file for its owner alone, if there is none: SQLite gives its other files the same
   * rights. An empty file is an empty database.
   */
  @Override
  public void create() {
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
