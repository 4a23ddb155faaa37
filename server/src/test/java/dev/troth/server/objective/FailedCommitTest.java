package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.db.Database;
import dev.troth.server.db.Migrator;
import dev.troth.server.incident.AlertChanges;
import dev.troth.server.incident.AlertTeller;
import dev.troth.server.incident.Paging;
import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.Intake;
import dev.troth.server.telemetry.MetricPoint;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.server.telemetry.Stage;
import dev.troth.server.trace.BadTraces;
import dev.troth.server.trace.TraceStore;
import dev.troth.server.trace.TraceViewStore;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Span;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.testkit.ManualClock;
import dev.troth.watch.change.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fails the n-th commit, for every n until a run is untouched, with senders that come again. */
final class FailedCommitTest {
  private static final int ROUNDS = 3;
  private static final String FILE =
      """
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: orders}
      spec:
        steps:
          - {name: api, match: {service: api}}
          - {name: table, match: {service: table}}
        timeWindow: [{duration: 30d}]
        objectives: [{target: 0.99}]
      ---
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: web}
      spec:
        kind: disjoint
        counters:
          total: {metric: web.all}
          failed: [{name: web, metric: web.bad}]
        timeWindow: [{duration: 30d}]
        objectives: [{target: 0.99}]
      ---
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: jobs}
      spec:
        kind: disjoint
        counters:
          total: {metric: jobs.all}
          failed: [{name: jobs, metric: jobs.bad}]
        timeWindow: [{duration: 30d}]
        objectives: [{target: 0.99}]
      """;

  @TempDir Path folder;

  /** The last stage: it throws when all that came before it has been written. */
  private static final class Failing implements Stage {
    final AtomicInteger commits = new AtomicInteger();
    final int nth;

    /** The next commit of something received fails, whatever its number. */
    volatile boolean armed;

    Failing(int nth) {
      this.nth = nth;
    }

    @Override
    public void take(Handle handle, List<Batch> batches, Instant now) {
      boolean due = armed && !batches.isEmpty();
      armed = armed && !due;
      if (commits.incrementAndGet() == nth || due) {
        throw new IllegalStateException("the disk is full");
      }
    }

    @Override
    public void committed() {}

    @Override
    public void failed(Instant now) {}

    @Override
    public boolean pending(Instant now) {
      return false;
    }

    @Override
    public boolean hasRoom() {
      return true;
    }
  }

  /** The objectives, from the way in to the store. */
  private static final class Room implements AutoCloseable {
    final ObjectiveStage stage;
    final Intake intake;

    Room(Database database, ManualClock clock, Stage last) {
      Loaded loaded = ObjectiveFiles.read(Map.of("a.yaml", FILE));
      assertThat(loaded.problems()).isEmpty();
      var limits = new Limits(Duration.ofSeconds(5), Duration.ofHours(1), 1 << 20);
      var teller =
          new AlertTeller(
              new AlertChanges(
                  new SqliteChangeLog(database, clock),
                  List.of(),
                  (handle, fired) -> Optional.empty()),
              nobody());
      stage =
          new ObjectiveStage(
              database,
              clock,
              new ObjectiveStage.Sources(loaded, limits, false, Duration.ofDays(90)),
              teller);
      BadTraces kept =
          new BadTraces(
              new TraceViewStore(database),
              spans -> List.of(),
              new BadTraces.Keeping(Duration.ofMinutes(2), 1 << 20, Duration.ofDays(7)));
      intake =
          new Intake(
              database,
              clock,
              new Intake.Limits(10_000, Duration.ofMillis(2)),
              List.of(stage, new TraceStore(1_000, 100, kept), last));
      stage.start();
      intake.start();
    }

    private static Paging nobody() {
      return new Paging() {
        @Override
        public void acknowledged(Handle handle, Subject subject, String group, String user) {}

        @Override
        public void forgotten(Handle handle, Subject subject, String group) {}
      };
    }

    /** As a sender does: the same again until it is taken. */
    void send(Batch batch) {
      for (int i = 0; i < 3; i++) {
        if (intake.offer(batch) == Intake.Answer.STORED) {
          return;
        }
      }
      throw new AssertionError("three times in a row it could not be stored");
    }

    String counts(String objective) {
      ObjectiveStatus standing =
          stage.standings().stream()
              .filter(one -> one.objective().name().equals(objective))
              .findFirst()
              .orElseThrow();
      return standing.counts().badHigh() + " of " + standing.counts().total();
    }

    @Override
    public void close() {
      intake.stop();
    }
  }

  @Test
  void whateverCommitFailsEverythingCountsOnceAndIsToldOnce() throws IOException {
    Path empty = folder.resolve("empty.db");
    Database fresh = new Database(empty, 1);
    fresh.start();
    new Migrator(fresh, ManualClock.at("2026-03-01T12:00:00Z")).start();
    fresh.stop();
    int nth = 1;
    while (run(nth, Files.copy(empty, folder.resolve(nth + ".db")))) {
      nth++;
    }
    // Fewer would mean that nothing was sent.
    assertThat(nth).isGreaterThan(2 * ROUNDS);
  }

  @Test
  void whatWasNotStoredAndIsNotSentAgainDoesNotCount() {
    ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    Database database = new Database(folder.resolve("given-up.db"), 2);
    database.start();
    new Migrator(database, clock).start();
    Failing failing = new Failing(0);
    try (Room room = new Room(database, clock, failing)) {
      Instant started = clock.instant();
      for (int round = 0; round < ROUNDS; round++) {
        clock.advance(Duration.ofSeconds(60));
        for (Batch batch : List.of(spans(clock, round), points(clock, started, round))) {
          failing.armed = round == 1;
          assertThat(room.intake.offer(batch))
              .isEqualTo(round == 1 ? Intake.Answer.FAILED : Intake.Answer.STORED);
        }
      }
      clock.advance(Duration.ofMinutes(3));
      await()
          .untilAsserted(() -> {
            assertThat(room.counts("orders")).isEqualTo("2 of 6");
            assertThat(room.counts("jobs")).isEqualTo("10 of 100");
            // A cumulative counter tells the next time what was lost with its last point.
            assertThat(room.counts("web")).isEqualTo("30 of 300");
          });
    } finally {
      database.stop();
    }
  }

  /** Returns whether the n-th commit took place, and failed. */
  private boolean run(int nth, Path file) {
    ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    Database database = new Database(file, 2);
    database.start();
    Failing failing = new Failing(nth);
    try {
      try (Room room = new Room(database, clock, failing)) {
        Instant started = clock.instant();
        for (int round = 0; round < ROUNDS; round++) {
          clock.advance(Duration.ofSeconds(60));
          room.send(spans(clock, round));
          room.send(points(clock, started, round));
          clock.advance(Duration.ofSeconds(10));
        }
        clock.advance(Duration.ofMinutes(3));
        check(room, nth);
      }
      try (Room again = new Room(database, clock, new Failing(0))) {
        clock.advance(Duration.ofSeconds(1));
        check(again, nth);
        // What was taken before the restart is known after it.
        again.send(spans(clock, ROUNDS - 1, Duration.ofSeconds(-191)));
        clock.advance(Duration.ofSeconds(10));
        check(again, nth);
      }
      assertThat(told(database, "alert.fired")).as("commit %d", nth).isLessThanOrEqualTo(3);
      assertThat(duplicates(database)).as("commit %d", nth).isEmpty();
    } finally {
      database.stop();
    }
    return failing.commits.get() >= nth;
  }

  private static void check(Room room, int nth) {
    await()
        .untilAsserted(() -> {
          assertThat(room.counts("orders")).as("commit %d", nth).isEqualTo("3 of 9");
          assertThat(room.counts("web")).as("commit %d", nth).isEqualTo("30 of 300");
          assertThat(room.counts("jobs")).as("commit %d", nth).isEqualTo("15 of 150");
        });
  }

  private static int told(Database database, String type) {
    return database.read(handle ->
        handle
            .createQuery("SELECT count(*) FROM change WHERE type = ?")
            .bind(0, type)
            .mapTo(Integer.class)
            .one());
  }

  /** Incidents that one objective opened more than once. */
  private static List<String> duplicates(Database database) {
    return database.read(handle ->
        handle
            .createQuery("SELECT objective FROM incident GROUP BY 1 HAVING count(*) > 1")
            .mapTo(String.class)
            .list());
  }

  private static Batch spans(ManualClock clock, int round) {
    return spans(clock, round, Duration.ZERO);
  }

  /** Three requests, one of them bad. */
  private static Batch spans(ManualClock clock, int round, Duration shift) {
    long end = clock.instant().plus(shift).toEpochMilli() * 1_000_000;
    List<SpanRecord> spans = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String trace = "%032x".formatted(1 + 3 * round + i);
      spans.add(span(trace, 1, "api", end, false));
      spans.add(span(trace, 2, "table", end, i == 0));
    }
    return new Batch(spans, List.of(), List.of(), Batch.Rejected.NONE);
  }

  private static SpanRecord span(String trace, long id, String service, long end, boolean bad) {
    Span span =
        new Span(
            new Span.Ids(trace, id, id - 1),
            new Span.Place(service, service, Span.SpanKind.SERVER),
            new Span.Interval(end - 1_000_000, end),
            bad,
            Map.of(),
            1);
    return new SpanRecord(span, bad ? "error" : "ok", "", List.of());
  }

  /** Counters of both kinds: ten in a hundred, and five in fifty, are bad. */
  private static Batch points(ManualClock clock, Instant started, int round) {
    Instant now = clock.instant();
    Instant before = now.minusSeconds(60);
    List<MetricPoint> points =
        List.of(
            new MetricPoint("web.all", Map.of(), started, now, 100.0 * (round + 1), true),
            new MetricPoint("web.bad", Map.of(), started, now, 10.0 * (round + 1), true),
            new MetricPoint("jobs.all", Map.of(), before, now, 50, false),
            new MetricPoint("jobs.bad", Map.of(), before, now, 5, false));
    return new Batch(List.of(), List.of(), points, Batch.Rejected.NONE);
  }
}
