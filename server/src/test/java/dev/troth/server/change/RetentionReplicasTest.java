package dev.troth.server.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPostgres;
import dev.troth.server.delivery.SqliteFanOutStore;
import dev.troth.server.record.RecordStore;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retention of one platform while another holds a transaction open. */
final class RetentionReplicasTest {
  private String url = "";

  @BeforeEach
  void open() {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    url = TestPostgres.newDatabase();
  }

  @AfterEach
  void close() {
    if (!url.isEmpty()) {
      TestPostgres.drop(url);
    }
  }

  private static void update(TestPlatform platform, String value) {
    assertThat(platform.post("/api/update/1", "{\"value\":\"%s\"}".formatted(value)).status())
        .isEqualTo(200);
  }

  private static long ask(TestPlatform platform, String sql) {
    return platform.database().read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  @Test
  void retentionDoesNotPassAnOpenTransactionAndTakesItsChangeAfterwards() throws Exception {
    try (TestPlatform writing = TestPlatform.start("store.url", url);
        TestPlatform removing = TestPlatform.start("store.url", url)) {
      update(writing, "old");
      await()
          .untilAsserted(() -> assertThat(ask(removing, "SELECT count(*) FROM fanout")).isZero());
      SqliteChangeLog log =
          new SqliteChangeLog(writing.database(), writing.clock(), SqliteFanOutStore::begin);
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch commit = new CountDownLatch(1);
      CompletableFuture<Long> held =
          CompletableFuture.supplyAsync(
              () ->
                  writing
                      .database()
                      .write(handle -> {
                        long seq =
                            log.append(
                                    handle,
                                    NewChange.of(new Subject("record", "2"), "held", "somebody"))
                                .seq();
                        written.countDown();
                        awaitQuietly(commit);
                        return seq;
                      }),
              Thread::startVirtualThread);
      assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
      // For who removes, everything is old: also what is not committed yet.
      removing.clock().advance(Duration.ofDays(100));
      Retention retention =
          new Retention(
              removing.database(),
              removing.clock(),
              Duration.ofDays(90),
              List.of(new RecordStore(new SqliteChangeLog(removing.database(), removing.clock()))));
      CompletableFuture<Integer> removed =
          CompletableFuture.supplyAsync(retention::remove, Thread::startVirtualThread);
      CompletableFuture<Void> later =
          CompletableFuture.runAsync(() -> update(removing, "later"), Thread::startVirtualThread);
      await()
          .atMost(Duration.ofSeconds(7))
          .untilAsserted(() -> {
            assertThat(removed).as("retention").isNotDone();
            assertThat(ask(writing, "SELECT count(*) FROM pg_locks WHERE NOT granted"))
                .isPositive();
          });
      assertThat(removed).isNotDone();
      assertThat(ask(writing, "SELECT max(upto) FROM change_purged")).isZero();
      commit.countDown();
      long seq = held.get(10, TimeUnit.SECONDS);
      later.get(10, TimeUnit.SECONDS);
      // Whatever was removed was there for all before: nothing was skipped unseen.
      assertThat(removed.get(10, TimeUnit.SECONDS)).isEqualTo(2);
      assertThat(ask(writing, "SELECT max(upto) FROM change_purged")).isEqualTo(seq);
      assertThat(ask(writing, "SELECT count(*) FROM change")).isEqualTo(1);
      assertThat(ask(writing, "SELECT min(seq) FROM change")).isEqualTo(seq + 1);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(8, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
