package dev.troth.server.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which topics of Kafka changes come from and go to.
 *
 * @param bootstrap brokers that the others are learned from
 * @param in topics of CloudEvents that become changes
 * @param out the topic of all changes; empty if there is none
 * @param group the consumer group, whose members share the partitions
 * @param properties of Kafka's clients, such as those of a login
 */
public record KafkaSettings(
    String bootstrap,
    List<String> in,
    Optional<String> out,
    String group,
    Map<String, String> properties) {
  private static final Pattern BROKERS =
      Pattern.compile("[^\\s,:]+:\\d{1,5}(\\s*,\\s*[^\\s,:]+:\\d{1,5})*");

  /** As Kafka itself wants them. */
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  /** What the platform's promises rest on; nobody sets it. */
  private static final Set<String> OWN =
      Set.of(
          "acks",
          "auto.offset.reset",
          "bootstrap.servers",
          "client.id",
          "delivery.timeout.ms",
          "enable.auto.commit",
          "enable.idempotence",
          "group.id",
          "isolation.level",
          "key.deserializer",
          "key.serializer",
          "max.in.flight.requests.per.connection",
          "retries",
          "transactional.id",
          "value.deserializer",
          "value.serializer");

  public KafkaSettings {
    in = List.copyOf(in);
    properties = Map.copyOf(properties);
  }

  /** Without the properties, among which passwords are. */
  @Override
  public String toString() {
    return "%s, in %s, out %s, group %s".formatted(bootstrap, in, out.orElse("none"), group);
  }

  /** The settings of Kafka, if brokers are given; whatever does not fit is added to the errors. */
  static Optional<KafkaSettings> of(Settings settings, List<String> errors) {
    Optional<String> bootstrap = settings.get(Keys.KAFKA_BOOTSTRAP);
    if (bootstrap.isEmpty()) {
      requireNone(
          List.of(Keys.KAFKA_IN, Keys.KAFKA_OUT, Keys.KAFKA_GROUP, Keys.KAFKA_PROPERTIES),
          Keys.KAFKA_BOOTSTRAP,
          settings,
          errors);
      return Optional.empty();
    }
    requireBrokers(Keys.KAFKA_BOOTSTRAP, bootstrap.get(), settings, errors);
    KafkaSettings kafka =
        new KafkaSettings(
            bootstrap.get(),
            settings.get(Keys.KAFKA_IN),
            settings.get(Keys.KAFKA_OUT),
            settings.get(Keys.KAFKA_GROUP),
            properties(Keys.KAFKA_PROPERTIES, settings, errors));
    kafka.in().forEach(topic -> requireTopic(Keys.KAFKA_IN, topic, settings, errors));
    kafka.out().ifPresent(topic -> requireTopic(Keys.KAFKA_OUT, topic, settings, errors));
    if (kafka.in().isEmpty() && kafka.out().isEmpty()) {
      errors.add(
          "%s: is given (%s) without a topic, expected %s or %s beside it"
              .formatted(
                  Keys.KAFKA_BOOTSTRAP.name(),
                  settings.source(Keys.KAFKA_BOOTSTRAP),
                  Keys.KAFKA_IN.name(),
                  Keys.KAFKA_OUT.name()));
    }
    if (kafka.out().filter(kafka.in()::contains).isPresent()) {
      errors.add(
          "%s: is '%s' (%s), which is in %s too: each change would come back as a new one"
              .formatted(
                  Keys.KAFKA_OUT.name(),
                  kafka.out().get(),
                  settings.source(Keys.KAFKA_OUT),
                  Keys.KAFKA_IN.name()));
    }
    return Optional.of(kafka);
  }

  static void requireBrokers(Key<?> key, String bootstrap, Settings settings, List<String> errors) {
    if (!BROKERS.matcher(bootstrap).matches()
        || Pattern.compile(":(\\d+)")
            .matcher(bootstrap)
            .results()
            .anyMatch(port -> Integer.parseInt(port.group(1)) > 65_535)) {
      errors.add(
          "%s: is '%s' (%s), expected brokers such as kafka-1:9092,kafka-2:9092"
              .formatted(key.name(), bootstrap, settings.source(key)));
    }
  }

  static void requireTopic(Key<?> key, String topic, Settings settings, List<String> errors) {
    if (!TOPIC.matcher(topic).matches()) {
      errors.add(
          "%s: has '%s' (%s), expected topics of letters, digits, '.', '_' and '-'"
              .formatted(key.name(), topic, settings.source(key)));
    }
  }

  /** Settings that nothing would use are a mistake: perhaps the brokers'. */
  static void requireNone(
      List<Key<?>> keys, Key<?> bootstrap, Settings settings, List<String> errors) {
    for (Key<?> key : keys) {
      if (!settings.source(key).equals("default")) {
        errors.add(
            "%s: is given (%s), expected only beside %s"
                .formatted(key.name(), settings.source(key), bootstrap.name()));
      }
    }
  }

  static Map<String, String> properties(
      Key<Optional<String>> key, Settings settings, List<String> errors) {
    Optional<String> file = settings.get(key);
    Map<String, String> found = new LinkedHashMap<>();
    if (file.isEmpty()) {
      return found;
    }
    String place = settings.source(key);
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(Path.of(file.get()))) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      errors.add(
          "%s: %s cannot be read (%s), expected a file of lines such as security.protocol=SASL_SSL"
              .formatted(key.name(), file.get(), place));
    }
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      String value = properties.getProperty(name);
      if (OWN.contains(name)) {
        errors.add(
            "%s: %s sets %s (%s), which is the platform's own"
                .formatted(key.name(), file.get(), name, place));
      } else {
        KafkaClientKeys.wrong(name, value)
            .ifPresent(why ->
                errors.add(
                    "%s: %s sets %s (%s), %s".formatted(key.name(), file.get(), name, place, why)));
      }
      found.put(name, value);
    }
    return found;
  }
}
