package dev.troth.server.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.config.KafkaSettings;
import dev.troth.server.db.Database;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.change.Change;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The thread that sends every change to a topic, in the order of the log. A page is sent, its
 * confirmations are awaited, then the position moves on: after a crash a page is sent again.
 */
public final class ChangesOut implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.kafka");
  private static final int PAGE = 100;
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(5);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final int PATIENCE_SECONDS = 5;

  private static final List<Header> HEADERS =
      List.of(
          new RecordHeader(
              "content-type", "application/cloudevents+json; charset=UTF-8".getBytes(US_ASCII)));

  private final KafkaSettings settings;
  private final String topic;
  private final Database database;
  private final SqliteChangeLog changes;
  private final PositionStore positions;
  private final Traffic traffic;
  private final Predicate<Handle> turn;
  private final CountDownLatch stopping = new CountDownLatch(1);

  private @Nullable Thread thread;
  private String told = "";

  /** A change that the broker finds too long, which is sent without its fields next time. */
  private long tooLong;

  /** What it reads and writes. */
  record Ground(Database database, SqliteChangeLog changes, Traffic traffic) {}

  /**
   * @param turn whether this platform is the one that sends, asked in a transaction that writes
   */
  ChangesOut(KafkaSettings settings, String topic, Ground ground, Predicate<Handle> turn) {
    this.settings = settings;
    this.topic = topic;
    this.database = ground.database();
    this.changes = ground.changes();
    this.positions = new PositionStore(topic);
    this.traffic = ground.traffic();
    this.turn = turn;
  }

  @Override
  public String name() {
    return "changes to Kafka";
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name("kafka-out").daemon(true).start(this::run);
  }

  @Override
  public void stop() {
    stopping.countDown();
    changes.feed().poke();
    Thread running = thread;
    try {
      // What is not confirmed in this time is sent again after the next start.
      if (running != null && !running.join(Duration.ofSeconds(2))) {
        running.interrupt();
        running.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void run() {
    while (!isStopping()) {
      KafkaProducer<byte[], byte[]> producer = null;
      try {
        producer = Brokers.producer(settings, ClientSettings.producer(settings));
        send(producer);
      } catch (InterruptedException | InterruptException e) {
        return;
      } catch (MovedOn e) {
        LOG.log(Level.INFO, e.getMessage());
      } catch (RuntimeException e) {
        tell("sending to %s failed: %s".formatted(topic, ChangesIn.rootOf(e)));
        pause();
      } finally {
        if (producer != null) {
          // Nothing is awaited here: what is not confirmed is not counted as sent.
          producer.close(Duration.ZERO);
        }
      }
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
    long at = -1;
    while (!isStopping()) {
      ChangeFeed.Position seen = changes.feed().position();
      if (!database.write(turn::test)) {
        at = -1;
        changes.feed().await(seen, LONGEST_SLEEP);
        continue;
      }
      if (at < 0) {
        at = begin();
      }
      List<Change> page = changes.after(at, PAGE);
      if (page.isEmpty()) {
        tell("");
        changes.feed().await(seen, LONGEST_SLEEP);
        continue;
      }
      long confirmed = confirmed(producer, page, at);
      if (confirmed > at) {
        long from = at;
        database.write(handle -> {
          positions.moveOn(handle, from, confirmed);
          return true;
        });
        at = confirmed;
        tell("");
      }
    }
  }

  /** The newest change that the topic has; at first, the newest that is no longer in the log. */
  private long begin() {
    long purged = database.read(SqliteChangeLog::purged);
    OptionalLong sent =
        database.write(handle -> {
          OptionalLong known = positions.sent(handle);
          if (known.isEmpty()) {
            positions.begin(handle, purged);
          }
          return known;
        });
    if (sent.isPresent() && sent.getAsLong() < purged) {
      LOG.log(
          Level.ERROR,
          "changes %d to %d were removed as too old before %s had them"
              .formatted(sent.getAsLong() + 1, purged, topic));
    }
    return sent.orElse(purged);
  }

  /** Sends a page; the newest change before which all are confirmed. */
  private long confirmed(KafkaProducer<byte[], byte[]> producer, List<Change> page, long from)
      throws InterruptedException {
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    for (Change change : page) {
      OutgoingEvent event =
          OutgoingEvent.of(change, changes.position(change.seq()), change.seq() == tooLong);
      if (event.isLong() && !answers.isEmpty()) {
        break;
      }
      Future<RecordMetadata> answer =
          producer.send(new ProducerRecord<>(topic, null, event.key(), event.value(), HEADERS));
      answers.add(answer);
      // One that has ended already was not even begun: none after it may go before it.
      if (event.isLong() || answer.isDone()) {
        break;
      }
    }
    long confirmed = from;
    for (int i = 0; i < answers.size(); i++) {
      long seq = page.get(i).seq();
      try {
        await(answers.get(i), seq);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RecordTooLargeException && seq != tooLong) {
          LOG.log(
              Level.WARNING,
              "change %d is too long for %s, it goes without its fields".formatted(seq, topic));
          tooLong = seq;
        } else {
          tell(
              "%s change %d: %s"
                  .formatted(
                      e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException
                          ? "no broker takes"
                          : topic + " refuses",
                      seq,
                      ChangesIn.rootOf(e)));
          pause();
        }
        return confirmed;
      }
      confirmed = seq;
    }
    return confirmed;
  }

  /** Waits for a confirmation as long as it takes; says so when it takes long. */
  private void await(Future<RecordMetadata> answer, long seq)
      throws InterruptedException, ExecutionException {
    while (true) {
      try {
        var _ = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        tell("no broker has confirmed change %d for %d s".formatted(seq, PATIENCE_SECONDS));
      }
    }
  }

  /** Says what is in the way, once; the end of it as well. */
  private void tell(String obstacle) {
    traffic.out(obstacle);
    if (obstacle.equals(told)) {
      return;
    }
    if (obstacle.isEmpty()) {
      LOG.log(Level.INFO, "changes go out again");
    } else if (told.isEmpty()) {
      LOG.log(Level.WARNING, obstacle);
    }
    told = obstacle;
  }

  private void pause() {
    try {
      var _ = stopping.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
