package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** HTTP resources as sources: looked at conditionally, told of by what differs. */
final class SourceTest {
  private final TestPlatform platform = TestPlatform.start("watch.webhooks.allow", "127.0.0.1/32");
  private final JsonResource resource;

  SourceTest() throws IOException {
    resource = new JsonResource();
  }

  @AfterEach
  void close() {
    platform.close();
    resource.close();
  }

  private Answer add(Map<String, Object> more) {
    Map<String, Object> body =
        new TreeMap<>(
            Map.of("name", "weather", "url", resource.address("/now?key=hush-4711"), "every", 60));
    body.putAll(more);
    return platform.post("/api/sources", Json.mapper().writeValueAsString(body));
  }

  private JsonNode source() {
    return platform.get("/api/sources/weather").json();
  }

  private void awaitHealth(String health) {
    await().until(() -> source().get("health").asString().equals(health));
  }

  /** Lets the source be due, and waits for the look. */
  private void look(int count) {
    platform.clock().advance(Duration.ofSeconds(60));
    await().until(() -> resource.asked.size() == count);
  }

  private JsonNode changes(String subject) {
    return platform.get("/api/subjects/changes?target=" + subject).json().get("items");
  }

  @Test
  void whatDiffersIsToldOnceAndAnUnchangedDocumentIsNotSentAgain() {
    resource.put("{\"now\":{\"temperature\":20.10,\"sky\":\"clear\"}}");
    assertThat(
            platform
                .post("/api/watches", "{\"user\":\"ann\",\"target\":\"http/weather\"}")
                .status())
        .isEqualTo(201);
    Answer added = add(Map.of("headers", Map.of("Authorization", "Bearer hush-4711")));
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    awaitHealth("ok");
    assertThat(resource.asked.getFirst().get("Authorization")).containsExactly("Bearer hush-4711");
    assertThat(changes("http/weather")).isEmpty();
    look(2);
    assertThat(resource.answered).containsExactly(200, 304);
    assertThat(resource.asked.getLast().get("If-none-match")).containsExactly("\"v1\"");
    assertThat(resource.asked.getLast()).containsKey("If-modified-since");
    awaitHealth("ok");
    resource.put("{\"now\":{\"temperature\":19.5,\"sky\":\"clear\"}}");
    look(3);
    await().until(() -> changes("http/weather").size() == 1);
    JsonNode change = changes("http/weather").get(0);
    assertThat(change.get("type").asString()).isEqualTo("http.changed");
    assertThat(change.get("changed").toString()).isEqualTo("[\"now.temperature\"]");
    assertThat(change.at("/before/now.temperature").toString()).isEqualTo("20.10");
    assertThat(platform.get("/api/inbox?user=ann").json().at("/items/0/title").asString())
        .isEqualTo("http/weather: now.temperature changed from 20.10 to 19.5 by source/weather");
    assertThat(source().get("lastChange").asLong()).isEqualTo(change.get("seq").asLong());
    String shown =
        platform.get("/api/sources").body()
            + added.body()
            + platform.get("/api/subjects/changes?target=*").body();
    assertThat(shown).doesNotContain("hush-4711").contains("/now?…", "\"Authorization\":\"…\"");
    resource.versioned = false;
    resource.put("{\"now\":{\"sky\":\"clear\",\"temperature\":19.50}}");
    look(4);
    awaitHealth("ok");
    look(5);
    awaitHealth("ok");
    assertThat(changes("http/weather")).hasSize(1);
  }

  @Test
  void theTextOfChosenElementsOfAWebPageIsAValue() {
    resource.contentType = "text/html; charset=latin1";
    resource.put("<title>Shop</title><p>Now <b class=price>12,50 \u00A3</b> only");
    Answer added = add(Map.of("select", "b.price"));
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    assertThat(added.json().get("select").asString()).isEqualTo("b.price");
    awaitHealth("ok");
    assertThat(resource.asked.getFirst().getOrDefault("Accept", List.of()))
        .singleElement()
        .asString()
        .startsWith("text/html");
    resource.put("<title>Shop, new</title><p>Now <b class=price>11,00 \u00A3</b> only");
    look(2);
    await().until(() -> changes("http/weather").size() == 1);
    assertThat(changes("http/weather").get(0).at("/before/value").asString())
        .isEqualTo("12,50 \u00A3");
    assertThat(changes("http/weather").get(0).at("/after/value").asString())
        .isEqualTo("11,00 \u00A3");
    // A page that was rebuilt is no price that was taken away.
    resource.put("<title>Shop</title><main>We moved</main>");
    look(3);
    awaitHealth("failing");
    assertThat(source().get("lastError").asString())
        .isEqualTo("the page has no element for select b.price");
    assertThat(changes("http/weather")).hasSize(1);
    assertThat(platform.post("/api/sources/weather/test", "").body())
        .contains("the page has no element for select b.price");
    for (String wrong : List.of("p[", "a:matches(x)")) {
      Answer refused = add(Map.of("name", "other", "select", wrong));
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.body()).contains("select is '" + wrong);
    }
    Answer both = add(Map.of("name", "other", "select", "p", "pointer", "/a"));
    assertThat(both.body()).contains("select and pointer are given, expected one");
  }

  @Test
  void aDocumentThatIsTooLongAndAnAnswerToNoConditionAreSaid() {
    resource.put("{\"a\":\"%s\"}".formatted("x".repeat(2 << 20)));
    assertThat(add(Map.of()).status()).isEqualTo(201);
    awaitHealth("failing");
    assertThat(source().get("lastError").asString())
        .isEqualTo("the answer is longer than 1048576 bytes, which is the most");
    resource.status = 304;
    resource.put("");
    platform.clock().advance(Duration.ofMinutes(10));
    await()
        .untilAsserted(() ->
            assertThat(source().get("lastError").asString())
                .isEqualTo("HTTP 304 to a request without a condition, expected 200"));
  }

  @Test
  void aSourceThatFailsIsAskedLessOftenAndTellsWhoWatchesIt() {
    resource.put("{\"a\":1}");
    assertThat(add(Map.of()).status()).isEqualTo(201);
    awaitHealth("ok");
    resource.status = 503;
    resource.retryAfter = "300";
    look(2);
    awaitHealth("failing");
    assertThat(source().get("lastError").asString())
        .isEqualTo("HTTP 503, expected 200, 304, 404 or 410");
    resource.retryAfter = "";
    platform.clock().advance(Duration.ofSeconds(299));
    assertThat(resource.asked).hasSize(2);
    platform.clock().advance(Duration.ofSeconds(2));
    await().until(() -> source().get("failures").asInt() == 2);
    platform.clock().advance(Duration.ofSeconds(121));
    await().until(() -> source().get("failures").asInt() == 3);
    assertThat(platform.get("/metrics").body())
        .contains("troth_watch_source_errors_total{source=\"weather\"} 3.0");
    assertThat(source().get("lag").asLong()).isGreaterThan(400);
    assertThat(changes("source/weather").get(0).get("type").asString()).isEqualTo("source.failed");
    resource.status = 200;
    resource.put("{\"a\":2}");
    platform.clock().advance(Duration.ofSeconds(241));
    awaitHealth("ok");
    assertThat(changes("source/weather").get(0).get("type").asString())
        .isEqualTo("source.recovered");
    assertThat(changes("http/weather")).hasSize(1);
    assertThat(changes("http/weather").get(0).at("/before/a").asInt()).isEqualTo(1);
  }

  @Test
  void whatIsNotADocumentToReadChangesNothing() {
    resource.put("{\"a\":{\"b\":1}}");
    assertThat(add(Map.of("pointer", "/a")).status()).isEqualTo(201);
    awaitHealth("ok");
    Map<String, String> wrong =
        Map.of(
            "<html>",
            "the answer is no JSON",
            "{\"a\":1} x",
            "the answer is no JSON",
            "{\"c\":1}",
            "the document has nothing at /a",
            "{\"a\":\"" + "x".repeat(40_000) + "\"}",
            "expected at most 32768",
            "{\"a\":\"" + "x".repeat(1 << 20) + "\"}",
            "longer than 1048576 bytes");
    for (Map.Entry<String, String> one : wrong.entrySet()) {
      resource.put(one.getKey());
      Answer tested = platform.post("/api/sources/weather/test", "");
      assertThat(tested.json().get("works").asBoolean()).isFalse();
      assertThat(tested.json().get("detail").asString()).contains(one.getValue());
    }
    look(7);
    awaitHealth("failing");
    resource.put("{\"a\":{\"b\":1}}");
    platform.clock().advance(Duration.ofSeconds(61));
    awaitHealth("ok");
    assertThat(changes("http/weather")).isEmpty();
    resource.status = 301;
    assertThat(platform.post("/api/sources/weather/test", "").body()).contains("HTTP 301");
    resource.status = 404;
    platform.clock().advance(Duration.ofSeconds(61));
    await().until(() -> changes("http/weather").size() == 1);
    assertThat(changes("http/weather").get(0).get("type").asString()).isEqualTo("http.lost");
  }

  @Test
  void aPausedSourceRestsAndARemovedOneIsForgotten() {
    resource.put("{\"a\":1}");
    assertThat(add(Map.of()).status()).isEqualTo(201);
    awaitHealth("ok");
    assertThat(platform.post("/api/sources/weather/pause", "").json().get("health").asString())
        .isEqualTo("paused");
    platform.clock().advance(Duration.ofHours(1));
    resource.put("{\"a\":2}");
    platform.restart();
    assertThat(source().get("health").asString()).isEqualTo("paused");
    assertThat(resource.asked).hasSize(1);
    assertThat(platform.post("/api/sources/weather/resume", "").status()).isEqualTo(200);
    await().until(() -> changes("http/weather").size() == 1);
    assertThat(platform.delete("/api/sources/weather").status()).isEqualTo(200);
    assertThat(platform.get("/api/sources/weather").status()).isEqualTo(404);
    JsonNode removed = changes("source/weather").get(0);
    assertThat(removed.at("/before/name").asString()).isEqualTo("weather");
    assertThat(removed.get("after")).isEmpty();
    platform.clock().advance(Duration.ofHours(1));
    assertThat(platform.get("/api/sources").json().get("items")).isEmpty();
    assertThat(resource.asked).hasSize(2);
  }

  @Test
  void whatCannotBeASourceIsRefusedWithTheReason() {
    for (Map<String, Object> wrong :
        List.<Map<String, Object>>of(
            Map.of("name", "Weather"),
            Map.of("url", "file:///etc/passwd"),
            Map.of("url", "http://ann:pw@127.0.0.1/"),
            Map.of("every", 4),
            Map.of("subject", "record/1"),
            Map.of("subject", "weather"),
            Map.of("pointer", "a"),
            Map.of("kind", "kafka"),
            Map.of("headers", Map.of("Host", "x")),
            Map.of("headers", Map.of("X", "a\r\nb")))) {
      Answer refused = add(wrong);
      assertThat(refused.status()).as(wrong + refused.body()).isEqualTo(422);
    }
    assertThat(add(Map.of()).status()).isEqualTo(201);
    assertThat(add(Map.of()).status()).isEqualTo(409);
    assertThat(add(Map.of("name", "other", "subject", "http/weather")).status()).isEqualTo(409);
    assertThat(add(Map.of("name", "closed", "url", "http://127.0.0.2:1/")).status()).isEqualTo(201);
    assertThat(platform.post("/api/sources/closed/test", "").json().get("detail").asString())
        .contains("may not be reached");
  }
}
