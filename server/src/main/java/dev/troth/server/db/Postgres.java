package dev.troth.server.db;

import com.zaxxer.hikari.HikariConfig;
import dev.troth.server.db.StorageException.Kind;
import dev.troth.server.ops.CannotStart;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jdbi.v3.core.Handle;

/**
 * A database of a PostgreSQL server, which one platform at a time uses.
 *
 * <p>Its writer holds a lock of the session, so that a second platform does not start beside it. If
 * the connection breaks and another takes over meanwhile, the owner's row tells: every write reads
 * and locks it first, which also makes the order of commits the order of sequences.
 */
final class Postgres implements Engine {
  /** The number under which platforms lock; of no meaning but to be the same in all. */
  private static final long LOCK = 0x74726F7468L;

  private final String url;
  private final String owner;
  private volatile boolean opened;

  Postgres(String url) {
    this.url = url;
    byte[] name = new byte[8];
    new SecureRandom().nextBytes(name);
    this.owner = HexFormat.of().formatHex(name);
  }

  /** Without what stands behind the question mark, which may hold a password. */
  @Override
  public String title() {
    return "database " + url.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
  }

  @Override
  public void create() {
    // The server's administrator makes the database; the steps make its tables.
  }

  /** One connection, for ever: it holds the lock. */
  @Override
  public HikariConfig writer() {
    HikariConfig config = connections();
    config.setMaxLifetime(0);
    config.setConnectionInitSql("SELECT pg_try_advisory_lock(" + LOCK + ")");
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
    config.addDataSourceProperty("ApplicationName", "troth");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("socketTimeout", "30");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return config;
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
    database.write(this::claim);
    opened = true;
  }

  private boolean claim(Handle handle) {
    boolean locked =
        handle
            .createQuery("SELECT pg_try_advisory_lock(:lock)")
            .bind("lock", LOCK)
            .mapTo(Boolean.class)
            .one();
    if (!locked) {
      throw new CannotStart(
          "%s is used by another platform: stop that one first".formatted(title()));
    }
    handle.execute("CREATE TABLE IF NOT EXISTS schema_owner (name TEXT NOT NULL)");
    handle.execute("DELETE FROM schema_owner");
    return handle.execute("INSERT INTO schema_owner VALUES (?)", owner) == 1;
  }

  @Override
  public void beforeWrite(Handle handle) {
    if (!opened) {
      return;
    }
    String now =
        handle
            .createQuery("SELECT name FROM schema_owner FOR UPDATE")
            .mapTo(String.class)
            .findOne()
            .orElse("");
    if (!now.equals(owner)) {
      throw new StorageException(
          Kind.BROKEN, "another platform has taken %s over: restart".formatted(title()));
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
