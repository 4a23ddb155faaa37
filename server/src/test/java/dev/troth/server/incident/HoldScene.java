package dev.troth.server.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Orders whose events are lost, the incident that follows, and what ann was told of it. */
abstract class HoldScene {
  static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");
  static final Duration STEP = Duration.ofSeconds(10);
  static final List<String> OF_THE_INCIDENT =
      List.of("alert.fired", "alert.resolved", "incident.opened", "incident.resolved");

  static TestPlatform start(String... more) {
    String[] settings = new String[more.length + 4];
    settings[0] = "slo.files";
    settings[1] = FILE.toString();
    settings[2] = "slo.watermark";
    settings[3] = "5s";
    System.arraycopy(more, 0, settings, 4, more.length);
    return TestPlatform.start(settings);
  }

  static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  static void send(TestPlatform platform, OrderTraces orders, Publish publish, int steps) {
    for (int i = 0; i < steps; i++) {
      var _ = orders.orders(5, publish);
      platform.clock().advance(STEP);
    }
  }

  static void watch(TestPlatform platform, String... caller) {
    for (String target : List.of("slo/orders", "incident/*")) {
      ok(
          platform.post(
              "/api/watches", "{\"user\":\"ann\",\"target\":\"%s\"}".formatted(target), caller));
    }
  }

  /** Good traffic, then orders whose events are lost, until it pages; the incident's id. */
  static String burn(TestPlatform platform, OrderTraces orders, String... caller) {
    send(platform, orders, Publish.TAKEN, 12);
    send(platform, orders, Publish.REFUSED, 12);
    await().until(() -> objective(platform, caller).get("state").asString().equals("page"));
    await().until(() -> told(platform, caller).contains("alert.fired"));
    return objective(platform, caller).get("incident").asString();
  }

  static JsonNode objective(TestPlatform platform, String... caller) {
    return ok(platform.get("/api/objectives/orders", caller)).get("objective");
  }

  /** The types of what ann was told, newest first. */
  static List<String> told(TestPlatform platform, String... caller) {
    return ok(platform.get("/api/inbox?state=all&user=ann&limit=200", caller))
        .get("items")
        .valueStream()
        .map(item -> item.get("type").asString())
        .toList();
  }

  static List<String> ofTheIncident(TestPlatform platform) {
    return told(platform).stream().filter(OF_THE_INCIDENT::contains).toList();
  }

  /** A change, watched as all others are: what came before it has been told by then. */
  static void everythingIsTold(TestPlatform platform) {
    ok(platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"record/*\"}"));
    JsonNode record = ok(platform.post("/api/records", "{\"name\":\"a\",\"value\":\"b\"}"));
    String subject = "record/" + record.get("id").asString();
    await().until(() -> platform.get("/api/inbox?state=all&user=ann").body().contains(subject));
  }

  static JsonNode changes(TestPlatform platform, String subject) {
    return ok(platform.get("/api/subjects/changes?target=" + subject)).get("items");
  }

  static JsonNode change(TestPlatform platform, String subject, String type) {
    return changes(platform, subject)
        .valueStream()
        .filter(one -> one.get("type").asString().equals(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + type + " of " + subject));
  }

  static long fired(TestPlatform platform) {
    return told(platform).stream().filter("alert.fired"::equals).count();
  }
}
