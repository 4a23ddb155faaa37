package dev.troth.server.registry;

import static dev.troth.server.registry.RegistryClient.json;
import static dev.troth.server.registry.RegistryClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Events that name a schema of the registry are compared with it, as {@code events.validate} says.
 */
class DataSchemaTest {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}";
  private static final String GOOD = "{\"id\":\"7\",\"n\":1}";
  private static final String BAD = "{\"n\":\"one\"}";
  private static final String LATEST = "/registry/subjects/order-value/versions/latest";

  private TestPlatform platform = TestPlatform.start("events.validate", "refuse");
  private int events;
  private int id;

  @AfterEach
  void stop() {
    platform.close();
  }

  private void restarted(String strictness) {
    platform.close();
    platform = TestPlatform.start("events.validate", strictness);
    register();
  }

  private void register() {
    id = new RegistryClient(platform).id("order-value", SCHEMA);
  }

  private String event(String dataschema, String data) {
    return """
    {"specversion":"1.0","id":"e%d","source":"/orders","type":"placed","subject":"order/7",
     "dataschema":"%s","datacontenttype":"application/json","data":%s}
    """
        .formatted(events++, dataschema, data);
  }

  private Answer send(String event) {
    return platform.send(
        "POST", "/api/events", event, "Content-Type", "application/cloudevents+json");
  }

  private Answer binary(String dataschema, String data, String type) {
    return platform.send(
        "POST",
        "/api/events",
        data,
        "Content-Type",
        type,
        "ce-specversion",
        "1.0",
        "ce-id",
        "b" + events++,
        "ce-source",
        "/orders",
        "ce-type",
        "placed",
        "ce-subject",
        "order/7",
        "ce-dataschema",
        dataschema);
  }

  /** How many events of the order were taken. */
  private int taken() {
    return platform.get("/api/subjects/changes").json().at("/items/0/version").asInt();
  }

  @Test
  void refusedAreEventsThatDoNotKeepTheSchemaByWhateverAddress() {
    register();
    String guid = platform.get("/registry/schemas/ids/" + id).json().path("guid").asString();
    int accepted = 0;
    for (String address :
        List.of(
            LATEST,
            "/registry/subjects/order-value/versions/1/schema",
            "/registry/schemas/ids/" + id,
            "/registry/schemas/guids/" + guid,
            "/registry/contexts/./schemas/ids/" + id,
            platform.uri(LATEST).toString(),
            "https://127.0.0.1:1" + LATEST,
            "http://LOCALHOST:1" + LATEST)) {
      Answer refused = send(event(address, BAD));
      assertThat(refused.status()).as(address).isEqualTo(422);
      assertThat(refused.body()).contains("data does not keep " + address).contains("required");
      assertThat(send(event(address, GOOD)).status()).as(address).isEqualTo(200);
      assertThat(binary(address, BAD, "application/json").status()).as(address).isEqualTo(422);
      assertThat(binary(address, GOOD, "application/json").status()).as(address).isEqualTo(200);
      accepted += 2;
    }
    assertThat(taken()).isEqualTo(accepted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/registry/subjects/none-value/versions/1 | the registry has no subject none-value",
        "/registry/subjects/order-value/versions/9 | subject order-value has no version 9",
        "/registry/schemas/ids/99 | the registry has no schema with the id 99",
        "/registry/schemas/ids/x | expected the address of a schema in this registry",
        "/registry/schemas/guids/x | the registry has no schema with the guid x",
        "/registry/schemas/ids/1?x=1 | expected the address of a schema in this registry, without a query",
        "/registry/elsewhere | expected the address of a schema in this registry"
      })
  void aSchemaThatIsNotThereIsSaid(String address, String why) {
    register();
    Answer refused = send(event(address, GOOD));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("detail").asString())
        .endsWith("dataschema is '" + address + "': " + why);
  }

  @Test
  void anEventWithoutDataIsSaidToHaveNone() {
    register();
    Answer refused = send(event(LATEST, "1").replace(",\"data\":1}", "}"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("detail").asString())
        .contains("the event has no data, expected a document of " + LATEST)
        .doesNotContain("JSON", "line 1");
    assertThat(binary(LATEST, "", "application/json").body())
        .contains("the event has no data, expected a document of " + LATEST);
  }

  @Test
  void aDeletedVersionIsUnknownAtOnce() {
    register();
    assertThat(send(event(LATEST, GOOD)).status()).isEqualTo(200);
    platform.delete("/registry/subjects/order-value");
    assertThat(send(event(LATEST, GOOD)).status()).isEqualTo(422);
  }

  @Test
  void schemasOfOthersAndEventsWithoutOneAreTakenUnseen() {
    register();
    for (String address :
        List.of(
            "https://other.example" + LATEST,
            "urn:registry:7",
            "http://127.0.0.1:1/schemas/ids/" + id,
            "/schemas/ids/" + id)) {
      assertThat(send(event(address, BAD)).status()).as(address).isEqualTo(200);
    }
    assertThat(send(event("", BAD).replace("\"dataschema\":\"\",", "")).status()).isEqualTo(200);
  }

  @Test
  void dataThatIsNoJsonCannotBeCompared() {
    register();
    Answer refused = binary(LATEST, "id=7", "text/plain");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body()).contains("datacontenttype text/plain, expected JSON");
  }

  @Test
  void aConditionOfTheRuleSetCounts() {
    Map<String, Object> rule =
        Map.of(
            "name", "positive",
            "kind", "CONDITION",
            "type", "CEL",
            "mode", "WRITE",
            "expr", "message.n > 0");
    assertThat(
            new RegistryClient(platform)
                .register(
                    "order-value",
                    with(json(SCHEMA), "ruleSet", Map.of("domainRules", List.of(rule))))
                .status())
        .isEqualTo(200);
    assertThat(send(event(LATEST, GOOD)).status()).isEqualTo(200);
    assertThat(send(event(LATEST, "{\"id\":\"7\",\"n\":0}")).body()).contains("rule positive");
  }

  @Test
  void inABatchEachEventIsJudgedAlone() {
    register();
    Answer batch =
        platform.send(
            "POST",
            "/api/events",
            "[" + event(LATEST, BAD) + "," + event(LATEST, GOOD) + "]",
            "Content-Type",
            "application/cloudevents-batch+json");
    assertThat(batch.status()).isEqualTo(207);
    assertThat(batch.json().at("/results/0/status").asInt()).isEqualTo(422);
    assertThat(batch.json().at("/results/1/status").asInt()).isEqualTo(200);
  }

  @Test
  void aReportTakesTheEventAndSaysWhatIsWrong() {
    restarted("report");
    JsonNode taken = send(event(LATEST, BAD)).json();
    assertThat(taken.path("seq").asLong()).isPositive();
    assertThat(taken.path("problem").asString()).contains("data does not keep");
    assertThat(send(event(LATEST, GOOD)).json().has("problem")).isFalse();
    JsonNode batch =
        platform
            .send(
                "POST",
                "/api/events",
                "[" + event(LATEST, BAD) + "]",
                "Content-Type",
                "application/cloudevents-batch+json")
            .json();
    assertThat(batch.at("/results/0/problem").asString()).contains("data does not keep");
    restarted("off");
    assertThat(send(event(LATEST, BAD)).json().has("problem")).isFalse();
  }
}
