package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the tests of the registry ask, on its own listener. */
final class RegistryClient {
  private final TestPlatform platform;
  private final String base;

  RegistryClient(TestPlatform platform) {
    this(platform, "");
  }

  /** Below an address that names a context. */
  RegistryClient(TestPlatform platform, String context) {
    this.platform = platform;
    this.base =
        "http://127.0.0.1:"
            + platform.port("registry")
            + (context.isEmpty() ? "" : "/contexts/" + context);
  }

  Answer get(String path) {
    return platform.get(base + path);
  }

  Answer get(String path, String... headers) {
    return platform.get(base + path, headers);
  }

  Answer delete(String path) {
    return platform.delete(base + path);
  }

  Answer put(String path, String body) {
    return platform.put(base + path, body);
  }

  Answer post(String path, Map<String, Object> body) {
    return platform.post(base + path, Json.mapper().writeValueAsString(body));
  }

  Answer register(String subject, Map<String, Object> body) {
    return post("/subjects/" + subject + "/versions", body);
  }

  /** Registers a JSON Schema; its id. */
  int id(String subject, String schema) {
    Answer answer = register(subject, json(schema));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("id").asInt();
  }

  static Map<String, Object> json(String schema) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("schemaType", "JSON");
    body.put("schema", schema);
    return body;
  }

  static Map<String, Object> with(Map<String, Object> body, String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(body);
    more.put(member, value);
    return more;
  }

  static Map<String, Object> reference(String name, String subject, int version) {
    return Map.of("name", name, "subject", subject, "version", version);
  }

  static void refused(Answer answer, int code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(code > 999 ? code / 100 : code);
    assertThat(answer.json().path("error_code").asInt()).as(answer.body()).isEqualTo(code);
    assertThat(answer.json().path("message").asString()).isNotEmpty();
  }

  List<String> changes(String subject) {
    JsonNode items = platform.get("/api/subjects/changes?target=" + subject).json().path("items");
    return items.valueStream().map(change -> change.path("type").asString()).toList().reversed();
  }
}
