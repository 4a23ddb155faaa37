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

/** Versions are deleted in two steps, and nothing that is referred to disappears. */
class DeletionTest {
  private static final String ONE = "{\"maxLength\":1}";
  private static final String TWO = "{\"maxLength\":2}";
  private static final String THREE = "{\"maxLength\":3}";

  private TestPlatform platform;
  private RegistryClient registry;

  @BeforeEach
  void start() {
    platform = TestPlatform.start();
    registry = new RegistryClient(platform);
    registry.put("/config", "{\"compatibility\":\"NONE\"}");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void aVersionIsMarkedFirstAndStillFoundByItsId() {
    int id = registry.id("a-value", ONE);
    registry.id("a-value", TWO);
    refused(registry.delete("/subjects/a-value/versions/1?permanent=true"), 40407);
    assertThat(registry.delete("/subjects/a-value/versions/1").body()).isEqualTo("1");
    refused(registry.delete("/subjects/a-value/versions/1"), 40406);

    assertThat(registry.get("/subjects/a-value/versions").body()).isEqualTo("[2]");
    assertThat(registry.get("/subjects/a-value/versions?deleted=true").body()).isEqualTo("[1,2]");
    assertThat(registry.get("/subjects/a-value/versions?deletedOnly=true").body()).isEqualTo("[1]");
    refused(registry.get("/subjects/a-value/versions/1"), 40402);
    assertThat(
            registry
                .get("/subjects/a-value/versions/1?deleted=true")
                .json()
                .path("deleted")
                .asBoolean())
        .isTrue();
    assertThat(registry.get("/schemas/ids/" + id + "/schema").body()).isEqualTo(ONE);
    assertThat(registry.get("/schemas/ids/" + id + "/subjects").body()).isEqualTo("[]");
    assertThat(registry.get("/schemas/ids/" + id + "/subjects?deleted=true").body())
        .isEqualTo("[\"a-value\"]");
    refused(registry.post("/subjects/a-value", json(ONE)), 40403);
    assertThat(registry.post("/subjects/a-value?deleted=true", json(ONE)).json().path("id").asInt())
        .isEqualTo(id);

    assertThat(registry.delete("/subjects/a-value/versions/1?permanent=true").body())
        .isEqualTo("1");
    refused(registry.get("/schemas/ids/" + id), 40403);
    refused(registry.delete("/subjects/a-value/versions/1?permanent=true"), 40402);
    refused(registry.delete("/subjects/none/versions/1"), 40401);
    refused(registry.delete("/subjects/a-value/versions/first"), 42202);
    assertThat(registry.changes("contract/a"))
        .containsExactly(
            "contract.registered", "contract.registered", "contract.deleted", "contract.purged");
  }

  @Test
  void aSubjectIsDeletedAsAWhole() {
    registry.id("a-value", ONE);
    registry.id("a-value", TWO);
    registry.put("/config/a-value", "{\"compatibility\":\"FULL\"}");
    refused(registry.delete("/subjects/a-value?permanent=true"), 40405);
    assertThat(registry.delete("/subjects/a-value").body()).isEqualTo("[1,2]");
    refused(registry.delete("/subjects/a-value"), 40404);
    refused(registry.get("/subjects/a-value/versions"), 40401);
    refused(registry.get("/config/a-value"), 40408);
    assertThat(registry.get("/subjects").body()).isEqualTo("[]");
    assertThat(registry.get("/subjects?deleted=true").body()).isEqualTo("[\"a-value\"]");
    assertThat(registry.get("/subjects?deletedOnly=true").body()).isEqualTo("[\"a-value\"]");
    assertThat(registry.delete("/subjects/a-value?permanent=true").body()).isEqualTo("[1,2]");
    refused(registry.delete("/subjects/a-value?permanent=true"), 40401);
    assertThat(registry.get("/subjects?deleted=true").body()).isEqualTo("[]");
  }

  @Test
  void whatComesAgainGetsTheNextVersionAndItsOldId() {
    int one = registry.id("a-value", ONE);
    int two = registry.id("a-value", TWO);
    registry.delete("/subjects/a-value/versions/2");
    assertThat(registry.id("a-value", TWO)).isEqualTo(two);
    assertThat(registry.get("/subjects/a-value/versions").body()).isEqualTo("[1,3]");
    registry.delete("/subjects/a-value");
    registry.delete("/subjects/a-value?permanent=true");
    assertThat(registry.id("b-value", THREE)).as("an id never comes again").isGreaterThan(two);
    assertThat(registry.id("a-value", ONE)).isEqualTo(one);
    platform.restart();
    assertThat(platform.get("/registry/subjects/a-value/versions").body()).isEqualTo("[1]");
  }

  @Test
  void whatIsDeletedForGoodLeavesItsIdAndNoneOfItsText() {
    int shared = registry.id("kept-value", ONE);
    registry.id("line-value", TWO);
    Map<String, Object> order =
        with(
            json("{\"$ref\":\"line.json\",\"title\":\"a secret that slipped in\"}"),
            "references",
            List.of(reference("line.json", "line-value", 1)));
    int id = registry.register("order-value", order).json().path("id").asInt();
    registry.id("order-value", ONE);
    String consumer = "/api/contracts/order-value/consumers/billing";
    assertThat(platform.put(consumer, "{\"version\":1}").status()).isEqualTo(200);

    registry.delete("/subjects/order-value/versions/1");
    assertThat(kept("text")).as("while it is marked").contains("a secret");
    registry.delete("/subjects/order-value/versions/1?permanent=true");

    assertThat(kept("text")).doesNotContain("a secret").contains("maxLength");
    assertThat(kept("refs")).doesNotContain("line-value");
    assertThat(count("registry_reference")).isZero();
    assertThat(count("registry_consumer")).isZero();
    refused(registry.get("/schemas/ids/" + id), 40403);
    registry.delete("/subjects/order-value");
    registry.delete("/subjects/order-value?permanent=true");
    assertThat(registry.get("/schemas/ids/" + shared + "/schema").body()).isEqualTo(ONE);

    platform.restart();
    registry = new RegistryClient(platform);
    assertThat(registry.register("order-value", order).json().path("id").asInt()).isEqualTo(id);
    assertThat(registry.get("/subjects/line-value/versions/1/referencedby").body())
        .isEqualTo("[" + id + "]");
    assertThat(registry.get("/schemas/ids/" + id).json().path("schema").asString())
        .contains("a secret");
  }

  @Test
  void aSchemaStaysWhileAnotherVersionOfTheSubjectHasIt() {
    registry.id("a-value", ONE);
    registry.id("a-value", TWO);
    registry.delete("/subjects/a-value/versions/1");
    int again = registry.id("a-value", ONE);
    registry.delete("/subjects/a-value/versions/1?permanent=true");
    assertThat(registry.get("/subjects/a-value/versions").body()).isEqualTo("[2,3]");
    assertThat(registry.get("/schemas/ids/" + again + "/schema").body()).isEqualTo(ONE);
  }

  /** What the rows of schemas hold in a column, those of no version too. */
  private String kept(String column) {
    return platform
        .database()
        .read(handle ->
            String.join(
                " ",
                handle
                    .createQuery("SELECT " + column + " FROM registry_schema")
                    .mapTo(String.class)
                    .list()));
  }

  private int count(String table) {
    return platform
        .database()
        .read(handle ->
            handle.createQuery("SELECT count(*) FROM " + table).mapTo(Integer.class).one());
  }

  @Test
  void whatIsDeletedIsNotComparedWith() {
    registry.put("/config", "{\"compatibility\":\"BACKWARD\"}");
    registry.id("a-value", "{\"type\":\"string\"}");
    refused(registry.register("a-value", json("{\"type\":\"integer\"}")), 40901);
    registry.delete("/subjects/a-value/versions/latest");
    assertThat(registry.register("a-value", json("{\"type\":\"integer\"}")).status())
        .isEqualTo(200);
  }

  @Test
  void whatOthersReferToStays() {
    registry.id("line-value", ONE);
    Map<String, Object> order =
        with(
            json("{\"$ref\":\"line.json\"}"),
            "references",
            List.of(reference("line.json", "line-value", 1)));
    int id = registry.register("order-value", order).json().path("id").asInt();
    assertThat(registry.get("/subjects/line-value/versions/1/referencedby").body())
        .isEqualTo("[" + id + "]");
    refused(registry.delete("/subjects/line-value/versions/1"), 42206);
    refused(registry.delete("/subjects/line-value"), 42206);
    registry.delete("/subjects/order-value");
    assertThat(registry.get("/subjects/line-value/versions/1/referencedby").body()).isEqualTo("[]");
    assertThat(registry.delete("/subjects/line-value").body()).isEqualTo("[1]");
    refused(registry.get("/subjects/none/versions/1/referencedby"), 40401);
  }

  @Test
  void whatCannotBeUndoneIsForAdministrators() {
    try (TestPlatform closed = TestPlatform.start("auth.mode", "token")) {
      String there = "http://127.0.0.1:" + closed.port("registry");
      String owner = "Bearer " + closed.ownersToken();
      String member = "Bearer " + token(closed, owner, "member");
      String reader = "Bearer " + token(closed, owner, "reader");
      String body = "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}";
      String versions = there + "/subjects/a-value/versions";
      assertThat(closed.post(versions, body, "Authorization", reader).status()).isEqualTo(403);
      assertThat(closed.post(versions, body, "Authorization", member).status()).isEqualTo(200);
      String subject = there + "/subjects/a-value";
      assertThat(closed.delete(subject, "Authorization", reader).status()).isEqualTo(403);
      assertThat(closed.delete(subject, "Authorization", member).status()).isEqualTo(200);
      String forGood = subject + "?permanent=true";
      assertThat(closed.delete(forGood, "Authorization", member).status()).isEqualTo(403);
      assertThat(closed.delete(forGood, "Authorization", owner).status()).isEqualTo(200);
      String level = "{\"compatibility\":\"NONE\"}";
      assertThat(closed.put(there + "/config/a", level, "Authorization", member).status())
          .isEqualTo(200);
      assertThat(closed.put(there + "/config", level, "Authorization", member).status())
          .isEqualTo(403);
      assertThat(
              closed
                  .put(there + "/mode/a", "{\"mode\":\"READONLY\"}", "Authorization", member)
                  .status())
          .isEqualTo(403);
    }
  }

  @Test
  void aReaderLooksSchemasUpAndComparesThemAndARefusalHasTheFormOfTheRegistry() {
    try (TestPlatform closed = TestPlatform.start("auth.mode", "token")) {
      String owner = "Bearer " + closed.ownersToken();
      String reader = "Bearer " + token(closed, owner, "reader");
      String body = "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}";
      String own = "http://127.0.0.1:" + closed.port("registry");
      for (String there : List.of(own, "/registry", own + "/contexts/.staging")) {
        closed.post(there + "/subjects/a%2Fb/versions", body, "Authorization", owner);
        for (String asked :
            List.of(
                "/subjects/a%2Fb",
                "/compatibility/subjects/a%2Fb/versions",
                "/compatibility/subjects/a%2Fb/versions/latest")) {
          Answer found = closed.post(there + asked, body, "Authorization", reader);
          assertThat(found.status()).as(there + asked + found.body()).isEqualTo(200);
        }
        refused(
            closed.post(there + "/subjects/a%2Fb/versions", body, "Authorization", reader), 403);
        refused(closed.delete(there + "/subjects/a%2Fb", "Authorization", reader), 403);
        refused(closed.put(there + "/config/x", "{}", "Authorization", reader), 403);
        refused(closed.get(there + "/subjects"), 401);
      }
    }
  }

  private static String token(TestPlatform platform, String owner, String role) {
    return platform
        .post(
            "/api/tokens",
            "{\"user\":\"%s-user\",\"role\":\"%s\"}".formatted(role, role),
            "Authorization",
            owner)
        .json()
        .path("token")
        .asString();
  }
}
