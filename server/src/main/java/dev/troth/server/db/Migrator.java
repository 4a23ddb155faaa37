package dev.troth.server.db;

import dev.troth.server.ops.Lifecycle;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Brings the schema up to date at start: applies each missing step in the order of its number, one
 * transaction a step, and refuses data that this program did not write.
 *
 * <p>Steps of different rooms are numbered in ranges of their own, so a step may be applied after
 * one with a higher number.
 */
public final class Migrator implements Lifecycle {
  private final Database database;
  private final List<Migration> migrations;
  private final Clock clock;

  /** A migrator for the steps that ship with the server. */
  public Migrator(Database database, Clock clock) {
    this(database, BundledMigrations.of(Migrator.class, database.steps()), clock);
  }

  /** A migrator for the steps in a folder of the jar that holds the class, for other programs. */
  public Migrator(Database database, Class<?> owner, String folder, Clock clock) {
    this(database, BundledMigrations.of(owner, folder), clock);
  }

  Migrator(Database database, List<Migration> migrations, Clock clock) {
    this.database = database;
    this.migrations = migrations.stream().sorted().toList();
    this.clock = clock;
  }

  @Override
  public String name() {
    return "schema";
  }

  @Override
  public void start() {
    Map<Integer, String> applied = database.write(Migrator::applied);
    check(migrations, applied);
    for (Migration migration : migrations) {
      if (!applied.containsKey(migration.version())) {
        database.write(handle -> apply(handle, migration, clock));
      }
    }
  }

  @Override
  public void stop() {}

  /** The checksums of the steps that a database has had, by their numbers; makes their table. */
  static Map<Integer, String> applied(Handle handle) {
    handle.execute(
        """
        CREATE TABLE IF NOT EXISTS schema_history (
          version INTEGER PRIMARY KEY,
          what TEXT NOT NULL,
          checksum TEXT NOT NULL,
          at TEXT NOT NULL)
        """);
    return history(handle);
  }

  /** The checksums of the steps that a database has had, by their numbers. */
  static Map<Integer, String> history(Handle handle) {
    Map<Integer, String> applied = new HashMap<>();
    handle
        .createQuery("SELECT version, checksum FROM schema_history")
        .map((row, context) -> Map.entry(row.getInt(1), row.getString(2)))
        .forEach(entry -> applied.put(entry.getKey(), entry.getValue()));
    return applied;
  }

  /**
   * Compares the steps that a database has had with those that this program knows.
   *
   * @throws SchemaMismatch when it has had others
   */
  static void check(List<Migration> migrations, Map<Integer, String> applied) {
    Set<Integer> unknown = new HashSet<>(applied.keySet());
    for (Migration migration : migrations) {
      unknown.remove(migration.version());
      String checksum = applied.get(migration.version());
      if (checksum != null && !checksum.equals(migration.checksum())) {
        throw new SchemaMismatch(
            migration + " was applied with other text than this program has: checksum " + checksum);
      }
    }
    if (!unknown.isEmpty()) {
      throw new SchemaMismatch(
          "the data has schema steps %s that this program does not know: it was written by a newer one"
              .formatted(unknown.stream().sorted().toList()));
    }
  }

  /**
   * Takes one step, in the transaction of the handle, unless another platform took it meanwhile.
   */
  static boolean apply(Handle handle, Migration migration, Clock clock) {
    if (isApplied(handle, migration)) {
      return false;
    }
    // The driver runs a whole script in one call, so triggers need no statement splitter here.
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.executeUpdate(migration.sql());
    } catch (SQLException e) {
      throw new IllegalStateException("schema step " + migration + " failed: " + e.getMessage(), e);
    }
    handle.execute(
        "INSERT INTO schema_history (version, what, checksum, at) VALUES (?, ?, ?, ?)",
        migration.version(),
        migration.what(),
        migration.checksum(),
        clock.instant().toString());
    return true;
  }

  private static boolean isApplied(Handle handle, Migration migration) {
    return handle
        .createQuery("SELECT 1 FROM schema_history WHERE version = ?")
        .bind(0, migration.version())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
