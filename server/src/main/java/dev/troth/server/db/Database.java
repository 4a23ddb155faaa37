package dev.troth.server.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.troth.server.ops.CannotStart;
import dev.troth.server.ops.Lifecycle;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * A database: one writer, readers apart. What of it depends on the engine stands in {@link Engine}.
 *
 * <pre>{@code
 * long id = database.write(handle -> {
 *   handle.execute("INSERT INTO record (name) VALUES (?)", name);
 *   return changes.append(handle, change);
 * });
 * }</pre>
 *
 * <p>All work runs on threads of this class and the caller waits for it. Work is a transaction: it
 * commits when the function returns and rolls back when it throws; what it throws, the caller gets.
 * On SQLite writes that wait at the same time share a commit ({@link WriteGroup}). {@code write}
 * returns after the commit has reached the disk. Safe for use by many threads.
 */
public final class Database implements Lifecycle {
  private static final int WAITING_WRITES = 1_024;
  private static final int WAITING_READS = 1_024;
  private static final int PROBE_SECONDS = 2;

  private final Engine engine;
  private final int readers;
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
  private final AtomicLong commits = new AtomicLong();
  private volatile @Nullable StorageException lastWrite;
  private volatile @Nullable Lane writing;
  private volatile @Nullable Lane reading;
  private volatile @Nullable FutureTask<Boolean> waitingProbe;

  /** A database in this file, which is made if it is missing; nothing is opened before start. */
  public Database(Path file, int readers) {
    this(new Sqlite(file), readers);
  }

  private Database(Engine engine, int readers) {
    this.engine = engine;
    this.readers = readers;
  }

  /**
   * A database of a PostgreSQL server, by its JDBC URL; nothing is opened before start.
   *
   * @param folder this platform's own, by which the others know it again
   */
  public static Database at(String url, int readers, Path folder) {
    return new Database(new Postgres(url, folder), readers);
  }

  @Override
  public String name() {
    return "database";
  }

  @Override
  public void start() {
    engine.create();
    try {
      writing = new Lane("db-write", 1, WAITING_WRITES, engine.writer(), engine);
      reading = new Lane("db-read", readers, WAITING_READS, engine.reader(), engine);
      lastWrite = null;
      engine.opened(this);
    } catch (PoolInitializationException e) {
      stop();
      String why = StorageException.of(e).map(Throwable::getMessage).orElseGet(() -> rootOf(e));
      throw new CannotStart("%s cannot be opened: %s".formatted(engine.title(), why));
    } catch (RuntimeException e) {
      stop();
      throw engine.explained(e).<RuntimeException>map(why -> why).orElse(e);
    }
  }

  /** Finishes what has been accepted, at most ten seconds long, then closes the file. */
  @Override
  public void stop() {
    engine.closing();
    close(reading);
    close(writing);
    reading = null;
    writing = null;
    engine.closed();
  }

  /** Those that use it at the same time. */
  public Replicas replicas() {
    return engine.replicas();
  }

  /**
   * Runs work in the one writing transaction and returns once it is on disk.
   *
   * @throws DatabaseBusy when {@value #WAITING_WRITES} writes already wait
   * @throws StorageException when the disk or the file is in the way; nothing was written
   */
  public <T extends @Nullable Object> T write(Function<Handle, T> asked) {
    Function<Handle, T> work =
        handle -> {
          // The first of all callbacks: nobody hears of a commit that is not counted yet.
          handle.afterCommit(commits::incrementAndGet);
          return asked.apply(handle);
        };
    try {
      T done =
          engine.commitsTogether()
              ? runTogether(work)
              : run(
                  writing,
                  handle -> {
                    engine.beforeWrite(handle);
                    return work.apply(handle);
                  });
      lastWrite = null;
      engine.written();
      return done;
    } catch (StorageException e) {
      lastWrite = e;
      throw e;
    }
  }

  /** Why it cannot serve now; empty when it can. Asks the writer for its lock. */
  public Optional<String> obstacle() {
    Lane lane = writing;
    if (lane == null) {
      return Optional.of("the database is closed");
    }
    Optional<String> known = engine.obstacle();
    if (known.isPresent()) {
      return known;
    }
    if (lane.outage.isOn()) {
      return Optional.of("the database does not answer");
    }
    try {
      // One probe waits in the queue, however often somebody asks.
      FutureTask<Boolean> probe = waitingProbe;
      if (probe == null || probe.isDone()) {
        probe = new FutureTask<>(() -> probe(lane));
        waitingProbe = probe;
        lane.threads.execute(probe);
      }
      probe.get(PROBE_SECONDS, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.of(
          "the writer has not answered for %d seconds: %s".formatted(PROBE_SECONDS, engine.hung()));
    } catch (ExecutionException e) {
      return Optional.of(String.valueOf(rootOf(e)));
    } catch (RejectedExecutionException e) {
      return Optional.of("%d writes wait for the database".formatted(WAITING_WRITES));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("the platform is stopping");
    }
  }

  /** Takes the write lock, and after a failure really writes, since only that shows recovery. */
  private boolean probe(Lane lane) {
    try {
      boolean afterFailure = lastWrite != null;
      lane.jdbi.useTransaction(handle -> {
        engine.beforeWrite(handle);
        if (afterFailure) {
          handle.execute("UPDATE schema_history SET at = at");
        }
      });
      lastWrite = null;
      return true;
    } catch (RuntimeException e) {
      StorageException wrong = StorageException.of(e).orElse(null);
      lastWrite = wrong;
      throw wrong == null ? e : wrong;
    }
  }

  /** Runs work in a transaction that sees one consistent state and cannot write. */
  public <T extends @Nullable Object> T read(Function<Handle, T> work) {
    return run(
        reading,
        handle -> {
          engine.beforeRead();
          return work.apply(handle);
        });
  }

  /** Throws what a read would throw before it looks at anything. */
  public void requireReadable() {
    if (reading == null) {
      throw new IllegalStateException("the database is closed");
    }
    engine.beforeRead();
  }

  /** The folder of the schema steps that suit it. */
  String steps() {
    return engine.steps();
  }

  /**
   * A text that stays the same only while nothing is committed, by whomever: what is read after it
   * was taken is as new as it, or newer.
   */
  public String state() {
    return replicas().isShared() ? read(ReplicaStore::snapshot) : Long.toString(commits.get());
  }

  /** The number of writes that wait for the writer. */
  public int waitingWrites() {
    Lane lane = writing;
    return lane == null ? 0 : lane.threads.getQueue().size();
  }

  /** The number of reads that wait for a reader. */
  public int waitingReads() {
    Lane lane = reading;
    return lane == null ? 0 : lane.threads.getQueue().size();
  }

  /** A write that shares its commit with those that wait at the same time. */
  private <T extends @Nullable Object> T runTogether(Function<Handle, T> work) {
    Lane lane = open(writing);
    WriteGroup.Write<T> write = new WriteGroup.Write<>(work, first -> together(lane, first));
    submit(lane, write);
    return await(write.done());
  }

  private void together(Lane lane, WriteGroup.Write<?> first) {
    try {
      lane.outage.check();
    } catch (StorageException e) {
      first.done().completeExceptionally(e);
      return;
    }
    inside.set(true);
    try {
      lane.groups.run(first, lane.threads.getQueue());
    } finally {
      inside.set(false);
    }
    if (first.done().isCompletedExceptionally()
        && first.done().exceptionNow() instanceof RuntimeException e) {
      lane.outage.failed(e);
    }
  }

  private static void submit(Lane lane, Runnable task) {
    try {
      lane.threads.execute(task);
    } catch (RejectedExecutionException e) {
      throw new DatabaseBusy(lane.name, lane.threads.getQueue().size());
    }
  }

  /** A lane that may be used by the caller. */
  private Lane open(@Nullable Lane lane) {
    if (lane == null) {
      throw new IllegalStateException("the database is closed");
    }
    if (inside.get()) {
      // It would wait for itself: pass the Handle on instead.
      throw new IllegalStateException("database work was started inside database work");
    }
    lane.outage.check();
    return lane;
  }

  private <T extends @Nullable Object> T run(@Nullable Lane asked, Function<Handle, T> work) {
    Lane lane = open(asked);
    Callable<T> task =
        () -> {
          // Whoever waited while another found that it is away does not wait for it again.
          lane.outage.check();
          inside.set(true);
          try {
            return lane.jdbi.inTransaction(work::apply);
          } catch (RuntimeException e) {
            lane.outage.failed(e);
            throw e;
          } finally {
            inside.set(false);
          }
        };
    FutureTask<T> future = new FutureTask<>(task);
    submit(lane, future);
    return await(future);
  }

  /**
   * Waits even when interrupted: a write that has been handed over will happen, and a caller that
   * left early could tell its client that it did not.
   */
  private static <T extends @Nullable Object> T await(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          Throwable cause = e.getCause();
          throw cause == null
              ? new IllegalStateException("database work failed", e)
              : StorageException.of(cause)
                  .map(RuntimeException.class::cast)
                  .orElseGet(() -> unchecked(cause));
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static @Nullable String rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException("database work failed", cause);
    };
  }

  private static void close(@Nullable Lane lane) {
    if (lane == null) {
      return;
    }
    lane.threads.shutdown();
    try {
      if (!lane.threads.awaitTermination(10, TimeUnit.SECONDS)) {
        lane.threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      lane.threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    lane.outage.close();
    lane.pool.close();
  }

  /** Threads with as many connections. */
  private static final class Lane {
    final String name;
    final HikariDataSource pool;
    final Jdbi jdbi;
    final Outage outage;
    final WriteGroup groups;
    final ThreadPoolExecutor threads;

    Lane(String name, int size, int waiting, HikariConfig config, Engine engine) {
      this.name = name;
      config.setPoolName(name);
      config.setMaximumPoolSize(size);
      pool = new HikariDataSource(config);
      jdbi = Jdbi.create(pool);
      outage = new Outage(pool);
      groups = new WriteGroup(jdbi, engine::beforeWrite);
      threads =
          new ThreadPoolExecutor(
              size,
              size,
              0,
              TimeUnit.SECONDS,
              new ArrayBlockingQueue<>(waiting),
              engine.threads(name));
    }
  }
}
