package dev.troth.server.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic from its beginning without leaving a trace at the broker. What is fetched ahead has
 * at most some megabytes, however long the topic is.
 */
public final class TopicSource {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final int AHEAD = 4 << 20;

  private final String bootstrap;
  private final Map<String, Object> settings;

  /**
   * A source on brokers.
   *
   * @param properties of Kafka's clients, such as those of a login
   * @throws IllegalArgumentException if one of them is what reading rests on
   */
  public TopicSource(String bootstrap, Map<String, String> properties) {
    Map<String, Object> own = new HashMap<>();
    own.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    own.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    own.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    own.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    own.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, AHEAD);
    own.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20);
    Set<String> both = new TreeSet<>(properties.keySet());
    both.retainAll(own.keySet());
    if (!both.isEmpty()) {
      throw new IllegalArgumentException(
          "the properties set %s, which is the command's own".formatted(String.join(", ", both)));
    }
    own.putAll(properties);
    this.bootstrap = bootstrap;
    this.settings = Map.copyOf(own);
  }

  /**
   * One message.
   *
   * @param headers of several with one name the last
   * @param value null where the topic says that its key is gone
   */
  public record Message(
      int partition, long offset, Map<String, byte[]> headers, byte @Nullable [] value) {}

  /** What is done with each message, in the order of its partition. */
  @FunctionalInterface
  public interface Reader {
    void message(Message message);
  }

  /** Brokers that cannot be asked. */
  public static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, Exception cause) {
      super(message, cause);
    }
  }

  /**
   * Reads all messages that are there when it begins.
   *
   * @param goesOn asked again and again; once it is false, reading ends
   * @param follows whether what comes later is read too
   * @return how many were read; nothing if there is no such topic
   */
  public Optional<Long> read(String topic, boolean follows, BooleanSupplier goesOn, Reader reader)
      throws Unreachable {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (PartitionInfo one : consumer.partitionsFor(topic, PATIENCE)) {
        partitions.add(new TopicPartition(topic, one.partition()));
      }
      if (partitions.isEmpty()) {
        return Optional.empty();
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
      return Optional.of(read(consumer, follows ? Map.of() : ends, goesOn, reader));
    } catch (InvalidTopicException e) {
      return Optional.empty();
    } catch (KafkaException e) {
      throw new Unreachable("%s cannot be read: %s".formatted(bootstrap, reason(e)), e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }

  /**
   * Reads on.
   *
   * @param ends where each partition is read to; none to go on for ever
   */
  private static long read(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      BooleanSupplier goesOn,
      Reader reader) {
    long read = 0;
    Set<TopicPartition> left = new HashSet<>(ends.keySet());
    while (goesOn.getAsBoolean()) {
      // A place may stand behind the last message: compacted, or a mark of a transaction.
      left.removeIf(
          partition -> consumer.position(partition, PATIENCE) >= ends.getOrDefault(partition, 0L));
      if (!ends.isEmpty()) {
        if (left.isEmpty()) {
          break;
        }
        consumer.pause(
            consumer.assignment().stream().filter(partition -> !left.contains(partition)).toList());
      }
      for (ConsumerRecord<byte[], byte[]> one : consumer.poll(WAIT)) {
        Long end = ends.get(new TopicPartition(one.topic(), one.partition()));
        if (end == null || one.offset() < end) {
          read++;
          reader.message(new Message(one.partition(), one.offset(), headers(one), one.value()));
        }
      }
    }
    return read;
  }

  private static Map<String, byte[]> headers(ConsumerRecord<byte[], byte[]> message) {
    Map<String, byte[]> headers = new HashMap<>();
    message
        .headers()
        .forEach(header -> {
          if (header.value() != null) {
            headers.put(header.key(), header.value());
          }
        });
    return headers;
  }
}
