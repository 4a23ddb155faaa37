package dev.troth.server.db;

import com.zaxxer.hikari.HikariConfig;
import dev.troth.server.db.StorageException.Kind;
import dev.troth.server.ops.CannotStart;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A database of a PostgreSQL server, which any number of platforms use at the same time.
 *
 * <p>Every transaction that writes first takes the one turn there is and looks whether its platform
 * still has its lease. That makes the order of commits the order of sequences, over all platforms,
 * and keeps one out that stood still while others took its work over.
 */
final class Postgres implements Engine {
  private static final Logger LOG = System.getLogger("troth.database");

  /** The number under which platforms of before replicas lock; shared, it keeps those out. */
  private static final long LOCK = 0x74726F7468L;

  /** In the folder of a platform that keeps its state in PostgreSQL. */
  static final String ID_FILE = "replica.id";

  /** PostgreSQL's codes: insufficient_privilege, read_only_sql_transaction. */
  private static final String NO_RIGHT = "42501";

  private static final String READ_ONLY = "25006";

  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

  private final String url;
  private final Path folder;
  private volatile @Nullable Membership membership;

  Postgres(String url, Path folder) {
    this.url = url;
    this.folder = folder;
  }

  /** Without what stands behind the question mark, which may hold a password. */
  @Override
  public String title() {
    return new StoreUrl(url).title();
  }

  /** The server's administrator makes the database; the steps make its tables. */
  @Override
  public void create() {
    new StoreUrl(url).requireKnownParameters();
  }

  @Override
  public String hung() {
    return "the server does not answer or a transaction there holds a lock";
  }

  @Override
  public Optional<CannotStart> explained(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && NO_RIGHT.equals(sql.getSQLState())) {
        return Optional.of(
            new CannotStart(
                "%s: user %s may not make tables, expected the right CREATE on the database's schema (%s)"
                    .formatted(title(), new StoreUrl(url).user(), firstLine(sql))));
      }
      boolean readOnly =
          (cause instanceof SQLException sql && READ_ONLY.equals(sql.getSQLState()))
              || (cause instanceof StorageException storage && storage.isReadOnly());
      if (readOnly) {
        return Optional.of(
            new CannotStart(
                "%s is read-only for user %s, expected one that takes writes"
                    .formatted(title(), new StoreUrl(url).user())));
      }
    }
    return Optional.empty();
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** One connection, for ever: what it waits for is the turn to write. */
  @Override
  public HikariConfig writer() {
    HikariConfig config = connections();
    config.setMaxLifetime(0);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setConnectionInitSql("SELECT pg_try_advisory_lock_shared(" + LOCK + ")");
    return config;
  }

  @Override
  public HikariConfig reader() {
    HikariConfig config = connections();
    config.setReadOnly(true);
    config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    return config;
  }

  private HikariConfig connections() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setConnectionTimeout(5_000);
    config.setValidationTimeout(2_000);
    session().forEach((name, value) -> config.addDataSourceProperty(name.toString(), value));
    return config;
  }

  /**
   * A platform that stands still keeps nobody waiting for long: its transaction is ended. What the
   * URL says goes before.
   */
  private static Properties session() {
    Properties session = new Properties();
    session.setProperty("ApplicationName", "troth");
    session.setProperty("connectTimeout", "5");
    session.setProperty("socketTimeout", "30");
    session.setProperty("tcpKeepAlive", "true");
    session.setProperty(
        "options", "-c idle_in_transaction_session_timeout=10s -c lock_timeout=20s");
    return session;
  }

  @Override
  public ThreadFactory threads(String name) {
    return Thread.ofVirtual().name(name + "-", 0).factory();
  }

  @Override
  public String steps() {
    return "db/postgresql";
  }

  @Override
  public void opened(Database database) {
    boolean alone =
        database.write(handle ->
            !handle
                .createQuery("SELECT pg_try_advisory_lock_shared(:lock)")
                .bind("lock", LOCK)
                .mapTo(Boolean.class)
                .one());
    if (alone) {
      throw new CannotStart(
          "%s is used by a platform of a version without replicas: stop that one first"
              .formatted(title()));
    }
    List<String> foreign = database.read(ReplicaStore::foreignTables);
    if (!foreign.isEmpty()) {
      throw new CannotStart(
          "%s holds tables of something else, such as %s: expected a database of Troth's own, or an empty one"
              .formatted(title(), foreign.getFirst()));
    }
    Membership joining =
        new Membership(
            database,
            new SessionSource(url, title(), session()),
            id(),
            BundledMigrations.print(steps()));
    joining.start();
    membership = joining;
  }

  /** This platform's name among the others, kept in its folder: its lock says who is the one. */
  private String id() {
    Path file = folder.resolve(ID_FILE);
    try {
      if (Files.exists(file)) {
        String id = Files.readString(file).strip();
        if (ID.matcher(id).matches()) {
          return id;
        }
        throw new CannotStart(
            "file %s holds '%s', expected 16 hexadecimal digits: remove it".formatted(file, id));
      }
      byte[] random = new byte[8];
      new SecureRandom().nextBytes(random);
      String id = HexFormat.of().formatHex(random);
      Files.createDirectories(folder);
      Files.writeString(file, id);
      warnOfFormerState();
      return id;
    } catch (IOException e) {
      throw new CannotStart("file %s cannot be used: %s".formatted(file, e.getMessage()));
    }
  }

  /** Nobody moves to another database in silence. */
  private void warnOfFormerState() throws IOException {
    Path former = folder.resolve("troth.db");
    if (Files.exists(former) && Files.size(former) > 0) {
      LOG.log(
          Level.WARNING,
          "{0} holds the state that this platform kept so far; from now on it is in {1}: unless"
              + " troth store copy moved it there, stop, remove {2} and copy it first",
          former,
          title(),
          folder.resolve(ID_FILE));
    }
  }

  @Override
  public void closing() {
    Membership joined = membership;
    if (joined != null) {
      joined.stopListening();
    }
  }

  @Override
  public void closed() {
    Membership joined = membership;
    if (joined != null) {
      joined.leave();
      membership = null;
    }
  }

  @Override
  public Replicas replicas() {
    return Objects.requireNonNull(membership, "the database has not been started");
  }

  @Override
  public boolean commitsTogether() {
    return false;
  }

  @Override
  public void beforeWrite(Handle handle) {
    Membership joined = membership;
    if (joined == null) {
      return;
    }
    if (!ReplicaStore.takeTurn(handle, joined.number())) {
      throw new StorageException(
          Kind.BROKEN,
          "the lease of this platform on %s ran out, it joins the others again".formatted(title()));
    }
  }

  /** Who wrote a change sees it next, with all that others wrote before it. */
  @Override
  public void written() {
    Membership joined = membership;
    if (joined != null && joined.isBehind()) {
      try {
        joined.look();
      } catch (RuntimeException e) {
        // The write is done. What others wrote is read by the thread that listens.
        LOG.log(Level.DEBUG, "what others wrote is read later: {0}", e.getMessage());
      }
    }
  }

  @Override
  public void beforeRead() {
    // Reads are of what is committed, whoever writes.
  }

  @Override
  public Optional<String> obstacle() {
    return Optional.empty();
  }
}
