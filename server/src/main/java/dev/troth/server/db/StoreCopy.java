package dev.troth.server.db;

import dev.troth.server.ops.CannotStart;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Copies a platform's state from SQLite into an empty PostgreSQL database, in one transaction: a
 * copy that was cut off leaves nothing behind.
 *
 * <pre>{@code
 * List<Copied> tables = new StoreCopy(file, url, clock).run((table, rows, all) -> {});
 * }</pre>
 */
public final class StoreCopy {
  /** Held until the end, so that two copies into one database are told from each other. */
  private static final long LOCK = 0x74726F7463L;

  /** The folder of the target's schema steps. */
  private static final String STEPS = "db/postgresql";

  private static final int ROWS_AT_ONCE = 500;

  private final Path file;
  private final String url;
  private final Clock clock;
  private final String source;
  private final String target;

  /**
   * A copy, not yet begun.
   *
   * @param file the SQLite database, which nobody may use meanwhile
   * @param url the JDBC URL of the PostgreSQL database
   */
  public StoreCopy(Path file, String url, Clock clock) {
    this.file = file;
    this.url = url;
    this.clock = clock;
    this.source = new Sqlite(file).title();
    this.target = new StoreUrl(url).title();
  }

  /** What was copied of a table, as counted on both sides. */
  public record Copied(String table, long rows) {}

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Progress {
    /** So many rows of a table are copied, of all that it has. */
    void copied(String table, long rows, long all);
  }

  /**
   * Copies everything.
   *
   * @return the tables in the order of copying
   * @throws CannotStart saying what is in the way; then the target is as it was before
   */
  public List<Copied> run(Progress progress) {
    BackupStore.check(file);
    new StoreUrl(url).requireKnownParameters();
    List<Migration> steps = BundledMigrations.of(StoreCopy.class, STEPS);
    try (Connection from =
            DriverManager.getConnection(
                "jdbc:sqlite:" + file.toAbsolutePath() + "?busy_timeout=5000");
        Handle reading = Jdbi.create(from).open()) {
      reading.execute("PRAGMA query_only = on");
      requireAllSteps(reading);
      try (Connection to = connect();
          Handle writing = Jdbi.create(to).open()) {
        return writing.inTransaction(handle -> copy(reading, handle, steps, progress));
      }
    } catch (SQLException | JdbiException e) {
      throw new CannotStart(
          "%s cannot be copied to %s: %s".formatted(source, target, rootOf(e).getMessage()));
    }
  }

  private Connection connect() {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", "troth store copy");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "true");
    try {
      return DriverManager.getConnection(url, properties);
    } catch (SQLException e) {
      throw new CannotStart("%s cannot be opened: %s".formatted(target, e.getMessage()));
    }
  }

  /** Its tables are those that this program makes, neither older nor newer ones. */
  private void requireAllSteps(Handle reading) {
    List<Migration> steps = BundledMigrations.of(StoreCopy.class, new Sqlite(file).steps());
    Map<Integer, String> applied = Migrator.history(reading);
    try {
      Migrator.check(steps, applied);
    } catch (SchemaMismatch e) {
      throw new CannotStart("%s: %s".formatted(source, e.getMessage()));
    }
    List<Migration> missing =
        steps.stream().filter(step -> !applied.containsKey(step.version())).sorted().toList();
    if (!missing.isEmpty()) {
      throw new CannotStart(
          "%s lacks the schema steps %s, expected all: start this version of troth up on it once"
              .formatted(source, missing));
    }
  }

  private List<Copied> copy(
      Handle reading, Handle writing, List<Migration> steps, Progress progress)
      throws SQLException {
    requireEmpty(writing);
    Migrator.applied(writing);
    steps.stream().sorted().forEach(step -> Migrator.apply(writing, step, clock));
    List<CopiedTable> tables = tables(reading, writing);
    // What the steps themselves put there belongs to a new platform, not to this one.
    tables.reversed().forEach(table -> writing.execute("DELETE FROM " + table.quoted()));
    List<Copied> copied = new ArrayList<>();
    for (CopiedTable table : tables) {
      copied.add(new Copied(table.name(), rows(table, reading, writing, progress)));
      table.continueNumbers(reading, writing);
    }
    // Without figures about its tables the server reads whole ones where an index would do.
    writing.execute("ANALYZE");
    return copied;
  }

  private void requireEmpty(Handle writing) {
    boolean alone =
        writing
            .createQuery("SELECT pg_try_advisory_xact_lock(:lock)")
            .bind("lock", LOCK)
            .mapTo(Boolean.class)
            .one();
    if (!alone) {
      throw new CannotStart("%s is the target of another copy: wait for its end".formatted(target));
    }
    List<String> found =
        writing
            .createQuery(
                """
                SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                ORDER BY c.relname LIMIT 4
                """)
            .mapTo(String.class)
            .list();
    if (!found.isEmpty()) {
      throw new CannotStart(
          "%s is not empty, it has %s%s: expected a database without tables"
              .formatted(
                  target,
                  String.join(", ", found.subList(0, Math.min(3, found.size()))),
                  found.size() > 3 ? " and more" : ""));
    }
  }

  /** The tables of the source; one that another refers to comes before it. */
  private List<CopiedTable> tables(Handle reading, Handle writing) {
    List<String> names =
        reading
            .createQuery(
                """
                SELECT name FROM sqlite_schema
                WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'schema_history'
                ORDER BY name
                """)
            .mapTo(String.class)
            .list();
    Map<String, Set<String>> references =
        writing
            .createQuery(
                """
                SELECT r.relname, f.relname FROM pg_constraint c
                JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
                WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
                """)
            .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey,
                    Collectors.mapping(Map.Entry::getValue, Collectors.toSet())));
    Set<String> left = new TreeSet<>(names);
    List<CopiedTable> tables = new ArrayList<>();
    while (!left.isEmpty()) {
      String next =
          left.stream()
              .filter(name ->
                  references.getOrDefault(name, Set.of()).stream().noneMatch(left::contains))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException(left + " refer to each other"));
      left.remove(next);
      tables.add(CopiedTable.of(next, reading, writing));
    }
    return tables;
  }

  private long rows(CopiedTable table, Handle reading, Handle writing, Progress progress)
      throws SQLException {
    long all = table.count(reading);
    long done = 0;
    progress.copied(table.name(), 0, all);
    try (PreparedStatement select = reading.getConnection().prepareStatement(table.select());
        PreparedStatement insert = writing.getConnection().prepareStatement(table.insert());
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        table.bind(rows, insert, done + 1);
        insert.addBatch();
        done++;
        if (done % ROWS_AT_ONCE == 0) {
          var _ = insert.executeBatch();
          progress.copied(table.name(), done, all);
        }
      }
      var _ = insert.executeBatch();
    }
    progress.copied(table.name(), done, all);
    long there = table.count(writing);
    if (there != all) {
      throw new CannotStart(
          "table %s has %d rows in %s and %d in %s: nothing was copied"
              .formatted(table.name(), all, source, there, target));
    }
    return there;
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
