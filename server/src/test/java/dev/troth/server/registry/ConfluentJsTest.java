package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Confluent's own client ({@code @confluentinc/schemaregistry}) works unchanged. */
class ConfluentJsTest {
  private static final Path FOLDER = Path.of("src", "test", "confluentjs");

  @Test
  void registersSerializesIsRefusedConfiguresAndDeletes() throws Exception {
    assumeTrue(KafkaJsTest.hasNode(), "the client needs node");
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
        for (String same : List.of("again", "latest", "known", "idInBytes")) {
          assertThat(one.path(same).asInt()).as("%s of %s", same, said).isEqualTo(id);
        }
        assertThat(one.path("guid").asString()).hasSize(36);
        assertThat(one.path("byGuid").asString())
            .isEqualTo(one.path("byId").asString())
            .contains("amount");
        assertThat(one.path("version").asInt()).isEqualTo(1);
        assertThat(one.path("versions").toString()).isEqualTo("[1]");
        assertThat(one.path("magic").asInt()).isZero();
        assertThat(one.path("decoded").toString()).isEqualTo("{\"amount\":7}");
        assertThat(one.path("compatible").asBoolean()).isFalse();
        assertThat(one.path("refused").path("status").asInt()).isEqualTo(409);
        assertThat(one.path("refused").path("errorCode").asInt()).isEqualTo(40901);
      }
      assertThat(all.path("labelled").asInt()).isEqualTo(1);
      assertThat(all.path("otherLabel").path("errorCode").asInt()).isEqualTo(40403);
      assertThat(all.path("defaultLevel").asString()).isEqualTo("BACKWARD");
      assertThat(all.path("level").asString()).isEqualTo("FULL");
      assertThat(all.path("levelOf").asString()).isEqualTo("FULL");
      assertThat(all.path("configOf").toString())
          .isEqualTo("{\"compatibilityLevel\":\"NONE\",\"normalize\":true}");
      assertThat(all.path("subjects").size()).isEqualTo(3);
      assertThat(all.path("deletedVersion").asInt()).isEqualTo(1);
      assertThat(all.path("purgedVersion").asInt()).isEqualTo(1);
      assertThat(all.path("gone").path("errorCode").asInt()).isEqualTo(40401);
      assertThat(all.path("deleted").toString()).isEqualTo("[1]");
      assertThat(all.path("purged").toString()).isEqualTo("[1]");
      assertThat(all.path("left").toString()).isEqualTo("[\"labelled-value\"]");
    }
  }
}
