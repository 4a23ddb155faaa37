package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A client that others wrote ({@code @kafkajs/confluent-schema-registry}) works unchanged. */
class KafkaJsTest {
  private static final Path FOLDER = Path.of("src", "test", "kafkajs");

  static boolean hasNode() {
    try {
      Process process = new ProcessBuilder("node", "--version").start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void registersEncodesDecodesAndIsRefused() throws Exception {
    assumeTrue(hasNode(), "the client needs node");
    assumeTrue(
        Files.isDirectory(FOLDER.resolve("node_modules")),
        "the client is not installed: npm ci --ignore-scripts in server/" + FOLDER);
    try (TestPlatform platform = TestPlatform.start()) {
      Process process =
          new ProcessBuilder(
                  List.of(
                      "node",
                      FOLDER.resolve("client.mjs").toString(),
                      "http://127.0.0.1:" + platform.port("registry")))
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      JsonNode all = Json.mapper().readTree(said);
      for (String kind : List.of("avro", "json")) {
        JsonNode one = all.path(kind);
        int id = one.path("id").asInt();
        for (String same : List.of("again", "latest", "known", "found", "idInBytes")) {
          assertThat(one.path(same).asInt()).as("%s of %s", same, said).isEqualTo(id);
        }
        assertThat(one.path("magic").asInt()).isZero();
        assertThat(one.path("decoded").toString()).isEqualTo("{\"amount\":7}");
        assertThat(one.path("status").asInt()).as(said).isEqualTo(409);
        assertThat(one.path("refused").asString()).contains("incompatible", "the new version");
        assertThat(platform.get("/registry/subjects/" + kind + "-value/versions").body())
            .isEqualTo("[1]");
      }
    }
  }
}
