package dev.troth.server;

import dev.troth.server.db.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/**
 * What reads cost, in a measure that no busy machine changes: on SQLite the steps of its virtual
 * machine in tens, on PostgreSQL the rows and index entries that it has looked at.
 */
final class ReadWork {
  private static final int STEPS = 10;
  private static final int FILE_READERS = 2;
  private static final int SERVER_READERS = 8;
  private static final int ROUNDS = 3;

  private final TestPlatform platform;
  private final AtomicLong tens = new AtomicLong();

  ReadWork(TestPlatform platform) {
    this.platform = platform;
    if (platform.isOnSqlite()) {
      onEachReader(this::count);
    }
  }

  private void count(Handle handle) {
    try {
      ProgressHandler.setHandler(
          handle.getConnection().unwrap(SQLiteConnection.class),
          STEPS,
          new ProgressHandler() {
            @Override
            protected int progress() {
              tens.incrementAndGet();
              return 0;
            }
          });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The least that some work cost of a few times, since others read beside it. */
  long of(Runnable work) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long before = now();
      work.run();
      least = Math.min(least, now() - before);
    }
    return least;
  }

  private long now() {
    if (platform.isOnSqlite()) {
      return tens.get();
    }
    onEachReader(handle -> handle.execute("SELECT pg_stat_force_next_flush()"));
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables)
                      + (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes)
                    """)
                .mapTo(Long.class)
                .one());
  }

  /** Does something on every connection that reads: all are taken before any is given back. */
  private void onEachReader(Consumer<Handle> work) {
    Database database = platform.database();
    int readers = platform.isOnSqlite() ? FILE_READERS : SERVER_READERS;
    CyclicBarrier all = new CyclicBarrier(readers);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> done = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        done.add(
            threads.submit(() ->
                database.read(handle -> {
                  work.accept(handle);
                  await(all);
                  return true;
                })));
      }
      for (Future<Boolean> one : done) {
        one.get();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CyclicBarrier all) {
    try {
      all.await(20, java.util.concurrent.TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("not all connections that read can be had", e);
    }
  }
}
