package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The registry as Confluent's clients ask for it, on both listeners. */
class RegistryTest {
  private static final String V1 =
      "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"string\"}}}";
  private static final String OPTIONAL =
      V1.replace("\"string\"}", "\"string\"},\"n\":{\"type\":\"integer\"}");
  private static final String CHANGED = V1.replace("string", "integer");

  private TestPlatform platform;
  private String own = "";

  @BeforeEach
  void start() {
    platform = TestPlatform.start();
    own = "http://127.0.0.1:" + platform.port("registry");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static String json(String schema) {
    return Json.mapper().writeValueAsString(Map.of("schemaType", "JSON", "schema", schema));
  }

  private static String avro(String schema) {
    return Json.mapper().writeValueAsString(Map.of("schema", schema));
  }

  private Answer register(String subject, String body) {
    return platform.post(
        own + "/subjects/" + subject + "/versions",
        body,
        "Content-Type",
        "application/vnd.schemaregistry.v1+json");
  }

  private static void refused(Answer answer, int status, int code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().path("error_code").asInt()).isEqualTo(code);
    assertThat(answer.json().path("message").asString()).isNotEmpty();
  }

  private List<JsonNode> changes(String subject) {
    JsonNode items = platform.get("/api/subjects/changes?target=" + subject).json().path("items");
    return items.valueStream().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 129, 249, 500})
  void aSubjectMayBeAsLongAsTopicsAre(int length) {
    String subject = "b".repeat(length - 1); // the default context counts as one character
    assertThat(register(subject, json(V1)).status()).isEqualTo(200);
    assertThat(register(subject, json(OPTIONAL)).status()).isEqualTo(200);
    refused(register(subject, json(CHANGED)), 409, 40901);
    assertThat(changes("contract/" + subject)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x", ".x", "~x"})
  void aSubjectMayBeginWithAnySign(String subject) {
    assertThat(register(subject, json(V1)).status()).isEqualTo(200);
  }

  @Test
  void namesThatMeanAllOrNothingAreNoSubjects() {
    refused(register("__GLOBAL", json(V1)), 422, 42208);
    refused(register(":.staging:__GLOBAL", json(V1)), 422, 42208);
    refused(register(":.__GLOBAL:a", json(V1)), 422, 42208);
    refused(register("%ff", json(V1)), 400, 400);
    refused(register("a%c3", json(V1)), 400, 400);
    refused(register("a%00", json(V1)), 400, 400);
    assertThat(register("%C3%A9", json(V1)).status()).isEqualTo(200);
    assertThat(platform.get(own + "/subjects").body()).isEqualTo("[\"é\"]");
  }

  @Test
  void aMethodThatAPathLacksIsRefusedInTheFormOfTheRegistry() {
    refused(platform.delete(own + "/schemas/types"), 405, 405);
    refused(platform.delete("/registry/schemas/types"), 405, 405);
  }

  @Test
  void whatIsRegisteredIsFoundByIdVersionAndContent() {
    Answer first = register("order-value", json(V1));
    assertThat(first.body()).isEqualTo("{\"id\":1}");
    assertThat(first.header("Content-Type")).isEqualTo("application/vnd.schemaregistry.v1+json");
    assertThat(register("order-value", json(V1.replace(",", " ,"))).body()).isEqualTo("{\"id\":1}");
    assertThat(register("order-value", json(OPTIONAL)).body()).isEqualTo("{\"id\":2}");
    assertThat(register("other-value", json(V1)).body()).isEqualTo("{\"id\":1}");

    for (String base : List.of(own, "/registry")) {
      assertThat(platform.get(base + "/subjects").body())
          .isEqualTo("[\"order-value\",\"other-value\"]");
      assertThat(platform.get(base + "/subjects?subjectPrefix=ord").body())
          .isEqualTo("[\"order-value\"]");
      assertThat(platform.get(base + "/subjects/order-value/versions").body()).isEqualTo("[1,2]");
      JsonNode latest = platform.get(base + "/subjects/order-value/versions/latest").json();
      assertThat(latest.path("version").asInt()).isEqualTo(2);
      assertThat(latest.path("id").asInt()).isEqualTo(2);
      assertThat(latest.path("schemaType").asString()).isEqualTo("JSON");
      assertThat(latest.path("schema").asString()).isEqualTo(OPTIONAL);
      assertThat(platform.get(base + "/subjects/order-value/versions/1/schema").body())
          .isEqualTo(V1);
      assertThat(platform.get(base + "/schemas/ids/1").json().path("schema").asString())
          .isEqualTo(V1);
      assertThat(platform.get(base + "/schemas/ids/1/subjects").body())
          .isEqualTo("[\"order-value\",\"other-value\"]");
      assertThat(platform.get(base + "/schemas/ids/2/versions").body())
          .isEqualTo("[{\"subject\":\"order-value\",\"version\":2}]");
      JsonNode found = platform.post(base + "/subjects/order-value", json(V1)).json();
      assertThat(found.path("version").asInt()).isEqualTo(1);
      assertThat(found.path("subject").asString()).isEqualTo("order-value");
    }
    platform.restart();
    assertThat(platform.get("/registry/subjects/order-value/versions").body()).isEqualTo("[1,2]");
  }

  @Test
  void avroIsWhatClientsTakeForGranted() {
    String record =
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":%s}]}";
    assertThat(register("r-value", avro(record.formatted("\"int\""))).status()).isEqualTo(200);
    JsonNode found = platform.get(own + "/schemas/ids/1").json();
    assertThat(found.has("schemaType")).isFalse();
    assertThat(register("r-value", avro(record.formatted("\"long\""))).status()).isEqualTo(200);
    assertThat(register("r-value", avro(record.formatted("\"int\""))).body())
        .isEqualTo("{\"id\":1}");
    refused(register("r-value", avro(record.formatted("\"string\""))), 409, 40901);
    assertThat(register("r-value", avro(record.formatted("\"string\""))).body())
        .contains("refuses a message of version");
  }

  @Test
  void aSerializerThatSendsTheSchemaAloneFindsTheContractBesideIt() {
    String contract =
        Json.mapper()
            .writeValueAsString(
                Map.of(
                    "schemaType",
                    "JSON",
                    "schema",
                    V1,
                    "metadata",
                    Map.of("properties", Map.of("team", "orders"))));
    assertThat(register("order-value", contract).body()).isEqualTo("{\"id\":1}");
    assertThat(register("order-value", json(V1)).body()).isEqualTo("{\"id\":1}");
    assertThat(
            platform
                .post(own + "/subjects/order-value", json(V1))
                .json()
                .at("/metadata/properties/team")
                .asString())
        .isEqualTo("orders");
    assertThat(register("order-value", contract.replace("orders", "sales")).body())
        .isEqualTo("{\"id\":2}");
  }

  @Test
  void eachRegisteredVersionIsAChangeThatCanBeWatched() {
    register("order-value", json(V1));
    register("order-value", json(V1));
    register("order-value", json(OPTIONAL));
    platform.put(own + "/config/order-value", "{\"compatibility\":\"FULL\"}");
    assertThat(changes("contract/order"))
        .extracting(change -> change.path("type").asString())
        .containsExactlyInAnyOrder("contract.registered", "contract.registered", "contract.level");
  }

  /** The level, the new version, and whether it may follow. */
  @ParameterizedTest
  @CsvSource({
    "BACKWARD, optional, true",
    "BACKWARD, changed, false",
    "BACKWARD, required, false",
    "BACKWARD, removed, true",
    "FORWARD, required, true",
    "FORWARD, removed, false",
    "FULL, optional, true",
    "FULL, removed, false",
    "NONE, changed, true",
  })
  void aLevelDecidesWhatMayFollow(String level, String next, boolean compatible) {
    String schema =
        switch (next) {
          case "optional" -> OPTIONAL;
          case "changed" -> CHANGED;
          case "required" -> OPTIONAL.replace("[\"id\"]", "[\"id\",\"n\"]");
          default -> "{\"type\":\"object\",\"properties\":{\"m\":{}}}";
        };
    register("order-value", json(V1));
    Answer set = platform.put(own + "/config/order-value", "{\"compatibility\":\"" + level + "\"}");
    assertThat(set.body()).isEqualTo("{\"compatibility\":\"" + level + "\"}");
    for (String version : List.of("/latest", "/1", "")) {
      Answer tested =
          platform.post(
              own + "/compatibility/subjects/order-value/versions" + version + "?verbose=true",
              json(schema));
      assertThat(tested.json().path("is_compatible").asBoolean())
          .as(tested.body())
          .isEqualTo(compatible);
      assertThat(tested.json().path("messages").isEmpty()).isEqualTo(compatible);
    }
    assertThat(platform.get(own + "/subjects/order-value/versions").body()).isEqualTo("[1]");
    Answer registered = register("order-value", json(schema));
    if (compatible) {
      assertThat(registered.status()).isEqualTo(200);
    } else {
      refused(registered, 409, 40901);
      assertThat(platform.get(own + "/subjects/order-value/versions").body()).isEqualTo("[1]");
    }
  }

  @Test
  void levelsAreOfASubjectOrOfAll() {
    assertThat(platform.get(own + "/config").body())
        .isEqualTo("{\"compatibilityLevel\":\"BACKWARD\"}");
    refused(platform.get(own + "/config/a-value"), 404, 40408);
    assertThat(platform.get(own + "/config/a-value?defaultToGlobal=true").body())
        .isEqualTo("{\"compatibilityLevel\":\"BACKWARD\"}");
    platform.put(own + "/config", "{\"compatibility\":\"none\"}");
    register("a-value", json(V1));
    assertThat(register("a-value", json(CHANGED)).status()).isEqualTo(200);
    platform.put(own + "/config/a-value", "{\"compatibility\":\"FULL_TRANSITIVE\"}");
    assertThat(platform.get(own + "/config/a-value").body())
        .isEqualTo("{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
    refused(register("a-value", json(OPTIONAL)), 409, 40901);
    assertThat(platform.delete(own + "/config/a-value").body())
        .isEqualTo("{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
    assertThat(register("a-value", json(OPTIONAL)).status()).isEqualTo(200);
    refused(platform.put(own + "/config", "{\"compatibility\":\"SIDEWAYS\"}"), 422, 42203);
    refused(platform.put(own + "/config", "no json"), 422, 42203);
  }

  @Test
  void whatIsWrongHasConfluentsCodes() {
    refused(platform.get(own + "/subjects/none/versions"), 404, 40401);
    refused(platform.get(own + "/subjects/none/versions/latest"), 404, 40401);
    refused(platform.post(own + "/subjects/none", json(V1)), 404, 40401);
    refused(platform.get(own + "/schemas/ids/7"), 404, 40403);
    register("a-value", json(V1));
    refused(platform.get(own + "/subjects/a-value/versions/7"), 404, 40402);
    refused(platform.get(own + "/subjects/a-value/versions/0"), 422, 42202);
    refused(platform.get(own + "/subjects/a-value/versions/first"), 422, 42202);
    refused(platform.post(own + "/subjects/a-value", json(OPTIONAL)), 404, 40403);
    refused(register("a-value", json("{\"type\":\"objekt\"}")), 422, 42201);
    refused(register("a-value", json("{")), 422, 42201);
    refused(register("a-value", "{\"schemaType\":\"JSON\"}"), 422, 42201);
    refused(register("a-value", avro("{\"type\":\"record\"}")), 422, 42201);
    refused(register("a-value", "{\"schema\":\"{}\",\"schemaType\":\"PROTOBUF\"}"), 422, 42201);
    refused(register("a%20b", json(V1)), 422, 42208);
    refused(platform.post(own + "/compatibility/subjects/none/versions/1", json(V1)), 404, 40401);
    assertThat(
            platform
                .post(own + "/compatibility/subjects/none/versions/latest", json(V1))
                .json()
                .path("is_compatible")
                .asBoolean())
        .isTrue();
  }

  @Test
  void aSchemaMayReferToAnother() {
    register("line-value", json("{\"type\":\"object\",\"required\":[\"sku\"]}"));
    String body =
        Json.mapper()
            .writeValueAsString(
                Map.of(
                    "schemaType",
                    "JSON",
                    "schema",
                    "{\"type\":\"array\",\"items\":{\"$ref\":\"line.json\"}}",
                    "references",
                    List.of(Map.of("name", "line.json", "subject", "line-value", "version", 1))));
    assertThat(register("order-value", body).status()).isEqualTo(200);
    assertThat(
            platform
                .get(own + "/subjects/order-value/versions/1")
                .json()
                .at("/references/0/subject")
                .asString())
        .isEqualTo("line-value");
    refused(register("order-value", body.replace("\"version\":1", "\"version\":9")), 422, 42201);
  }

  @Test
  void manyWhoRegisterAtOnceGetVersionsWithoutGaps() throws Exception {
    platform.put(own + "/config", "{\"compatibility\":\"NONE\"}");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers =
          IntStream.range(0, 64)
              .mapToObj(i ->
                  threads.submit(
                      () -> register("a-value", json("{\"maxLength\":" + (i % 32) + "}"))))
              .toList();
      for (Future<Answer> answer : answers) {
        assertThat(answer.get().status()).as(answer.get().body()).isEqualTo(200);
      }
    }
    String versions =
        IntStream.rangeClosed(1, 32)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(platform.get(own + "/subjects/a-value/versions").body()).isEqualTo(versions);
    assertThat(platform.get(own + "/schemas/ids/32/subjects").body()).isEqualTo("[\"a-value\"]");
    assertThat(platform.get(own + "/schemas/ids/33").status()).isEqualTo(404);
  }

  @Test
  void aPageOfAnotherSiteRegistersNothing() {
    String path = "/subjects/a-value/versions";
    for (String base : List.of(own, "/registry")) {
      assertThat(platform.post(base + path, json(V1), "Origin", "https://evil.example").status())
          .isEqualTo(403);
    }
    assertThat(platform.get(own + "/subjects").body()).isEqualTo("[]");
  }

  @Test
  void withTokensOnlyMembersRegister() {
    try (TestPlatform closed = TestPlatform.start("auth.mode", "token")) {
      String there = "http://127.0.0.1:" + closed.port("registry");
      assertThat(closed.get(there + "/subjects").status()).isEqualTo(401);
      assertThat(closed.get("/registry/subjects").status()).isEqualTo(401);
      assertThat(closed.get("/api/v1/schemas/a/latest").status()).isEqualTo(401);
      String bearer = "Bearer " + closed.ownersToken();
      assertThat(closed.get(there + "/subjects", "Authorization", bearer).status()).isEqualTo(200);
      assertThat(
              closed
                  .post(there + "/subjects/a-value/versions", json(V1), "Authorization", bearer)
                  .status())
          .isEqualTo(200);
    }
  }
}
