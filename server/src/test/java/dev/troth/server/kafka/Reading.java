package dev.troth.server.kafka;

import dev.troth.server.http.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.JsonNode;

/** What a topic holds now, as any consumer sees it. */
public final class Reading {
  private Reading() {}

  /** One message, in the order of its partition. */
  public record Told(String key, int partition, String contentType, JsonNode event) {
    /** The version of its subject. */
    public long version() {
      return event.at("/data/version").asLong();
    }
  }

  /** All messages of a topic, partition by partition. */
  public static List<Told> all(String bootstrap, String topic) {
    List<Told> told = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (PartitionInfo info : consumer.partitionsFor(topic)) {
        partitions.add(new TopicPartition(topic, info.partition()));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
        for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofSeconds(1))) {
          told.add(
              new Told(
                  message.key(),
                  message.partition(),
                  new String(message.headers().lastHeader("content-type").value()),
                  Json.mapper().readTree(message.value())));
        }
      }
    }
    return told;
  }
}
