package dev.troth.server.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPostgres;
import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.slo.chain.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Two platforms that trim the same traces at once do it one after the other, so that neither holds
 * what the other waits for.
 */
final class TraceReplicasTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final int KEPT = 20;
  private long span;

  /** Spans of these traces, one each. */
  private Batch of(String traces) {
    List<SpanRecord> records = new ArrayList<>();
    for (String trace : traces.split("")) {
      long id = ++span;
      records.add(
          new SpanRecord(
              new Span(
                  new Span.Ids(trace.repeat(32), id, 0),
                  new Span.Place("shop", "GET /", Span.SpanKind.SERVER),
                  new Span.Interval(id, id + 1),
                  false,
                  Map.of(),
                  1),
              "ok",
              "",
              List.of()));
    }
    return new Batch(records, List.of(), List.of(), Batch.Rejected.NONE);
  }

  private static TraceStore store(TestPlatform platform, int spans) {
    BadTraces kept =
        new BadTraces(
            new TraceViewStore(platform.database()),
            trace -> List.of(),
            new BadTraces.Keeping(Duration.ofMinutes(2), 1 << 20, Duration.ofDays(7)));
    return new TraceStore(spans, 100, kept);
  }

  private static long count(TestPlatform platform, String sql) {
    return platform.database().read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  @Test
  void theSecondBeginsWhenTheFirstIsCommitted() throws Exception {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    String url = TestPostgres.newDatabase();
    try (TestPlatform one = TestPlatform.start("store.url", url);
        TestPlatform other = TestPlatform.start("store.url", url);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      TraceStore whole = store(one, 100_000);
      boolean _ =
          one.database()
              .write(handle -> {
                whole.take(handle, List.of(of("0123456789".repeat(5))), NOW);
                return true;
              });
      Batch up = of("0123");
      Batch down = of("3210");
      CountDownLatch trimmed = new CountDownLatch(1);
      AtomicBoolean begun = new AtomicBoolean();
      Future<Boolean> first =
          threads.submit(() ->
              one.database()
                  .write(handle -> {
                    store(one, KEPT).take(handle, List.of(up), NOW);
                    trimmed.countDown();
                    await()
                        .atMost(Duration.ofSeconds(8))
                        .until(() ->
                            begun.get()
                                || count(
                                        one,
                                        "SELECT count(*) FROM pg_stat_activity"
                                            + " WHERE wait_event_type = 'Lock'")
                                    > 0);
                    return begun.get();
                  }));
      Future<Boolean> second =
          threads.submit(() -> {
            assertThat(trimmed.await(20, TimeUnit.SECONDS)).isTrue();
            return other
                .database()
                .write(handle -> {
                  begun.set(true);
                  store(other, KEPT).take(handle, List.of(down), NOW);
                  return true;
                });
          });
      assertThat(first.get(60, TimeUnit.SECONDS)).as("whether the second had begun").isFalse();
      assertThat(second.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(count(one, "SELECT count(*) FROM span")).isEqualTo(KEPT);
      assertThat(
              count(
                  one, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
          .isZero();
    } finally {
      TestPostgres.drop(url);
    }
  }
}
