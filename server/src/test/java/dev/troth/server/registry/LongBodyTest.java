package dev.troth.server.registry;

import static dev.troth.server.registry.RegistryClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A schema that is longer than a body may be is refused in the words that clients know. */
class LongBodyTest {
  private static final String SCHEMA =
      Json.mapper().writeValueAsString(json("{\"description\":\"" + "x".repeat(5 << 20) + "\"}"));

  @Test
  void aSchemaOfFiveMegabytesIsAnErrorOfConfluentsForm() throws Exception {
    try (TestPlatform platform = TestPlatform.start()) {
      String own = "http://127.0.0.1:" + platform.port("registry");
      for (String base : List.of(own, platform.uri("/registry").toString())) {
        for (String path :
            List.of(
                "/subjects/a-value/versions",
                "/subjects/a-value",
                "/compatibility/subjects/a-value/versions/latest")) {
          assertRefused(platform.post(base + path, SCHEMA));
        }
        assertRefused(platform.put(base + "/config", SCHEMA));
        HttpRequest chunked =
            HttpRequest.newBuilder(URI.create(base + "/subjects/a-value/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(SCHEMA.getBytes(StandardCharsets.UTF_8))))
                .build();
        HttpResponse<String> answer =
            platform.client().send(chunked, HttpResponse.BodyHandlers.ofString());
        assertRefused(new Answer(answer.statusCode(), answer.body(), answer.headers()));
      }
      assertThat(platform.get(own + "/subjects").body()).isEqualTo("[]");
    }
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(413);
    assertThat(answer.header("content-type")).startsWith("application/vnd.schemaregistry.v1+json");
    JsonNode error = answer.json();
    assertThat(error.propertyNames()).containsExactly("error_code", "message");
    assertThat(error.path("error_code").asInt()).isEqualTo(413);
    assertThat(error.path("message").asString()).contains("expected at most 1048576");
  }
}
