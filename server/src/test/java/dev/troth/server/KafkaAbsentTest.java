package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A platform that knows no brokers pays nothing for Kafka. */
final class KafkaAbsentTest {
  @TempDir Path folder;

  @Test
  void withoutBrokersNoneOfKafkasClassesIsLoaded() throws Exception {
    Path loaded = folder.resolve("loaded");
    Path port = folder.resolve("port");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Xlog:class+load:file=" + loaded,
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    PlatformProcess.Program.class.getName(),
                    folder.resolve("data").toString(),
                    port.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(port) || !process.isAlive());
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly().onExit().join();
    }
    try (Stream<String> lines = Files.lines(loaded)) {
      List<String> classes =
          lines
              .filter(line -> line.contains("troth.server.Main ") || line.contains("apache.kafka"))
              .toList();
      assertThat(classes).hasSize(1).first().asString().contains("dev.troth.server.Main ");
    }
  }
}
