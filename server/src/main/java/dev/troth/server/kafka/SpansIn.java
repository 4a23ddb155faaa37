package dev.troth.server.kafka;

import dev.troth.server.config.KafkaSettings;
import dev.troth.server.counting.CountedPartition;
import dev.troth.server.db.Database;
import dev.troth.server.ops.Lifecycle;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.objective.Objective;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The thread that judges the requests of the partitions that this platform has. The group says
 * which these are; whether that is still true, the transaction finds out that stores sums, open
 * requests and places together. After anything that went wrong, the partitions are loaded again.
 */
public final class SpansIn implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.kafka");
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration COMMIT_EVERY = Duration.ofMillis(500);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final byte[] NOTHING = {};

  private final KafkaSettings settings;
  private final Database database;
  private final Clock clock;
  private final List<Objective> objectives;
  private final Limits limits;
  private final Traffic traffic = new Traffic();
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** The partitions that this platform has, by their numbers; of the one thread. */
  private final Map<Integer, CountedPartition> partitions = new TreeMap<>();

  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;
  private String told = "";
  private long committedAt = System.nanoTime();

  public SpansIn(
      KafkaSettings settings,
      Database database,
      Clock clock,
      List<Objective> objectives,
      Limits limits) {
    this.settings = settings;
    this.database = database;
    this.clock = clock;
    this.objectives = List.copyOf(objectives);
    this.limits = limits;
  }

  @Override
  public String name() {
    return "spans from Kafka";
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name("kafka-spans").daemon(true).start(this::run);
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
          Brokers.consumer(settings, ClientSettings.spanConsumer(settings))) {
        consumer = open;
        open.subscribe(settings.in(), new Assignment(open));
        while (!isStopping()) {
          round(open);
        }
      } catch (WakeupException e) {
        // The stop.
      } catch (RuntimeException | LinkageError e) {
        // The second is of a library that unpacks, where it cannot be loaded.
        tell("spans cannot be read from " + settings.bootstrap(), ChangesIn.rootOf(e));
        pause();
      } finally {
        consumer = null;
        leave(List.copyOf(partitions.keySet()));
      }
    }
  }

  private void round(KafkaConsumer<byte[], byte[]> open) {
    try {
      read(open);
      commit();
      tell("", "");
    } catch (WakeupException e) {
      throw e;
    } catch (RuntimeException e) {
      if (!isMoved(e)) {
        tell("requests wait to be counted", ChangesIn.rootOf(e));
        pause();
      }
      begin(open);
    }
  }

  private static boolean isMoved(RuntimeException e) {
    boolean moved = CountedPartition.isMovedOn(e);
    if (moved) {
      LOG.log(Level.INFO, e.getMessage());
    }
    return moved;
  }

  private void read(KafkaConsumer<byte[], byte[]> open) {
    try {
      for (ConsumerRecord<byte[], byte[]> message : open.poll(POLL)) {
        CountedPartition partition = partitions.get(message.partition());
        if (partition != null) {
          partition.take(
              message.offset(), orNothing(message.key()), orNothing(message.value()), now());
        }
      }
    } catch (OffsetOutOfRangeException e) {
      e.offsetOutOfRangePartitions().forEach((partition, at) -> skip(open, partition, at));
    }
    for (Map.Entry<Integer, CountedPartition> entry : partitions.entrySet()) {
      TopicPartition partition = partition(entry.getKey());
      CountedPartition counted = entry.getValue();
      long lag = open.currentLag(partition).orElse(1);
      traffic.lag(new Traffic.Part(partition.topic(), partition.partition()), lag);
      // What was sent and not read yet may belong to requests that are due.
      if (lag == 0 || counted.isFull()) {
        counted.settle(now());
      }
      if (counted.isFull()) {
        open.pause(List.of(partition));
      } else {
        open.resume(List.of(partition));
      }
    }
  }

  private static byte[] orNothing(byte @Nullable [] bytes) {
    return bytes == null ? NOTHING : bytes;
  }

  private void commit() {
    if (System.nanoTime() - committedAt < COMMIT_EVERY.toNanos()) {
      return;
    }
    Instant now = now();
    List<CountedPartition> due =
        partitions.values().stream().filter(partition -> partition.isDue(now)).toList();
    if (!due.isEmpty()) {
      var _ =
          database.write(handle -> {
            CountedPartition.save(handle, due, now);
            return true;
          });
      due.forEach(CountedPartition::committed);
    }
    committedAt = System.nanoTime();
  }

  private Instant now() {
    return clock.instant();
  }

  /** The brokers have removed what would come next, or the topic was made anew. */
  private void skip(KafkaConsumer<byte[], byte[]> open, TopicPartition partition, long at) {
    long first = first(open, partition);
    LOG.log(
        Level.ERROR,
        "message %d of %s is not there, the first one is %d: %s"
            .formatted(
                at,
                partition,
                first,
                first > at ? "the messages between are lost" : "the topic was made anew"));
    CountedPartition counted = partitions.get(partition.partition());
    if (counted != null) {
      counted.skip(first);
    }
    open.seek(partition, first);
  }

  private static long first(KafkaConsumer<byte[], byte[]> open, TopicPartition partition) {
    return open.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  /** Goes on where the database says. */
  private void begin(KafkaConsumer<byte[], byte[]> open) {
    partitions.clear();
    try {
      open.assignment().forEach(partition -> load(open, partition));
    } catch (WakeupException e) {
      throw e;
    } catch (RuntimeException e) {
      // A new consumer asks for its partitions again, in a while.
      throw new IllegalStateException(ChangesIn.rootOf(e), e);
    }
  }

  private void load(KafkaConsumer<byte[], byte[]> open, TopicPartition partition) {
    // The memory for open requests is shared by all partitions, wherever they are.
    int all = Math.max(1, open.partitionsFor(partition.topic()).size());
    Limits part =
        new Limits(limits.watermark(), limits.lateness(), Math.max(1 << 20, limits.bytes() / all));
    CountedPartition.Terms terms = new CountedPartition.Terms(objectives, part);
    CountedPartition counted =
        database.read(handle ->
            CountedPartition.load(handle, terms, partition.topic(), partition.partition()));
    partitions.put(partition.partition(), counted);
    open.seek(partition, counted.next().orElseGet(() -> first(open, partition)));
  }

  private void leave(Collection<Integer> numbers) {
    for (int number : numbers) {
      partitions.remove(number);
      traffic.left(new Traffic.Part(settings.in().getFirst(), number));
    }
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(settings.in().getFirst(), number);
  }

  /** Messages that wait, of the partitions that this platform has. */
  public Map<Integer, Long> lags() {
    Map<Integer, Long> lags = new TreeMap<>();
    traffic.lags().forEach((part, lag) -> lags.put(part.number(), lag));
    return lags;
  }

  /** Hears which partitions are this platform's. */
  private final class Assignment implements ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> open;

    Assignment(KafkaConsumer<byte[], byte[]> open) {
      this.open = open;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      assigned.forEach(partition -> load(open, partition));
    }

    /** What was read and not stored, the next one reads again. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      leave(revoked.stream().map(TopicPartition::partition).toList());
    }
  }

  /** Says what is in the way, once; the end of it as well. */
  private void tell(String obstacle, @Nullable String why) {
    if (obstacle.equals(told)) {
      return;
    }
    if (obstacle.isEmpty()) {
      LOG.log(Level.INFO, "requests are counted again");
    } else {
      LOG.log(Level.WARNING, obstacle + ": " + why);
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
