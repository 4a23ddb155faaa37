package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Confluent's own client ({@code @confluentinc/schemaregistry}) works unchanged. */
class ConfluentJsTest {
  @Test
  void registersSerializesIsRefusedConfiguresAndDeletes() throws Exception {
    try (TestPlatform platform = TestPlatform.start()) {
      JsonNode all = ForeignClient.said(platform, "confluentjs");
      for (String kind : List.of("avro", "json")) {
        JsonNode one = all.path(kind);
        int id = one.path("id").asInt();
        for (String same : List.of("again", "latest", "known", "idInBytes")) {
          assertThat(one.path(same).asInt()).as("%s of %s", same, all).isEqualTo(id);
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
