package dev.troth.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.JsonReader;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document is held against the routes as the sources register them, and against the
 * answers of the API that the documents' tests have recorded to the letter.
 */
final class OpenApiTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/troth/server");
  private static final Path ANSWERS = Path.of("src/test/resources/api");

  private static final Pattern ROUTE =
      Pattern.compile(
          "\\.(get|post|put|patch|delete)\\(\\s*\"(/api/[^\"]+)\",\\s*(taking\\(\\s*[\\w:.()]+((?:\\s*,\\s*\"\\w+\")*))?");
  private static final Pattern TEMPLATE =
      Pattern.compile(
          "route\\(rules, Method\\.(GET|POST|PUT|PATCH|DELETE), ALL(?: \\+ \"([^\"]+)\")?");
  private static final Pattern ALL = Pattern.compile("String ALL = \"(/api/[^\"]+)\"");

  private final JsonNode document = document();

  private static JsonNode document() {
    try (var stream = OpenApiTest.class.getResourceAsStream("/openapi/openapi.json")) {
      return Json.mapper().readTree(requireNonNull(stream).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each route with the parameters of its query. */
  private static Map<String, Set<String>> routes() throws IOException {
    Map<String, Set<String>> routes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith("Routes.java")).toList()) {
        String text = Files.readString(file);
        Matcher route = ROUTE.matcher(text);
        while (route.find()) {
          Set<String> parameters = new TreeSet<>();
          Matcher name =
              Pattern.compile("\"(\\w+)\"").matcher(route.group(4) == null ? "" : route.group(4));
          while (name.find()) {
            parameters.add(name.group(1));
          }
          routes.put(route.group(1).toUpperCase(Locale.ROOT) + " " + route.group(2), parameters);
        }
        Matcher all = ALL.matcher(text);
        if (all.find()) {
          Matcher template = TEMPLATE.matcher(text);
          while (template.find()) {
            String more = template.group(2) == null ? "" : template.group(2);
            routes.put(template.group(1) + " " + all.group(1) + more, Set.of());
          }
        }
      }
    }
    return routes;
  }

  private Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation ->
                    operations.put(
                        operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                        operation.getValue())));
    return operations;
  }

  @Test
  void everyRouteOfTheApiIsInItWithTheParametersThatItTakes() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    operations()
        .forEach((name, operation) -> {
          Set<String> query = new TreeSet<>();
          Set<String> path = new TreeSet<>();
          operation
              .path("parameters")
              .forEach(one ->
                  (one.get("in").asString().equals("query") ? query : path)
                      .add(one.get("name").asString()));
          Set<String> places = new TreeSet<>();
          Matcher place = Pattern.compile("\\{(\\w+)}").matcher(name);
          while (place.find()) {
            places.add(place.group(1));
          }
          assertThat(path).as(name).isEqualTo(places);
          documented.put(name, query);
        });
    assertThat(documented).hasSizeGreaterThan(80).isEqualTo(routes());
  }

  /** An answer as it was recorded. */
  private record Recorded(String request, int status, JsonNode body) {}

  private static List<Recorded> recorded() throws IOException {
    List<Recorded> recorded = new ArrayList<>();
    Map<String, String> single =
        Map.of(
            "objectives", "GET /api/objectives",
            "objective", "GET /api/objectives/x",
            "objective-counted", "GET /api/objectives/x",
            "objective-latency", "GET /api/objectives/x",
            "incidents", "GET /api/incidents",
            "incident", "GET /api/incidents/x",
            "traces", "GET /api/traces",
            "trace", "GET /api/traces/x",
            "trace-logged", "GET /api/traces/x");
    try (Stream<Path> files = Files.list(ANSWERS)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".json", "");
        JsonNode said = Json.mapper().readTree(Files.readString(file));
        if (single.containsKey(name)) {
          recorded.add(new Recorded(single.getOrDefault(name, ""), 200, said));
        } else if (said.isArray() && said.path(0).has("request")) {
          said.forEach(one ->
              recorded.add(
                  new Recorded(
                      one.get("request").asString(), one.get("status").asInt(), one.path("body"))));
        }
      }
    }
    recorded.removeIf(one -> !one.request().contains(" /api/"));
    return recorded;
  }

  /** The operation that a request is of; the one with the fewest places, where several fit. */
  private static String operation(Set<String> operations, String request) {
    String plain = request.split("\\?", 2)[0];
    String best = "";
    for (String operation : operations) {
      String pattern = Pattern.quote(operation).replaceAll("\\{\\w+}", "\\\\E[^/]+\\\\Q");
      boolean fewer = best.isEmpty() || places(operation) < places(best);
      if (plain.matches(pattern) && fewer) {
        best = operation;
      }
    }
    return best;
  }

  private static long places(String operation) {
    return operation.chars().filter(character -> character == '{').count();
  }

  @Test
  void everyRecordedAnswerIsOneThatItDescribes() throws IOException {
    Map<String, JsonNode> operations = operations();
    Map<String, Interpreter> schemas = new HashMap<>();
    Set<String> seen = new TreeSet<>();
    for (Recorded one : recorded()) {
      String name = operation(operations.keySet(), one.request());
      assertThat(name).as(one.request()).isNotEmpty();
      JsonNode answer =
          operations.getOrDefault(name, document).get("responses").path("" + one.status());
      assertThat(answer.isMissingNode())
          .as("%s is answered with %d: %s", one.request(), one.status(), one.body())
          .isFalse();
      seen.add(name);
      if (one.body().isMissingNode()) {
        continue;
      }
      JsonNode described =
          answer.has("$ref") ? document.at(answer.get("$ref").asString().substring(1)) : answer;
      JsonNode content = described.path("content");
      assertThat(content.isEmpty()).as(one.request()).isFalse();
      String schema = content.iterator().next().at("/schema/$ref").asString();
      assertThat(
              schemas
                  .computeIfAbsent(schema, this::interpreter)
                  .isValid(JsonReader.read(one.body().toString())))
          .as("%s: %s is of %s", one.request(), one.body(), schema)
          .isTrue();
    }
    assertThat(seen).hasSizeGreaterThan(70);
  }

  private Interpreter interpreter(String reference) {
    ObjectNode whole = Json.mapper().createObjectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.put("$ref", reference.replace("#/components/schemas/", "#/$defs/"));
    whole.set(
        "$defs",
        Json.mapper()
            .readTree(
                document
                    .at("/components/schemas")
                    .toString()
                    .replace("#/components/schemas/", "#/$defs/")));
    return new Interpreter(
        new SchemaLoader(SchemaLoader.Options.DEFAULT)
            .load(JsonReader.read(whole.toString()), "troth:/openapi"));
  }

  @Test
  void itIsServed() {
    try (TestPlatform platform = TestPlatform.start("auth.mode", "token")) {
      TestPlatform.Answer served =
          platform.get("/api/openapi.json", "Authorization", "Bearer " + platform.ownersToken());
      assertThat(served.status()).isEqualTo(200);
      assertThat(served.header("Content-Type")).isEqualTo("application/json");
      assertThat(served.json()).isEqualTo(document);
      assertThat(platform.get("/api/openapi.json").status()).isEqualTo(401);
    }
  }
}
