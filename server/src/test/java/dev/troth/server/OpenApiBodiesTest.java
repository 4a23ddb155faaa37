package dev.troth.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bodies that the OpenAPI document describes are sent to the routes themselves: one with every
 * member is understood, and one that breaks the described shape is refused by the member's name.
 */
final class OpenApiBodiesTest {
  private static final String UNKNOWN = "notAMember";

  /** Values of members that have to mean something; others are made from their types. */
  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry("target", "record/1"),
          Map.entry("filter", "price < 10"),
          Map.entry("channels", List.of("inbox")),
          Map.entry("mutedUntil", "2026-03-02T00:00:00Z"),
          Map.entry("until", "2026-03-02T00:00:00Z"),
          Map.entry("address", "http://127.0.0.1:9/"),
          Map.entry("channel", "webhook"),
          Map.entry("secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
          Map.entry("user", "developer"),
          Map.entry("scope", "all"),
          Map.entry("quiet", "22:00-07:00"),
          Map.entry("digest", "1h"),
          Map.entry("limit", "20/1h"),
          Map.entry("title", "{headline} at {at}"),
          Map.entry("zone", "Europe/Oslo"),
          Map.entry("locale", "en"),
          Map.entry("change", 1),
          Map.entry("within", 300),
          Map.entry("role", "member"),
          Map.entry("life", "1h"),
          Map.entry("level", "custom"));

  private final TestPlatform platform = TestPlatform.start("limits.rate", "100000");
  private final JsonNode document = document();

  @AfterEach
  void close() {
    platform.close();
  }

  private static JsonNode document() {
    try (var stream = OpenApiBodiesTest.class.getResourceAsStream("/openapi/openapi.json")) {
      return Json.mapper().readTree(requireNonNull(stream).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An operation that takes a described body. */
  private record Operation(String method, String path, String type, ObjectNode schema) {
    String name() {
      return method + " " + path;
    }
  }

  private List<Operation> operations() {
    Map<String, Operation> found = new TreeMap<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation -> {
                  JsonNode content = operation.getValue().at("/requestBody/content");
                  if (content.isMissingNode()) {
                    return;
                  }
                  var only = content.properties().iterator().next();
                  JsonNode schema = resolved(only.getValue().get("schema"));
                  if (schema instanceof ObjectNode shape && shape.has("properties")) {
                    String method = operation.getKey().toUpperCase(Locale.ROOT);
                    Operation one = new Operation(method, path.getKey(), only.getKey(), shape);
                    found.put(one.name(), one);
                  }
                }));
    return List.copyOf(found.values());
  }

  private JsonNode resolved(JsonNode schema) {
    return schema.has("$ref") ? document.at(schema.get("$ref").asString().substring(1)) : schema;
  }

  /** Something that changed, for bodies that name a change. */
  private void update() {
    assertThat(platform.post("/api/update/1", "{\"value\":\"a\"}").status()).isEqualTo(200);
  }

  /** Places of a path that name something that is there. */
  private static String path(String path) {
    return path.replace("{id}", "1").replace("{name}", "orders");
  }

  private Answer send(Operation operation, ObjectNode body) {
    return platform.send(
        operation.method(),
        path(operation.path()),
        body.toString(),
        "Content-Type",
        operation.type());
  }

  private Object value(String name, JsonNode described) {
    JsonNode schema = resolved(described);
    if (VALUES.containsKey(name)) {
      return requireNonNull(VALUES.get(name));
    }
    if (schema.has("const")) {
      return schema.get("const").asString();
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.get(0).asString() : type.asString("string")) {
      case "boolean" -> true;
      case "integer" -> 60;
      case "array" -> List.of(item(schema.get("items")));
      case "object" -> Map.of();
      default -> "x";
    };
  }

  private Object item(JsonNode described) {
    JsonNode schema = resolved(described);
    return schema.has("properties") ? Map.of("target", "record/1") : "x";
  }

  private ObjectNode whole(Operation operation) {
    ObjectNode body = Json.mapper().createObjectNode();
    operation
        .schema()
        .get("properties")
        .properties()
        .forEach(member ->
            body.set(
                member.getKey(),
                Json.mapper().valueToTree(value(member.getKey(), member.getValue()))));
    return body;
  }

  @Test
  void everyDescribedMemberIsKnownToTheRouteAndOthersAreRefusedByName() {
    List<String> wrong = new ArrayList<>();
    update();
    for (Operation operation : operations()) {
      ObjectNode body = whole(operation);
      Answer answer = send(operation, body);
      // What a value means may be refused (422, 404, 409, 401 of a login); its place may not.
      if (answer.status() == 400 || answer.status() == 415 || answer.status() >= 500) {
        wrong.add("%s %s: %d %s".formatted(operation.name(), body, answer.status(), answer.body()));
      }
      JsonNode others = operation.schema().get("additionalProperties");
      assertThat(others).as("what %s says of other members", operation.name()).isNotNull();
      if (!others.asBoolean()) {
        Answer refused = send(operation, body.deepCopy().put(UNKNOWN, 1));
        if (refused.status() != 400 || !refused.body().contains(UNKNOWN)) {
          wrong.add(
              "%s took %s: %d %s"
                  .formatted(operation.name(), UNKNOWN, refused.status(), refused.body()));
        }
      }
    }
    assertThat(wrong).isEmpty();
    // Events have attributes of their senders' own; the two original routes take what they took.
    assertThat(
            operations().stream()
                .filter(one -> one.schema().path("additionalProperties").asBoolean(true))
                .map(Operation::name))
        .containsExactly("POST /api/events", "POST /api/update/{id}", "POST /api/watch/{id}");
    assertThat(operations()).hasSizeGreaterThan(18);
  }

  @Test
  void aMemberOfAnotherTypeOrOneThatIsMissingIsRefusedByName() {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    update();
    for (Operation operation : operations()) {
      for (var member : operation.schema().get("properties").properties()) {
        String type = resolved(member.getValue()).path("type").asString("");
        Object other =
            switch (type) {
              case "string" -> List.of();
              case "boolean", "integer" -> "some text";
              case "array" -> 7;
              case "object" -> 7;
              default -> UNKNOWN;
            };
        if (other.equals(UNKNOWN)) {
          continue;
        }
        tried++;
        ObjectNode body = whole(operation);
        body.set(member.getKey(), Json.mapper().valueToTree(other));
        refused(operation, body, member.getKey(), wrong);
      }
      for (JsonNode required : operation.schema().path("required")) {
        tried++;
        ObjectNode body = whole(operation);
        body.remove(required.asString());
        refused(operation, body, required.asString(), wrong);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(tried).isGreaterThan(80);
  }

  private void refused(Operation operation, ObjectNode body, String member, List<String> wrong) {
    Answer answer = send(operation, body);
    boolean refused = answer.status() == 400 || answer.status() == 422;
    if (!refused || !answer.body().contains(member)) {
      wrong.add(
          "%s with %s of %s: %d %s"
              .formatted(operation.name(), body, member, answer.status(), answer.body()));
    }
  }
}
