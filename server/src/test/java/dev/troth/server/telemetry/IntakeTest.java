package dev.troth.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.db.Database;
import dev.troth.server.telemetry.Intake.Answer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Overload and failure at the way in, with a stage that is as slow or broken as a test wants. */
final class IntakeTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Database database;

  private final Slow stage = new Slow();

  /** Holds each transaction until it is let go. */
  private static final class Slow implements Stage {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger items = new AtomicInteger();
    volatile boolean room = true;

    @Override
    public void take(Handle handle, List<Batch> batches, Instant now) {
      entered.countDown();
      try {
        go.await();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      if (failures.getAndDecrement() > 0) {
        throw new IllegalStateException("the disk is full");
      }
      batches.forEach(batch -> items.addAndGet(batch.size()));
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
      return room;
    }
  }

  @BeforeEach
  void open() {
    database = new Database(folder.resolve("troth.db"), 1);
    database.start();
  }

  @AfterEach
  void close() {
    database.stop();
  }

  private Intake intake(int items) {
    Intake intake =
        new Intake(
            database,
            Clock.systemUTC(),
            new Intake.Limits(items, Duration.ofMillis(10)),
            List.of(stage));
    intake.start();
    return intake;
  }

  private static Batch points(int count) {
    List<MetricPoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(new MetricPoint("m", java.util.Map.of(), Instant.EPOCH, Instant.EPOCH, 1, false));
    }
    return Batch.ofPoints(points, Batch.Rejected.NONE);
  }

  @Test
  void aBurstBeyondTheQueueIsRefusedCountedAndTakenLater() throws Exception {
    Intake intake = intake(100);
    var first = CompletableFuture.supplyAsync(() -> intake.offer(points(60)));
    stage.entered.await();
    var second = CompletableFuture.supplyAsync(() -> intake.offer(points(40)));
    while (intake.waiting() < 100) {
      Thread.onSpinWait();
    }
    // Ten times as much as fits: all refused, nothing kept.
    for (int i = 0; i < 10; i++) {
      assertThat(intake.offer(points(100))).isEqualTo(Answer.FULL);
    }
    assertThat(intake.refused()).isEqualTo(1_000);
    assertThat(intake.waiting()).isEqualTo(100);

    stage.go.countDown();
    assertThat(first.get()).isEqualTo(Answer.STORED);
    assertThat(second.get()).isEqualTo(Answer.STORED);
    assertThat(intake.offer(points(100))).isEqualTo(Answer.STORED);
    assertThat(stage.items).hasValue(200);
    intake.stop();
  }

  @Test
  void whatCouldNotBeStoredIsNotAcknowledged() {
    stage.go.countDown();
    stage.failures.set(1);
    Intake intake = intake(100);
    assertThat(intake.offer(points(1))).isEqualTo(Answer.FAILED);
    assertThat(intake.offer(points(1))).isEqualTo(Answer.STORED);
    assertThat(intake.received()).isEqualTo(1);
    intake.stop();
  }

  @Test
  void aStageWithoutRoomRefusesAtOnce() {
    stage.go.countDown();
    stage.room = false;
    Intake intake = intake(100);
    assertThat(intake.offer(points(1))).isEqualTo(Answer.FULL);
    assertThat(intake.refused()).isEqualTo(1);
    intake.stop();
    assertThat(intake.offer(points(1))).isEqualTo(Answer.FAILED);
  }
}
