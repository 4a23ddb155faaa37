package dev.troth.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be said of Kafka, and what is a mistake. */
class KafkaSettingsTest {
  @TempDir Path folder;

  private static Optional<KafkaSettings> load(String... settings) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put("events.kafka." + settings[i], settings[i + 1]);
    }
    return Config.load(Inputs.flagsOnly(all)).watch().kafka();
  }

  private static String errors(String... settings) {
    ConfigErrors errors = catchThrowableOfType(ConfigErrors.class, () -> load(settings));
    return String.join("\n", errors.errors());
  }

  @Test
  void brokersAndTopicsAreEnough() throws Exception {
    assertThat(load()).isEmpty();
    Path file = Files.writeString(folder.resolve("p"), "sasl.jaas.config=secret\n");
    KafkaSettings kafka =
        load("bootstrap", "a:1, b:2", "in", "x,y", "out", "z", "properties", file.toString())
            .orElseThrow();
    assertThat(kafka.in()).isEqualTo(List.of("x", "y"));
    assertThat(kafka.out()).contains("z");
    assertThat(kafka.group()).isEqualTo("troth");
    assertThat(kafka.properties()).containsEntry("sasl.jaas.config", "secret");
    assertThat(kafka.toString()).doesNotContain("secret");
  }

  @Test
  void aMistakeIsNamedWithItsPlace() throws Exception {
    assertThat(errors("in", "x"))
        .contains("events.kafka.in: is given (--events-kafka-in), expected only beside");
    assertThat(errors("bootstrap", "kafka", "in", "x")).contains("is 'kafka'", "kafka-1:9092");
    assertThat(errors("bootstrap", "a:1")).contains("is given", "without a topic");
    assertThat(errors("bootstrap", "a:1", "in", "x y")).contains("has 'x y'");
    assertThat(errors("bootstrap", "a:1", "in", "x,z", "out", "z"))
        .contains("events.kafka.out: is 'z'", "each change would come back as a new one");
    Path file = Files.writeString(folder.resolve("p"), "enable.auto.commit=true\n");
    assertThat(errors("bootstrap", "a:1", "in", "x", "properties", file.toString()))
        .contains("sets enable.auto.commit", "which is the platform's own");
    Files.writeString(
        file, "securty.protocol=SSL\nmax.poll.records=abc\nlinger.ms=-7\nsecurity.protocol=NOPE\n");
    assertThat(errors("bootstrap", "a:1", "in", "x", "properties", file.toString()))
        .contains(
            "sets securty.protocol", "which no client of Kafka knows",
            "sets max.poll.records", "abc",
            "sets linger.ms", "-7",
            "sets security.protocol", "NOPE");
    assertThat(errors("bootstrap", "a:1,b:99999", "in", "x")).contains("is 'a:1,b:99999'");
    assertThat(errors("bootstrap", "a:1", "in", "x", "properties", folder + "/none"))
        .contains("none cannot be read");
  }
}
