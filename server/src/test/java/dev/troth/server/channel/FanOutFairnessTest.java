package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.testkit.Size;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change that a crowd watches leaves the single watcher of another subject its turn. */
final class FanOutFairnessTest {
  private static final int CROWD = Size.count(20_000, 1_000_000);

  /** A page holds 500 at most; one may be under way, and one may have begun meanwhile. */
  private static final int THREE_PAGES = 1_500;

  private static final Logger TOLD = Logger.getLogger("troth.notify");

  private final TestPlatform platform = TestPlatform.start("limits.rate", "100000");
  private final AtomicInteger crowd = new AtomicInteger();
  private final AtomicInteger beforeAlone = new AtomicInteger(-1);
  private final AtomicLong aloneAt = new AtomicLong();
  private final Handler lines =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getMessage().startsWith("notify alone:")) {
            aloneAt.set(System.nanoTime());
            beforeAlone.set(crowd.get());
          } else {
            crowd.incrementAndGet();
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    TOLD.addHandler(lines);
    TOLD.setUseParentHandlers(false);
  }

  @AfterEach
  void close() {
    TOLD.removeHandler(lines);
    TOLD.setUseParentHandlers(true);
    platform.close();
  }

  private void watch(String user, String target) {
    String wish = "{\"user\":\"%s\",\"target\":\"%s\",\"channels\":[\"console\"]}";
    assertThat(platform.post("/api/watches", wish.formatted(user, target)).status()).isEqualTo(201);
  }

  private void changes(String subject) {
    var changes = platform.changes();
    boolean _ =
        platform
            .database()
            .write(handle -> {
              NewChange change = NewChange.of(Subject.parse(subject), "moved", "test");
              var _ = changes.append(handle, change);
              return true;
            });
  }

  /** As many watch as one does, since a million requests would take minutes. */
  private void multiply(String user, int count) {
    int made =
        platform
            .database()
            .write(handle ->
                handle.execute(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                    INSERT INTO watch (root, user_name, target, level, types, filter, channels,
                      muted_until, own_changes, pushes, since, created_at, via)
                    SELECT 1000000 + n.i, 'c' || n.i, w.target, w.level, w.types, w.filter,
                      w.channels, w.muted_until, w.own_changes, w.pushes, w.since, w.created_at,
                      w.via
                    FROM n, watch w WHERE w.user_name = ?
                    """,
                    count,
                    user));
    assertThat(made).isEqualTo(count);
  }

  @Test
  void theSingleWatcherOfAnotherSubjectIsToldWithinPagesOfTheCrowds() {
    watch("c0", "crowd/1");
    watch("alone", "alone/1");
    multiply("c0", CROWD - 1);
    changes("crowd/1");
    await().until(() -> crowd.get() > 0);
    int before = crowd.get();
    long from = System.nanoTime();
    changes("alone/1");
    await().pollInterval(Duration.ofMillis(2)).until(() -> beforeAlone.get() >= 0);
    System.out.printf(
        "beside a fan-out to %d: told after %d ms and %d of them%n",
        CROWD, (aloneAt.get() - from) / 1_000_000, beforeAlone.get() - before);
    assertThat(beforeAlone.get() - before).isLessThanOrEqualTo(THREE_PAGES);
    await().atMost(Duration.ofMinutes(4)).until(() -> crowd.get() == CROWD);
  }
}
