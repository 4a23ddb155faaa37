package dev.troth.server.kafka;

import dev.troth.server.config.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What Kafka's clients are told, besides the operator's properties. */
final class ClientSettings {
  /** Larger than what any change of the API needs; the broker's own limit is usually 1 MiB. */
  static final int LONGEST_MESSAGE = 8 << 20;

  private ClientSettings() {}

  /** The place to go on at is the database's alone, so nothing is committed to the broker. */
  static Map<String, Object> consumer(KafkaSettings settings) {
    Map<String, Object> all = new HashMap<>(settings.properties());
    all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
    all.put(ConsumerConfig.CLIENT_ID_CONFIG, "troth-in");
    all.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    // A page is one transaction, and what is fetched ahead is bounded.
    all.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 200);
    all.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
    // A platform that was killed gives its partitions up sooner than after 45 s, and a new topic
    // is seen sooner than after five minutes.
    all.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    all.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000);
    return all;
  }

  /** A page of spans is larger: one transaction for all that came in half a second. */
  static Map<String, Object> spanConsumer(KafkaSettings settings) {
    Map<String, Object> all = consumer(settings);
    all.put(ConsumerConfig.CLIENT_ID_CONFIG, "troth-spans-in");
    if (!settings.properties().containsKey(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)) {
      all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    }
    return all;
  }

  /** Their sender waits, and sends spans again that were not confirmed in time. */
  static Map<String, Object> spanProducer(KafkaSettings settings) {
    Map<String, Object> all = producer(settings);
    all.put(ProducerConfig.CLIENT_ID_CONFIG, "troth-spans-out");
    all.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
    all.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
    // What Kafka requires at least, and a moment for a second attempt.
    long least =
        milliseconds(all, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)
            + milliseconds(all, ProducerConfig.LINGER_MS_CONFIG);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(least + 1_000));
    return all;
  }

  private static long milliseconds(Map<String, Object> all, String name) {
    return Long.parseLong(String.valueOf(all.get(name)).strip());
  }

  /** A message is tried until it is confirmed, so that none overtakes one of the same subject. */
  static Map<String, Object> producer(KafkaSettings settings) {
    Map<String, Object> all = new HashMap<>(settings.properties());
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
    all.put(ProducerConfig.CLIENT_ID_CONFIG, "troth-out");
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LONGEST_MESSAGE);
    all.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 16L << 20);
    all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    return all;
  }
}
