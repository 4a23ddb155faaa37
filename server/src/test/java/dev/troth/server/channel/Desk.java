package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.channel.Receiver.Got;
import dev.troth.server.http.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A platform and the double of a service that one of its users, ann, is told at. */
final class Desk implements AutoCloseable {
  final TestPlatform platform = TestPlatform.start("watch.webhooks.allow", "127.0.0.1/32");
  final Receiver service = new Receiver();
  private final String kind;
  private int events;

  Desk(String kind) {
    this.kind = kind;
  }

  /** Adds ann's address and has her told there of a target; the address's id. */
  long watch(String address, String target) {
    Answer added = add(address);
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    // Who watches everything is told, too, that somebody else sets their terms: as these tests do.
    String filter =
        target.equals("*")
            ? ",\"filter\":\"change.type != 'preference.set' && change.type != 'preference.removed' && change.type != 'person.set'\""
            : "";
    String wish =
        "{\"user\":\"ann\",\"target\":\"%s\",\"channels\":[\"%s\"]%s}"
            .formatted(target, kind, filter);
    assertThat(platform.post("/api/watches", wish).status()).isEqualTo(201);
    return added.json().get("id").asLong();
  }

  Answer add(String address) {
    return platform.post(
        "/api/endpoints",
        Json.mapper()
            .writeValueAsString(Map.of("user", "ann", "channel", kind, "address", address)));
  }

  /** The n-th change after one, without those of users' terms. */
  long seq(long base, int change) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "SELECT seq FROM change WHERE seq > ? AND subject NOT LIKE 'terms/%' ORDER BY seq")
                .bind(0, base)
                .mapTo(Long.class)
                .list()
                .get(change - 1));
  }

  /** Updates the demo record. */
  void update(String value) {
    String body = Json.mapper().writeValueAsString(Map.of("value", value));
    assertThat(platform.post("/api/update/1", body).status()).isEqualTo(200);
  }

  /** An event of a subject. */
  void event(String subject, String type) {
    event(subject, type, Map.of());
  }

  void event(String subject, String type, Map<String, Object> data) {
    Map<String, Object> event =
        Map.of(
            "specversion",
            "1.0",
            "id",
            "e" + ++events,
            "source",
            "/tests",
            "type",
            type,
            "subject",
            subject,
            "data",
            data);
    Answer answer =
        platform.post(
            "/api/events",
            Json.mapper().writeValueAsString(event),
            "Content-Type",
            "application/cloudevents+json");
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
  }

  /** What the service was sent, once it is so many requests. */
  List<Got> got(int count) {
    await().until(() -> service.got.size() >= count);
    assertThat(service.got).hasSize(count);
    return List.copyOf(service.got);
  }

  JsonNode last(int count) {
    return got(count).getLast().json();
  }

  void awaitState(String state, int count) {
    await().until(() -> deliveries(state).size() == count);
  }

  JsonNode deliveries(String state) {
    return platform.get("/api/deliveries?user=ann&state=" + state).json().get("items");
  }

  /** In which message a change goes; empty while it is in none. */
  String messageOf(long seq) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery("SELECT batch FROM delivery WHERE change_seq = ?")
                .bind(0, seq)
                .mapTo(String.class)
                .one());
  }

  /** What came of a test of an address. */
  JsonNode test(long id) {
    return platform.post("/api/endpoints/%d/test".formatted(id), "").json();
  }

  String state() {
    return platform.get("/api/endpoints?user=ann").json().at("/items/0/state").asString();
  }

  /**
   * The promises that all services share: their pause holds for all that waits, what they refuse is
   * a dead letter, an address that must not be reached is not, and nobody is shown a secret.
   */
  void keepsItsManners(String address, String secret) {
    long id = watch(address, "record/1");
    service.status = 429;
    service.retryAfter = "30";
    update("a");
    got(1);
    awaitState("pending", 1);
    service.status = 503;
    service.retryAfter = "";
    platform.clock().advance(Duration.ofSeconds(29));
    assertThat(service.got).hasSize(1);
    platform.clock().advance(Duration.ofSeconds(2));
    got(2);
    awaitState("pending", 1);
    service.status = 400;
    platform.clock().advance(Duration.ofMinutes(6));
    awaitState("dead", 1);
    String book = platform.get("/api/endpoints?user=ann").body();
    String settings = platform.get("/settings").body();
    String log = platform.get("/api/subjects/changes?target=endpoint/*").body();
    String letters = deliveries("dead").toString();
    assertThat(book + settings + log + letters + test(id)).doesNotContain(secret);
    Answer closed = add(address.replace("127.0.0.1", "127.0.0.2"));
    assertThat(closed.status()).as(closed.body()).isEqualTo(201);
    assertThat(test(closed.json().get("id").asLong()).get("detail").asString())
        .contains("may not be reached")
        .doesNotContain(secret);
  }

  @Override
  public void close() {
    platform.close();
    service.close();
  }
}
