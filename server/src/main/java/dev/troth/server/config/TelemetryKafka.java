package dev.troth.server.config;

import java.util.List;
import java.util.Optional;

/** The topic by which spans go to who judges their requests, read from the settings. */
final class TelemetryKafka {
  private TelemetryKafka() {}

  /** The one topic, in and out, if brokers are given; what does not fit is added to the errors. */
  static Optional<KafkaSettings> of(Settings settings, List<String> errors) {
    Optional<String> bootstrap = settings.get(Keys.SPANS_BOOTSTRAP);
    if (bootstrap.isEmpty()) {
      KafkaSettings.requireNone(
          List.of(Keys.SPANS_TOPIC, Keys.SPANS_GROUP, Keys.SPANS_PROPERTIES),
          Keys.SPANS_BOOTSTRAP,
          settings,
          errors);
      return Optional.empty();
    }
    KafkaSettings.requireBrokers(Keys.SPANS_BOOTSTRAP, bootstrap.get(), settings, errors);
    String topic = settings.get(Keys.SPANS_TOPIC);
    KafkaSettings.requireTopic(Keys.SPANS_TOPIC, topic, settings, errors);
    return Optional.of(
        new KafkaSettings(
            bootstrap.get(),
            List.of(topic),
            Optional.of(topic),
            settings.get(Keys.SPANS_GROUP),
            KafkaSettings.properties(Keys.SPANS_PROPERTIES, settings, errors)));
  }
}
