package dev.troth.server.kafka;

import dev.troth.server.config.KafkaSettings;
import dev.troth.server.db.Database;
import dev.troth.server.db.DatabaseBusy;
import dev.troth.server.db.StorageException;
import dev.troth.server.ops.Lifecycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The thread that takes messages in. The group of consumers shares the partitions among platforms;
 * where to go on, the database alone says: a page of messages is written together with the place
 * after it, and only if the place is still where this thread saw it.
 */
public final class ChangesIn implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.kafka");
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int PATIENCE = 10;
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final KafkaSettings settings;
  private final Database database;
  private final MessageStore store;
  private final Traffic traffic;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** The places to go on at, of the partitions that this thread has; its own. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;
  private String told = "";

  /** How many looks in a row no broker was there. */
  private int lonely;

  ChangesIn(KafkaSettings settings, Database database, MessageStore store, Traffic traffic) {
    this.settings = settings;
    this.database = database;
    this.store = store;
    this.traffic = traffic;
  }

  @Override
  public String name() {
    return "changes from Kafka";
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name("kafka-in").daemon(true).start(this::run);
  }

  @Override
  public void stop() {
    stopping.countDown();
    KafkaConsumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    Thread running = thread;
    try {
      if (running != null && !running.join(Duration.ofSeconds(8))) {
        running.interrupt();
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
      try (KafkaConsumer<byte[], byte[]> open =
          Brokers.consumer(settings, ClientSettings.consumer(settings))) {
        consumer = open;
        open.subscribe(settings.in(), new Assignment(open));
        while (!isStopping()) {
          page(open);
        }
      } catch (WakeupException e) {
        // The stop.
      } catch (RuntimeException | LinkageError e) {
        // The second is of a library that unpacks, where it cannot be loaded.
        tell("reading from %s failed: %s".formatted(settings.bootstrap(), rootOf(e)));
        pause();
      } finally {
        consumer = null;
        next.keySet().forEach(partition -> traffic.left(part(partition)));
        next.clear();
      }
    }
  }

  private void page(KafkaConsumer<byte[], byte[]> open) {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = open.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      e.offsetOutOfRangePartitions().forEach((partition, at) -> skip(open, partition, at));
      return;
    }
    try {
      for (TopicPartition partition : records.partitions()) {
        take(open, partition, records.records(partition));
      }
      lonely = connected(open) ? 0 : lonely + 1;
      tell(lonely < PATIENCE ? "" : "no broker of %s answers".formatted(settings.bootstrap()));
    } catch (StorageException | DatabaseBusy e) {
      tell("messages wait for the database: " + e.getMessage());
      // What was fetched and not taken is fetched again.
      next.forEach(open::seek);
      pause();
    }
    for (TopicPartition partition : next.keySet()) {
      open.currentLag(partition).ifPresent(lag -> traffic.lag(part(partition), lag));
    }
  }

  private void take(
      KafkaConsumer<byte[], byte[]> open,
      TopicPartition partition,
      List<ConsumerRecord<byte[], byte[]>> records) {
    List<Message> messages = records.stream().map(ChangesIn::message).toList();
    long from = next.getOrDefault(partition, messages.getFirst().offset());
    Stretch stretch = stretch(partition, from, messages);
    try {
      var _ = database.write(handle -> store.take(handle, stretch));
      next.put(partition, stretch.to());
    } catch (MovedOn e) {
      LOG.log(Level.INFO, e.getMessage());
      place(open, partition);
    } catch (StorageException | DatabaseBusy e) {
      throw e;
    } catch (RuntimeException unexpected) {
      oneByOne(open, partition, stretch);
    }
  }

  /** No message may hold up those behind it: the one that cannot be taken is kept aside. */
  private void oneByOne(
      KafkaConsumer<byte[], byte[]> open, TopicPartition partition, Stretch page) {
    long from = page.from();
    for (Message message : page.messages()) {
      Stretch one = stretch(partition, from, List.of(message));
      try {
        try {
          var _ = database.write(handle -> store.take(handle, one));
        } catch (StorageException | DatabaseBusy | MovedOn e) {
          throw e;
        } catch (RuntimeException e) {
          LOG.log(
              Level.ERROR,
              "message %d of %s cannot be taken".formatted(message.offset(), partition),
              e);
          var _ = database.write(handle -> store.refuse(handle, one, "it cannot be taken: " + e));
        }
      } catch (MovedOn e) {
        place(open, partition);
        return;
      }
      from = one.to();
      next.put(partition, from);
    }
  }

  /** The broker has removed what would come next, or the topic was made anew. */
  private void skip(KafkaConsumer<byte[], byte[]> open, TopicPartition partition, long at) {
    long first = open.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    String why =
        "message %d of %s is not there, the first one is %d: %s"
            .formatted(
                at,
                partition,
                first,
                first > at ? "the messages between are lost" : "the topic was made anew");
    LOG.log(Level.ERROR, why);
    try {
      var _ =
          database.write(handle -> {
            store.skip(handle, partition.topic(), partition.partition(), at, first, why);
            return true;
          });
    } catch (MovedOn e) {
      LOG.log(Level.INFO, e.getMessage());
    }
    place(open, partition);
  }

  /** Goes on where the database says, for a partition that nobody read yet at its beginning. */
  private void place(KafkaConsumer<byte[], byte[]> open, TopicPartition partition) {
    OptionalLong stored =
        database.read(handle -> store.next(handle, partition.topic(), partition.partition()));
    long place =
        stored.isPresent()
            ? stored.getAsLong()
            : open.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    next.put(partition, place);
    open.seek(partition, place);
  }

  /** Hears which partitions are this platform's. */
  private final class Assignment implements ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> open;

    Assignment(KafkaConsumer<byte[], byte[]> open) {
      this.open = open;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      partitions.forEach(partition -> place(open, partition));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      partitions.forEach(partition -> {
        next.remove(partition);
        traffic.left(part(partition));
      });
    }
  }

  private static Stretch stretch(TopicPartition partition, long from, List<Message> messages) {
    return new Stretch(
        partition.topic(), partition.partition(), from, messages.getLast().offset() + 1, messages);
  }

  /** Of headers with one name the last counts. */
  private static Message message(ConsumerRecord<byte[], byte[]> message) {
    Map<String, byte[]> headers = new LinkedHashMap<>();
    message
        .headers()
        .forEach(header -> {
          if (header.value() != null) {
            headers.put(header.key(), header.value());
          }
        });
    return new Message(message.offset(), headers, message.value());
  }

  private static Traffic.Part part(TopicPartition partition) {
    return new Traffic.Part(partition.topic(), partition.partition());
  }

  private static boolean connected(KafkaConsumer<byte[], byte[]> open) {
    return open.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("connection-count"))
        .allMatch(
            metric -> !(metric.getValue().metricValue() instanceof Double count) || count > 0);
  }

  /** Says what is in the way, once; the end of it as well. */
  private void tell(String obstacle) {
    traffic.in(obstacle);
    if (obstacle.equals(told)) {
      return;
    }
    if (obstacle.isEmpty()) {
      LOG.log(Level.INFO, "messages come in again");
    } else {
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

  static String rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
