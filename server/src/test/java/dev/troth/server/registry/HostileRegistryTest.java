package dev.troth.server.registry;

import static dev.troth.server.registry.RegistryClient.json;
import static dev.troth.server.registry.RegistryClient.reference;
import static dev.troth.server.registry.RegistryClient.refused;
import static dev.troth.server.registry.RegistryClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import dev.troth.server.registry.schema.SubjectName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What strangers may send to the registry stays bounded, and each refusal says exactly what. */
class HostileRegistryTest {
  private static final int LONGEST_TEXT = 1 << 20;

  private TestPlatform platform;
  private RegistryClient registry;

  @BeforeEach
  void start() {
    platform = TestPlatform.start("limits.body", "8388608");
    registry = new RegistryClient(platform);
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static String message(Answer answer) {
    return answer.json().path("message").asString();
  }

  @Test
  void aSchemaOfFiveMegabytesThatTheBodysLimitLetsInHasConfluentsCode() {
    Map<String, Object> body = json("{\"description\":\"" + "x".repeat(5 << 20) + "\"}");
    for (String path :
        List.of(
            "/subjects/a-value/versions",
            "/subjects/a-value",
            "/compatibility/subjects/a-value/versions")) {
      Answer answer = registry.post(path, body);
      refused(answer, 42209);
      assertThat(message(answer))
          .startsWith("Schema is too large: ")
          .contains(Integer.toString(LONGEST_TEXT))
          .hasSizeLessThan(400);
    }
    assertThat(registry.get("/subjects").body()).isEqualTo("[]");
  }

  @Test
  void schemasThatLeadToMoreThanIsReadAreRefused() {
    String half = "{\"description\":\"%s\"}".formatted("x".repeat(LONGEST_TEXT - 100));
    for (int i = 0; i < 17; i++) {
      registry.id("part%d-value".formatted(i), half.replace("xx\"", "x%02d\"".formatted(i)));
    }
    List<Map<String, Object>> references =
        IntStream.range(0, 17)
            .mapToObj(i -> reference("p%d.json".formatted(i), "part%d-value".formatted(i), 1))
            .toList();
    Map<String, Object> body = with(json("{\"$ref\":\"p0.json\"}"), "references", references);
    Answer answer = registry.register("a-value", body);
    refused(answer, 42201);
    assertThat(message(answer))
        .isEqualTo(
            "Invalid schema: the schemas that it leads to have more than 16777216 characters");
    body = with(json("{\"$ref\":\"p0.json\"}"), "references", references.subList(0, 15));
    assertThat(registry.register("a-value", body).status()).isEqualTo(200);
  }

  @Test
  void aNameThatLeadsToTwoSchemasIsRefused() {
    registry.id("a-value", "{\"type\":\"string\"}");
    registry.id("same-value", "{\"type\":\"string\"}");
    Map<String, Object> b =
        with(
            json("{\"properties\":{\"a\":{\"$ref\":\"c.json\"}}}"),
            "references",
            List.of(reference("c.json", "a-value", 1)));
    assertThat(registry.register("b-value", b).status()).isEqualTo(200);
    Map<String, Object> c =
        with(
            json("{\"properties\":{\"b\":{\"$ref\":\"b.json\"},\"c\":{\"$ref\":\"c.json\"}}}"),
            "references",
            List.of(reference("b.json", "b-value", 1), reference("c.json", "same-value", 1)));
    assertThat(registry.register("c-value", c).status()).isEqualTo(200);
    Map<String, Object> d =
        with(
            json("{\"properties\":{\"b\":{\"$ref\":\"c.json\"}}}"),
            "references",
            List.of(reference("c.json", "b-value", 1)));
    Answer answer = registry.register("d-value", d);
    refused(answer, 42201);
    assertThat(message(answer))
        .contains(
            "the reference 'c.json' leads to version 1 of b-value and to version 1 of a-value,"
                + " expected one schema");
  }

  @Test
  void anAvroSchemaWhoseMessagesWouldBeHugeIsAnswered() {
    for (int size : List.of(2_000_000_000, 2_000_000_001)) {
      Map<String, Object> fixed =
          Map.of("schema", "{\"type\":\"fixed\",\"name\":\"F\",\"size\":%d}".formatted(size));
      assertThat(registry.register("fixed-value", fixed).status())
          .isEqualTo(size == 2_000_000_000 ? 200 : 409);
    }
    for (int width : List.of(1_200, 1_201)) {
      String fields =
          IntStream.range(0, width)
              .mapToObj(i ->
                  "{\"name\":\"f%d\",\"type\":[\"null\",\"string\"],\"default\":null}".formatted(i))
              .collect(Collectors.joining(","));
      Map<String, Object> wide =
          Map.of(
              "schema", "{\"type\":\"record\",\"name\":\"W\",\"fields\":[%s]}".formatted(fields));
      assertThat(registry.register("wide-value", wide).status()).isEqualTo(200);
    }
  }

  @Test
  void schemasThatReferToEachOtherInACircleAreAnswered() {
    registry.put("/config", "{\"compatibility\":\"NONE\"}");
    registry.id("b-value", "{\"maxLength\":1}");
    Map<String, Object> a =
        with(
            json("{\"$ref\":\"b.json\"}"),
            "references",
            List.of(reference("b.json", "b-value", 1)));
    assertThat(registry.register("a-value", a).status()).isEqualTo(200);
    refused(registry.delete("/subjects/b-value"), 42206);
    // What no request can make, a restored or foreign database may hold.
    platform
        .database()
        .write(handle ->
            handle.execute(
                "UPDATE registry_schema SET text = ?, refs = ? WHERE text = ?",
                "{\"$ref\":\"a.json\"}",
                "[{\"name\":\"a.json\",\"subject\":\"a-value\",\"version\":1}]",
                "{\"maxLength\":1}"));
    platform.restart();
    registry = new RegistryClient(platform);
    registry.put("/config", "{\"compatibility\":\"BACKWARD_TRANSITIVE\"}");
    for (String subject : List.of("a-value", "b-value")) {
      assertThat(registry.get("/subjects/" + subject + "/versions/latest").status()).isEqualTo(200);
      Answer answer =
          registry.post(
              "/compatibility/subjects/" + subject + "/versions", json("{\"type\":\"string\"}"));
      assertThat(answer.status()).as(answer.body()).isIn(200, 422);
    }
    Answer registered = registry.register("c-value", with(a, "schema", "{\"$ref\":\"b.json\"}"));
    assertThat(registered.status()).as(registered.body()).isIn(200, 422);
  }

  /** As written in the path, what it means, and below which context it is found as what. */
  @ParameterizedTest
  @CsvSource({
    "a%2Fb, a/b",
    "a%2Fb%2Fc, a/b/c",
    "%2Fa, /a",
    "a%25b, a%b",
    "a%252Fb, a%2Fb",
    "100%25, 100%",
    "a%3Fb%23c, a?b#c",
    "%3A.ctx%3Aa%2Fb, :.ctx:a/b",
    ":.ctx:a%25, :.ctx:a%",
    "%3A.%3Aa, a",
    "%3Aa, :a",
    "a%3Ab, a:b",
    "a+b, a+b",
    "%22%5C%27, '\"\\'''",
  })
  void aNameIsWhatItsEscapesMeanOnEveryPath(String written, String meant) {
    int id = registry.id(written, "{\"type\":\"string\"}");
    String subjects = Json.mapper().writeValueAsString(List.of(meant));
    assertThat(registry.get("/subjects").body()).isEqualTo(subjects);
    SubjectName name = SubjectName.of(meant);
    String where = name.inDefaultContext() ? "" : "?subject=:" + name.context() + ":";
    assertThat(registry.get("/schemas/ids/" + id + "/subjects" + where).body()).isEqualTo(subjects);
    Answer latest = registry.get("/subjects/" + written + "/versions/latest");
    assertThat(latest.json().path("subject").asString()).isEqualTo(meant);
    assertThat(registry.post("/subjects/" + written, json("{\"type\":\"string\"}")).status())
        .isEqualTo(200);
    assertThat(
            registry
                .post(
                    "/compatibility/subjects/" + written + "/versions/latest",
                    json("{\"type\":\"integer\"}"))
                .body())
        .isEqualTo("{\"is_compatible\":false}");
    assertThat(registry.put("/config/" + written, "{\"compatibility\":\"NONE\"}").status())
        .isEqualTo(200);
    assertThat(registry.get("/config/" + written).json().path("compatibilityLevel").asString())
        .isEqualTo("NONE");
    assertThat(registry.delete("/subjects/" + written).body()).isEqualTo("[1]");
    refused(registry.get("/subjects/" + written + "/versions"), 40401);
  }

  @ParameterizedTest
  @CsvSource({
    "%2E%2E, 404",
    "..%2Fa, 404",
    "a%2F..%2Fb, 404",
    "%C0%AF, 400",
    "a%00b, 400",
    "a%20b, 42208",
    "a%0Ab, 42208",
    "a*, 42208",
    ":.ctx:, 42208",
    ":.c%20x:a, 42208",
  })
  void aNameThatIsNoneIsRefusedExactly(String written, int code) {
    Answer answer = registry.register(written, json("{\"type\":\"string\"}"));
    refused(answer, code);
    assertThat(registry.get("/subjects").body()).isEqualTo("[]");
  }
}
