package dev.troth.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes that wait at the same time share a commit, and nothing else. */
class WriteGroupTest {
  @TempDir Path folder;
  private Database database;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** The first write waits here, so that the others wait behind it. */
  private final CountDownLatch entered = new CountDownLatch(1);

  private final CountDownLatch go = new CountDownLatch(1);
  private final List<Object> told = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    database = new Database(folder.resolve("test.db"), 2);
    database.start();
    database.write(handle -> handle.execute("CREATE TABLE n (i INTEGER PRIMARY KEY, x TEXT)"));
  }

  @AfterEach
  void close() {
    go.countDown();
    threads.shutdownNow();
    database.stop();
  }

  private List<Integer> numbers() {
    return database.read(
        handle -> handle.createQuery("SELECT i FROM n ORDER BY i").mapTo(Integer.class).list());
  }

  private int insert(Handle handle, int number) {
    handle.afterCommit(() -> told.add(number));
    return handle.execute("INSERT INTO n (i) VALUES (?)", number);
  }

  /** A write that holds the writer until {@link #go}. */
  private Future<Integer> holding(int number) throws InterruptedException {
    Future<Integer> first =
        threads.submit(() ->
            database.write(handle -> {
              entered.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return insert(handle, number);
            }));
    entered.await();
    return first;
  }

  private void waitUntilWaiting(int writes) {
    while (database.waitingWrites() < writes) {
      Thread.onSpinWait();
    }
  }

  private long walBytes() throws IOException {
    return Files.size(folder.resolve("test.db-wal"));
  }

  @Test
  void thoseWhoWaitShareOneCommit() throws Exception {
    Future<Integer> first = holding(0);
    List<Future<Integer>> others = new ArrayList<>();
    AtomicInteger commits = new AtomicInteger();
    for (int i = 1; i <= 20; i++) {
      int number = i;
      others.add(threads.submit(() -> database.write(handle -> insert(handle, number))));
    }
    waitUntilWaiting(20);
    long before = walBytes();
    go.countDown();
    assertThat(first.get()).isEqualTo(1);
    for (Future<Integer> other : others) {
      assertThat(other.get()).isEqualTo(1);
      commits.incrementAndGet();
    }
    assertThat(numbers()).hasSize(21);
    assertThat(told).hasSize(21);
    // A commit of its own for each would write each page that it changes once more.
    assertThat((walBytes() - before) / 4120).as("pages written").isLessThan(10);
  }

  @Test
  void oneThatFailsTakesNobodyElseBackAndIsNotTold() throws Exception {
    Future<Integer> first = holding(0);
    List<Future<Integer>> good = new ArrayList<>();
    List<Future<Integer>> bad = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      int number = i;
      if (i % 3 == 0) {
        bad.add(
            threads.submit(() ->
                database.write(handle -> {
                  insert(handle, 100 + number);
                  throw new IllegalArgumentException("no " + number);
                })));
      } else if (i % 5 == 0) {
        bad.add(
            threads.submit(() ->
                database.write(handle -> {
                  insert(handle, 100 + number);
                  return handle.execute("INSERT INTO n (i) VALUES (?)", 100 + number);
                })));
      } else {
        good.add(threads.submit(() -> database.write(handle -> insert(handle, number))));
      }
    }
    waitUntilWaiting(20);
    go.countDown();
    assertThat(first.get()).isEqualTo(1);
    for (Future<Integer> one : good) {
      assertThat(one.get()).isEqualTo(1);
    }
    for (Future<Integer> one : bad) {
      assertThatThrownBy(one::get).isInstanceOf(ExecutionException.class);
    }
    assertThat(numbers()).hasSize(1 + good.size()).allMatch(number -> number < 100);
    assertThat(told).hasSize(1 + good.size()).allMatch(number -> (int) number < 100);
  }

  @Test
  void whoIsRefusedForWhatTheGroupDidReadsItAfterwards() throws Exception {
    Future<Integer> first = holding(0);
    Future<List<Integer>> refused =
        threads.submit(() -> {
          try {
            database.write(handle -> {
              if (handle.createQuery("SELECT count(*) FROM n").mapTo(int.class).one() > 0) {
                throw new IllegalArgumentException("full");
              }
              return insert(handle, 1);
            });
            return List.of(-1);
          } catch (IllegalArgumentException full) {
            return numbers();
          }
        });
    waitUntilWaiting(1);
    // Behind the refused one, so that the group goes on for a while.
    Future<Integer> third =
        threads.submit(() ->
            database.write(handle -> {
              LockSupport.parkNanos(2_000_000);
              return insert(handle, 2);
            }));
    waitUntilWaiting(2);
    go.countDown();
    assertThat(refused.get()).contains(0);
    assertThat(first.get()).isEqualTo(1);
    assertThat(third.get()).isEqualTo(1);
  }

  @Test
  void whoIsRefusedForWhatWasNeverOnDiskIsToldSo() throws Exception {
    Future<Integer> first = holding(0);
    Future<Integer> refused =
        threads.submit(() ->
            database.write(handle -> {
              throw new IllegalArgumentException("full");
            }));
    waitUntilWaiting(1);
    Future<Integer> third =
        threads.submit(() ->
            database.write(handle -> {
              insert(handle, 2);
              handle.execute("INSERT OR ROLLBACK INTO n (i) VALUES (2)");
              return 1;
            }));
    waitUntilWaiting(2);
    go.countDown();
    assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(third::get).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(refused::get)
        .isInstanceOf(ExecutionException.class)
        .hasMessageNotContaining("full");
  }

  @Test
  void aCallbackThatFailsIsTheFailureOfItsWriteAlone() throws Exception {
    Future<Integer> first =
        threads.submit(() ->
            database.write(handle -> {
              entered.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              handle.afterCommit(() -> {
                throw new IllegalStateException("first");
              });
              return insert(handle, 0);
            }));
    entered.await();
    Future<Integer> second =
        threads.submit(() ->
            database.write(handle -> {
              handle.afterCommit(() -> {
                throw new IllegalStateException("second");
              });
              return insert(handle, 1);
            }));
    waitUntilWaiting(1);
    Future<Integer> third = threads.submit(() -> database.write(handle -> insert(handle, 2)));
    waitUntilWaiting(2);
    go.countDown();
    assertThatThrownBy(first::get).hasMessageContaining("first");
    assertThatThrownBy(second::get).hasMessageContaining("second");
    assertThat(third.get()).isEqualTo(1);
    assertThat(numbers()).containsExactly(0, 1, 2);
  }

  @Test
  void theFirstThatFailsLeavesTheOthersTheirTurn() throws Exception {
    Future<Integer> first =
        threads.submit(() ->
            database.write(handle -> {
              entered.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              insert(handle, 0);
              throw new IllegalArgumentException("no");
            }));
    entered.await();
    Future<Integer> second = threads.submit(() -> database.write(handle -> insert(handle, 1)));
    waitUntilWaiting(1);
    go.countDown();
    assertThatThrownBy(first::get).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(second.get()).isEqualTo(1);
    assertThat(numbers()).containsExactly(1);
    assertThat(told).containsExactly((Object) 1);
  }

  @Test
  void aTransactionThatIsGoneFailsAllThatSharedItAndNobodyIsTold() throws Exception {
    Future<Integer> first = holding(0);
    Future<Integer> second = threads.submit(() -> database.write(handle -> insert(handle, 1)));
    waitUntilWaiting(1);
    // As SQLite does by itself when the disk is full.
    Future<Integer> third =
        threads.submit(() ->
            database.write(handle -> {
              insert(handle, 2);
              handle.execute("INSERT OR ROLLBACK INTO n (i) VALUES (2)");
              return 1;
            }));
    waitUntilWaiting(2);
    Future<Integer> fourth = threads.submit(() -> database.write(handle -> insert(handle, 3)));
    waitUntilWaiting(3);
    go.countDown();
    assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(second::get).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(third::get).isInstanceOf(ExecutionException.class);
    assertThat(fourth.get()).isEqualTo(1);
    assertThat(numbers()).containsExactly(3);
    assertThat(told).containsExactly((Object) 3);
  }

  @Test
  void aFullDiskIsSaidToAllThatSharedTheTransaction() throws Exception {
    database.write(handle -> handle.execute("PRAGMA max_page_count = 20"));
    Future<Integer> first = holding(0);
    Future<Integer> second =
        threads.submit(() ->
            database.write(handle ->
                handle.execute("INSERT INTO n (i, x) VALUES (1, ?)", "x".repeat(1_000_000))));
    waitUntilWaiting(1);
    go.countDown();
    assertThatThrownBy(second::get)
        .hasCauseInstanceOf(StorageException.class)
        .hasMessageContaining("the disk is full");
    try {
      assertThat(first.get()).isEqualTo(1);
      assertThat(numbers()).containsExactly(0);
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(StorageException.class);
      assertThat(numbers()).isEmpty();
    }
  }

  @Test
  void workInsideWorkIsRefusedInAGroupToo() throws Exception {
    Future<Integer> first = holding(0);
    Future<Object> second =
        threads.submit(() -> database.write(handle -> database.write(inner -> insert(inner, 1))));
    waitUntilWaiting(1);
    go.countDown();
    assertThat(first.get()).isEqualTo(1);
    assertThatThrownBy(second::get).hasMessageContaining("inside database work");
    assertThat(numbers()).containsExactly(0);
  }
}
