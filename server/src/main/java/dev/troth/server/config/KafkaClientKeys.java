package dev.troth.server.config;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/** The keys of Kafka's clients. A class of its own: without brokers none of Kafka's is loaded. */
final class KafkaClientKeys {
  private KafkaClientKeys() {}

  /** What a client would pass over without a word, or find when it starts. */
  static Optional<String> wrong(String name, String value) {
    boolean known = false;
    for (ConfigDef client : List.of(ConsumerConfig.configDef(), ProducerConfig.configDef())) {
      ConfigKey found = client.configKeys().get(name);
      if (found == null) {
        continue;
      }
      known = true;
      try {
        Object parsed = ConfigDef.parseType(name, value, found.type);
        if (found.validator != null) {
          found.validator.ensureValid(name, parsed);
        }
      } catch (ConfigException e) {
        boolean secret = found.type == ConfigDef.Type.PASSWORD;
        return Optional.of(secret ? "which cannot be read" : String.valueOf(e.getMessage()));
      }
    }
    return known ? Optional.empty() : Optional.of("which no client of Kafka knows");
  }
}
