package dev.troth.server.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.config.KafkaSettings;
import dev.troth.server.db.Database;
import dev.troth.server.db.Migrator;
import dev.troth.server.event.EventStore;
import dev.troth.server.event.Events;
import dev.troth.server.ops.Lifecycle;
import dev.troth.testkit.ManualClock;
import dev.troth.testkit.Size;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.NewChange;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fails the n-th call of the log while messages of a topic are taken, before it and after it, for
 * every n until a run is untouched: each message is told once, in the topic's order.
 */
class TopicFaultTest {
  private static final int MESSAGES = Size.count(3, 10);

  @TempDir Path folder;

  /** Fails before the append or behind it, when its transaction is not committed yet. */
  private static final class Failing implements ChangeLog<Handle> {
    private final ChangeLog<Handle> log;
    private final int nth;
    final AtomicInteger calls = new AtomicInteger();

    Failing(ChangeLog<Handle> log, int nth) {
      this.log = log;
      this.nth = nth;
    }

    private void call() {
      if (calls.incrementAndGet() == nth) {
        // As SQLite says that the disk is full.
        throw new IllegalStateException(new SQLException("full", null, 13));
      }
    }

    @Override
    public Change append(Handle handle, NewChange change) {
      call();
      Change appended = log.append(handle, change);
      call();
      return appended;
    }

    @Override
    public List<Change> after(long seq, int limit) {
      return log.after(seq, limit);
    }

    @Override
    public long head() {
      return log.head();
    }
  }

  @Test
  void eachMessageIsToldOnceWhicheverCallFails() throws Exception {
    try (Broker broker = Broker.start(folder.resolve("broker"))) {
      broker.topic("orders", 1);
      List<Integer> all = IntStream.rangeClosed(1, MESSAGES).boxed().toList();
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 0),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        for (int n : all) {
          var _ = producer.send(message(n)).get();
        }
      }
      int nth = 1;
      while (run(broker.bootstrap(), nth, all)) {
        nth++;
      }
      assertThat(nth).as("calls that failed").isGreaterThan(2 * MESSAGES);
    }
  }

  private static ProducerRecord<byte[], byte[]> message(int n) {
    String event =
        """
        {"specversion":"1.0","id":"%d","source":"/shop","type":"order.moved","subject":"order/1","data":{"n":%d}}
        """
            .formatted(n, n);
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>("orders", 0, null, event.getBytes(UTF_8));
    message.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    return message;
  }

  private boolean run(String bootstrap, int nth, List<Integer> all) {
    ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    Database database = new Database(folder.resolve(nth + ".troth"), 2);
    database.start();
    try {
      new Migrator(database, clock).start();
      SqliteChangeLog log = new SqliteChangeLog(database, clock);
      Failing failing = new Failing(log, nth);
      KafkaClients clients =
          new KafkaClients(
              new KafkaSettings(
                  bootstrap, List.of("orders"), Optional.empty(), "group-" + nth, Map.of()),
              database,
              log,
              new Events(new EventStore(failing)),
              clock);
      clients.parts().forEach(Lifecycle::start);
      try {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () -> assertThat(told(log)).as("call %d failed", nth).hasSize(all.size()));
        assertThat(told(log)).as("call %d failed", nth).isEqualTo(all);
      } finally {
        clients.parts().reversed().forEach(Lifecycle::stop);
      }
      return failing.calls.get() >= nth;
    } finally {
      database.stop();
    }
  }

  private static List<Integer> told(ChangeLog<Handle> log) {
    return log.after(0, 1_000).stream()
        .map(change -> change.after().values().get("n") instanceof Number n ? n.intValue() : -1)
        .toList();
  }
}
