package dev.troth.server.registry;

import static dev.troth.server.registry.RegistryClient.json;
import static dev.troth.server.registry.RegistryClient.reference;
import static dev.troth.server.registry.RegistryClient.refused;
import static dev.troth.server.registry.RegistryClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Modes, contexts, groups, normal forms, references and lists of the registry. */
class SettingTest {
  private static final String STRING = "{\"type\":\"string\"}";
  private static final String INTEGER = "{\"type\":\"integer\"}";

  private TestPlatform platform;
  private RegistryClient registry;

  @BeforeEach
  void start() {
    platform = TestPlatform.start();
    registry = new RegistryClient(platform);
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void aModeSaysWhatIsTaken() {
    assertThat(registry.get("/mode").body()).isEqualTo("{\"mode\":\"READWRITE\"}");
    refused(registry.get("/mode/a-value"), 40409);
    refused(registry.put("/mode/a-value", "{\"mode\":\"SIDEWAYS\"}"), 42204);
    refused(registry.put("/mode/a-value", "no json"), 42204);
    refused(registry.put("/mode/a-value", "{\"mode\":\"READONLY_OVERRIDE\"}"), 42204);
    registry.id("a-value", STRING);
    assertThat(registry.put("/mode/a-value", "{\"mode\":\"READONLY\"}").body())
        .isEqualTo("{\"mode\":\"READONLY\"}");
    refused(registry.register("a-value", json("{\"maxLength\":3}")), 42205);
    assertThat(registry.register("a-value", json(STRING)).status())
        .as("what is there is only looked up")
        .isEqualTo(200);
    refused(registry.delete("/subjects/a-value"), 42205);
    refused(registry.put("/config/a-value", "{\"compatibility\":\"NONE\"}"), 42205);
    registry.id("b-value", STRING);
    registry.put("/mode", "{\"mode\":\"READONLY\"}");
    refused(registry.register("c-value", json(STRING)), 42205);
    registry.put("/mode/c-value", "{\"mode\":\"READWRITE\"}");
    registry.id("c-value", STRING);
    registry.put("/mode", "{\"mode\":\"READONLY_OVERRIDE\"}");
    refused(registry.register("c-value", json(INTEGER)), 42205);
    assertThat(registry.get("/mode/c-value?defaultToGlobal=true").body())
        .isEqualTo("{\"mode\":\"READONLY_OVERRIDE\"}");
    assertThat(registry.delete("/mode").body()).isEqualTo("{\"mode\":\"READONLY_OVERRIDE\"}");
    assertThat(registry.delete("/mode/a-value").body()).isEqualTo("{\"mode\":\"READONLY\"}");
    refused(registry.delete("/mode/a-value"), 40409);
    assertThat(registry.changes("contract/a"))
        .containsExactly("contract.registered", "contract.level", "contract.level");
  }

  @Test
  void aSubjectThatImportsKeepsIdsAndVersions() {
    registry.id("a-value", STRING);
    Map<String, Object> given = with(with(json(INTEGER), "id", 700), "version", 7);
    refused(registry.register("b-value", given), 42205);
    refused(registry.put("/mode/a-value", "{\"mode\":\"IMPORT\"}"), 42205);
    registry.put("/mode/b-value", "{\"mode\":\"IMPORT\"}");
    assertThat(registry.register("b-value", given).body()).isEqualTo("{\"id\":700}");
    assertThat(registry.register("b-value", given).body()).isEqualTo("{\"id\":700}");
    assertThat(registry.get("/subjects/b-value/versions").body()).isEqualTo("[7]");
    refused(registry.register("b-value", json("{}")), 42205);
    refused(registry.register("b-value", with(json("{}"), "id", 700)), 42207);
    refused(registry.register("b-value", with(json(INTEGER), "id", 701)), 42207);
    refused(registry.register("b-value", with(given, "schema", "{")), 42201);
    refused(
        registry.register("b-value", with(json("{\"minLength\":77}"), "id", Integer.MAX_VALUE)),
        42201);
    refused(
        registry.register(
            "b-value",
            with(with(json("{\"minLength\":78}"), "id", 778), "version", Integer.MAX_VALUE)),
        42201);
    registry.delete("/mode/b-value");
    assertThat(registry.id("c-value", "{\"maxLength\":1}")).isEqualTo(701);
    assertThat(registry.put("/mode/a-value?force=true", "{\"mode\":\"IMPORT\"}").status())
        .isEqualTo(200);
    assertThat(registry.get("/schemas/ids/700?fetchMaxId=true").json().path("maxId").asInt())
        .isEqualTo(701);
  }

  @Test
  void contextsCountTheirOwnIds() {
    int id = registry.id("a-value", STRING);
    int other = registry.id(":.test:a-value", INTEGER);
    assertThat(other).isEqualTo(id);
    assertThat(registry.get("/contexts").body()).isEqualTo("[\".\",\".test\"]");
    assertThat(registry.get("/subjects").body()).isEqualTo("[\":.test:a-value\",\"a-value\"]");
    assertThat(registry.get("/subjects?subjectPrefix=").body()).isEqualTo("[\"a-value\"]");
    assertThat(registry.get("/subjects?subjectPrefix=:.test:").body())
        .isEqualTo("[\":.test:a-value\"]");
    assertThat(registry.get("/subjects?subjectPrefix=:*:a").body())
        .isEqualTo("[\":.test:a-value\",\"a-value\"]");
    assertThat(registry.get("/subjects?subjectPrefix=:*:b").body()).isEqualTo("[]");
    assertThat(registry.get("/schemas/ids/" + id + "/schema").body()).isEqualTo(STRING);
    assertThat(registry.get("/schemas/ids/" + id + "/schema?subject=:.test:").body())
        .isEqualTo(INTEGER);

    RegistryClient inside = new RegistryClient(platform, ".test");
    assertThat(inside.get("/subjects").body()).isEqualTo("[\":.test:a-value\"]");
    assertThat(inside.get("/schemas/ids/" + id + "/schema").body()).isEqualTo(INTEGER);
    assertThat(inside.get("/subjects/a-value/versions/latest").json().path("subject").asString())
        .isEqualTo(":.test:a-value");
    inside.put("/config", "{\"compatibility\":\"NONE\"}");
    assertThat(inside.id("a-value", STRING)).isEqualTo(2);
    refused(registry.register("a-value", json(INTEGER)), 40901);
    refused(registry.delete("/contexts/.test"), 42211);
    inside.delete("/subjects/a-value");
    inside.delete("/subjects/a-value?permanent=true");
    assertThat(registry.delete("/contexts/.test").status()).isEqualTo(200);
    assertThat(registry.get("/contexts").body()).isEqualTo("[\".\"]");
    assertThat(inside.get("/config").json().path("compatibilityLevel").asString())
        .isEqualTo("BACKWARD");
  }

  @Test
  void aGuidIsTheSameInEveryContext() {
    registry.id("first-value", "{}");
    int id = registry.id("a-value", STRING);
    registry.id(":.test:a-value", STRING);
    String guid = registry.get("/schemas/ids/" + id).json().path("guid").asString();
    assertThat(registry.get("/schemas/guids/" + guid).json().path("schema").asString())
        .isEqualTo(STRING);
    assertThat(registry.get("/schemas/guids/" + guid + "/ids").body())
        .isEqualTo("[{\"context\":\".\",\"id\":2},{\"context\":\".test\",\"id\":1}]");
    refused(registry.get("/schemas/guids/00000000-0000-0000-0000-000000000000"), 40403);
  }

  @Test
  void aNormalFormPassesOverTheOrderOfMembers() {
    String some = "{\"type\":\"string\",\"maxLength\":3}";
    String same = "{\"maxLength\":3,\"type\":\"string\"}";
    int id = registry.id("a-value", some);
    refused(registry.post("/subjects/a-value", json(same)), 40403);
    assertThat(
            registry.post("/subjects/a-value?normalize=true", json(same)).json().path("id").asInt())
        .isEqualTo(id);
    assertThat(
            registry
                .post("/subjects/a-value/versions?normalize=true", json(same))
                .json()
                .path("id")
                .asInt())
        .isEqualTo(id);
    assertThat(registry.put("/config/a-value", "{\"normalize\":true}").body())
        .isEqualTo("{\"normalize\":true}");
    assertThat(registry.id("a-value", same)).isEqualTo(id);
    assertThat(registry.get("/config/a-value").body())
        .isEqualTo("{\"compatibilityLevel\":\"BACKWARD\",\"normalize\":true}");
  }

  @Test
  void versionsOfOtherGroupsAreNotCompared() {
    registry.put("/config/a-value", "{\"compatibilityGroup\":\"application.major\"}");
    Map<String, Object> one =
        with(json(STRING), "metadata", Map.of("properties", Map.of("application.major", "1")));
    Map<String, Object> two =
        with(json(INTEGER), "metadata", Map.of("properties", Map.of("application.major", "2")));
    assertThat(registry.register("a-value", one).status()).isEqualTo(200);
    assertThat(registry.register("a-value", two).status()).isEqualTo(200);
    Map<String, Object> three = with(one, "schema", "{\"type\":\"boolean\"}");
    refused(registry.register("a-value", three), 40901);
    refused(registry.put("/config/a-value", "{\"alias\":\"b-value\"}"), 42205);
  }

  @Test
  void avroRefersToTypesOfOtherSubjects() {
    Map<String, Object> line =
        Map.of(
            "schema",
            "{\"type\":\"record\",\"name\":\"Line\",\"namespace\":\"shop\",\"fields\":[{\"name\":\"sku\",\"type\":\"string\"}]}");
    registry.register("line-value", line);
    String order =
        "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":[{\"name\":\"line\",\"type\":\"%s\"}]}";
    Map<String, Object> body = Map.of("schema", order.formatted("Line"));
    refused(registry.register("order-value", body), 42201);
    Map<String, Object> whole =
        with(body, "references", List.of(reference("shop.Line", "line-value", -1)));
    Answer answer = registry.register("order-value", whole);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(
            registry
                .get("/subjects/order-value/versions/1")
                .json()
                .at("/references/0/version")
                .asInt())
        .isEqualTo(1);
    refused(registry.register("order-value", with(whole, "schema", order.formatted("int"))), 40901);
  }

  @Test
  void aRefusalShowsADocumentThatBreaks() {
    registry.id("a-value", STRING);
    Answer tested =
        registry.post(
            "/compatibility/subjects/a-value/versions/latest?verbose=true", json(INTEGER));
    assertThat(tested.json().path("messages").toString())
        .contains("backward/type", "counterexample", "backward");
  }

  @Test
  void answersSayWhetherTheyChanged() {
    registry.id("a-value", STRING);
    String path = "/subjects/a-value/versions/latest";
    String tag = registry.get(path).header("ETag");
    assertThat(registry.get(path, "If-None-Match", tag).status()).isEqualTo(304);
    registry.put("/config", "{\"compatibility\":\"NONE\"}");
    registry.id("a-value", INTEGER);
    assertThat(registry.get(path, "If-None-Match", tag).status()).isEqualTo(200);
  }

  @Test
  void listsComeInPages() {
    for (int i = 0; i < 5; i++) {
      registry.id("s" + i + "-value", "{}");
    }
    assertThat(registry.get("/subjects?offset=1&limit=2").body())
        .isEqualTo("[\"s1-value\",\"s2-value\"]");
    assertThat(registry.get("/subjects?offset=4&limit=-1").body()).isEqualTo("[\"s4-value\"]");
    refused(registry.get("/subjects?limit=20001"), 400);
    refused(registry.get("/subjects?limt=2"), 400);
    refused(registry.get("/subjects?deleted=perhaps"), 400);
    refused(registry.get("/nothing/here"), 404);
    assertThat(registry.get("/v1/metadata/id").json().path("scope").isObject()).isTrue();
    assertThat(registry.get("/v1/metadata/version").json().path("version").asString()).isNotEmpty();
  }

  @Test
  void namesMayHoldWhatAddressesEscape() {
    for (String name : List.of("a/b-value", "a%b", "ü.x", "a?b#c", "com.acme.Order$Line")) {
      String path = java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8);
      int id = registry.id(path, "{\"title\":\"" + name + "\"}");
      Answer latest = registry.get("/subjects/" + path + "/versions/latest");
      assertThat(latest.json().path("subject").asString()).as(latest.body()).isEqualTo(name);
      assertThat(registry.get("/schemas/ids/" + id + "/subjects").json().at("/0").asString())
          .isEqualTo(name);
      assertThat(registry.delete("/subjects/" + path).body()).isEqualTo("[1]");
    }
  }

  @Test
  void aRuleThatCouldNeverRunIsRefused() {
    Map<String, Object> rule =
        Map.of(
            "name",
            "positive",
            "kind",
            "CONDITION",
            "mode",
            "WRITE",
            "type",
            "CEL",
            "expr",
            "true");
    assertThat(
            registry
                .register(
                    "a-value", with(json("{}"), "ruleSet", Map.of("domainRules", List.of(rule))))
                .status())
        .isEqualTo(200);
    refused(
        registry.register(
            "b-value",
            with(
                json("{}"),
                "ruleSet",
                Map.of("domainRules", List.of(with(rule, "kind", "SOMETIMES"))))),
        42210);
    refused(
        registry.register(
            "b-value", with(json("{}"), "ruleSet", Map.of("domainRule", List.of(rule)))),
        42210);
  }

  @Test
  void aSchemaThatIsTooLargeIsRefusedInWords() {
    String large = "{\"description\":\"" + "x".repeat(5_000_000) + "\"}";
    Answer answer = registry.register("a-value", json(large));
    assertThat(answer.status()).as(answer.body()).isEqualTo(413);
  }

  @Test
  void whoSaysThatTheyReadIsNamedByARefusal() {
    registry.id("a-value", STRING);
    String consumers = "/api/contracts/a-value/consumers";
    assertThat(platform.get("/api/contracts/b-value/consumers").status()).isEqualTo(404);
    assertThat(platform.put(consumers + "/billing", "{\"version\":2}").status()).isEqualTo(404);
    assertThat(platform.put(consumers + "/billing", "{}").status()).isEqualTo(422);
    assertThat(platform.put(consumers + "/no%20name", "{\"version\":1}").status()).isEqualTo(422);
    Answer said = platform.put(consumers + "/billing", "{\"version\":1}");
    assertThat(said.status()).as(said.body()).isEqualTo(200);
    assertThat(platform.put(consumers + "/billing", "{\"version\":1}").body())
        .isEqualTo(said.body());
    assertThat(platform.get(consumers).json().at("/items/0/consumer").asString())
        .isEqualTo("billing");
    Answer refusal = registry.register("a-value", json(INTEGER));
    refused(refusal, 40901);
    assertThat(refusal.body()).contains("it is read by billing (version 1)");
    assertThat(platform.delete(consumers + "/billing").status()).isEqualTo(204);
    assertThat(platform.delete(consumers + "/billing").status()).isEqualTo(404);
    assertThat(registry.changes("contract/a"))
        .containsExactly("contract.registered", "contract.consumer", "contract.consumer");
  }
}
