package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A client that others wrote ({@code @kafkajs/confluent-schema-registry}) works unchanged. */
class KafkaJsTest {
  @Test
  void registersEncodesDecodesAndIsRefused() throws Exception {
    try (TestPlatform platform = TestPlatform.start()) {
      JsonNode all = ForeignClient.said(platform, "kafkajs");
      for (String kind : List.of("avro", "json")) {
        JsonNode one = all.path(kind);
        int id = one.path("id").asInt();
        for (String same : List.of("again", "latest", "known", "found", "idInBytes")) {
          assertThat(one.path(same).asInt()).as("%s of %s", same, all).isEqualTo(id);
        }
        assertThat(one.path("magic").asInt()).isZero();
        assertThat(one.path("decoded").toString()).isEqualTo("{\"amount\":7}");
        assertThat(one.path("status").asInt()).as(all.toString()).isEqualTo(409);
        assertThat(one.path("refused").asString()).contains("incompatible", "the new version");
        assertThat(platform.get("/registry/subjects/" + kind + "-value/versions").body())
            .isEqualTo("[1]");
      }
    }
  }
}
