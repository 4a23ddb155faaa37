package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.channel.Receiver.Got;
import dev.troth.server.http.Json;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Users' own terms hold messages back, put them together, and lose none. */
final class TermsTest {
  private final Desk desk = new Desk("webhook");
  private long base;

  @AfterEach
  void close() {
    desk.close();
  }

  /** Changes are counted from here on. */
  private void watchEverything() {
    assertThat(desk.watch(desk.service.address(), "*")).isPositive();
    base =
        desk.platform
            .database()
            .read(handle ->
                handle.createQuery("SELECT max(seq) FROM change").mapTo(Long.class).one());
  }

  private void prefer(String... members) {
    Answer set = put(members);
    assertThat(set.status()).as(set.body()).isEqualTo(200);
  }

  private Answer put(String... members) {
    return desk.platform.put(
        "/api/preferences", "{\"user\":\"ann\",%s}".formatted(String.join(",", members)));
  }

  private void live(String zone) {
    Answer set =
        desk.platform.send(
            "PATCH", "/api/preferences", "{\"user\":\"ann\",\"zone\":\"%s\"}".formatted(zone));
    assertThat(set.status()).as(set.body()).isEqualTo(200);
  }

  private void at(String instant) {
    desk.platform.clock().set(Instant.parse(instant));
  }

  /** A change of something that no preference of ann's is about, once its message is there. */
  private void othersAreTold(int count) {
    desk.event("sentinel/1", "moved");
    await().until(() -> desk.service.got.stream().anyMatch(TermsTest::isSentinel));
    assertThat(desk.got(count)).anyMatch(TermsTest::isSentinel);
  }

  private static boolean isSentinel(Got got) {
    return got.body().contains("\"subject\":\"sentinel/1\"");
  }

  private static List<String> titles(Got got) {
    JsonNode data = got.json().get("data");
    return data.has("changes")
        ? data.get("changes").valueStream().map(one -> one.get("title").asString()).toList()
        : List.of(data.get("title").asString());
  }

  /** What became of the n-th change on its way to ann's webhook. */
  private String way(int change) {
    long seq = desk.seq(base, change);
    JsonNode why = desk.platform.get("/api/changes/%d/why?user=ann".formatted(seq)).json();
    return why.at("/channels/1/state").asString() + ": " + why.at("/channels/1/detail").asString();
  }

  private void urgent(String subject) {
    var changes = desk.platform.changes();
    var _ =
        desk.platform
            .database()
            .write(handle ->
                changes.append(
                    handle, NewChange.of(Subject.parse(subject), "alert.fired", "slo").critical()));
  }

  @Test
  void quietHoursOfAShortNightDeferAndNeverDrop() {
    watchEverything();
    live("Europe/Oslo");
    prefer("\"quiet\":\"22:00-07:00\"");
    prefer("\"scope\":\"type:sentinel\",\"quiet\":\"off\"");
    at("2026-03-28T21:30:00Z");
    desk.update("a");
    desk.update("b");
    desk.awaitState("pending", 2);
    assertThat(way(1))
        .isEqualTo(
            "pending: it waits until 2026-03-29T05:00:00Z: all on every channel: quiet hours"
                + " 22:00-07:00 (Europe/Oslo)");
    at("2026-03-29T04:59:59Z");
    othersAreTold(1);
    at("2026-03-29T05:00:00Z");
    Got got = desk.got(2).getLast();
    assertThat(titles(got))
        .containsExactly(
            "Demo Record: value changed from “Initial Value” to a by developer",
            "Demo Record: value changed from a to b by developer");
    assertThat(got.json().get("type").asString()).isEqualTo("digest");
    desk.awaitState("delivered", 3);
    assertThat(way(1)).startsWith("delivered: ").contains("quiet hours 22:00-07:00", "in message");
    // Outside of the hours each change goes by itself.
    desk.update("c");
    assertThat(titles(desk.got(3).getLast())).hasSize(1);
  }

  @Test
  void aRetryDoesNotDisturbQuietHours() {
    watchEverything();
    prefer("\"quiet\":\"12:01-13:00\"");
    prefer("\"scope\":\"type:sentinel\",\"quiet\":\"off\"");
    desk.service.status = 503;
    desk.update("a");
    desk.got(1);
    desk.awaitState("pending", 1);
    desk.service.status = 204;
    at("2026-03-01T12:30:00Z");
    othersAreTold(2);
    await().until(() -> way(1).contains("quiet hours"));
    at("2026-03-01T13:00:00Z");
    assertThat(titles(desk.got(3).getLast())).hasSize(1);
    assertThat(desk.got(3).getLast().header("Webhook-id"))
        .isEqualTo(desk.got(3).getFirst().header("Webhook-id"));
  }

  @Test
  void anUrgentChangePassesQuietHoursUnlessTheUserSaysOtherwise() {
    watchEverything();
    prefer("\"quiet\":\"12:00-13:00\"");
    prefer("\"scope\":\"type:sentinel\",\"quiet\":\"off\"");
    urgent("slo/orders");
    othersAreTold(2);
    prefer("\"scope\":\"type:slo\",\"pages\":false");
    urgent("slo/orders");
    othersAreTold(3);
    await().until(() -> way(3).contains("quiet hours 12:00-13:00"));
  }

  @Test
  void aDigestGoesOutAsOneMessageAtTheEndOfItsWindowAlsoAfterARestart() {
    watchEverything();
    prefer("\"channel\":\"webhook\",\"digest\":\"24h\"");
    at("2026-03-01T23:59:00Z");
    desk.update("a");
    desk.event("order/7", "order.placed");
    desk.awaitState("pending", 2);
    desk.platform.stop();
    at("2026-03-02T00:00:00Z");
    desk.platform.restart();
    Got got = desk.got(1).getFirst();
    assertThat(titles(got)).hasSize(2);
    assertThat(got.json().at("/data/title").asString()).isEqualTo("2 changes of 2 subjects");
    desk.awaitState("delivered", 2);
    // What is told after the window is of the next one.
    desk.update("b");
    desk.awaitState("pending", 1);
    assertThat(way(3)).contains("2026-03-03T00:00:00Z", "a digest 24h (UTC)");
  }

  @Test
  void aMessageThatIsTriedAgainIsTheSameMessage() {
    watchEverything();
    prefer("\"digest\":\"1h\"");
    prefer("\"scope\":\"type:sentinel\",\"digest\":\"off\"");
    desk.update("a");
    desk.update("b");
    desk.awaitState("pending", 2);
    desk.service.status = 503;
    at("2026-03-01T13:00:00Z");
    Got first = desk.got(1).getFirst();
    await().until(() -> desk.deliveries("pending").get(0).get("attempts").asInt() == 1);
    desk.update("c");
    desk.awaitState("pending", 3);
    desk.platform.restart();
    desk.service.status = 204;
    // By now the third is due as well; what was sent before stays as it was, and goes before it.
    desk.service.held = first.header("Webhook-id");
    at("2026-03-01T14:00:00Z");
    Got again = desk.got(2).getLast();
    othersAreTold(3);
    // Whoever picked that up for ann looked at what was held for her as well.
    assertThat(desk.messageOf(desk.seq(base, 3))).as("the message of the third").isEmpty();
    desk.service.release();
    List<Got> all = desk.got(4);
    assertThat(again.header("Webhook-id")).isEqualTo(first.header("Webhook-id"));
    assertThat(titles(again)).isEqualTo(titles(first));
    assertThat(titles(all.getLast())).hasSize(1);
    assertThat(isSentinel(all.getLast())).isFalse();
    desk.awaitState("delivered", 4);
    assertThat(
            desk.platform
                .get(
                    "/api/deliveries/%s/attempts"
                        .formatted(desk.deliveries("delivered").get(3).get("key").asString()))
                .json()
                .toString())
        .contains("\"failed\"", "\"delivered\"");
  }

  @Test
  void aDigestThatCollapsesHasTheNewestOfEachSubject() {
    watchEverything();
    prefer("\"digest\":\"cron 30 12 * * *\",\"collapse\":true");
    desk.update("a");
    desk.event("order/7", "order.placed");
    desk.update("b");
    desk.event("order/7", "payment.failed");
    desk.event("order/7", "order.moved");
    desk.awaitState("pending", 5);
    at("2026-03-01T12:30:00Z");
    // What began has not ended yet, so it is no older news.
    assertThat(titles(desk.got(1).getFirst()))
        .containsExactly(
            "Demo Record: value changed from a to b by developer",
            "order/7: payment failed",
            "order/7: order moved");
    desk.awaitState("superseded", 2);
    desk.awaitState("delivered", 3);
  }

  @Test
  void whatIsOverALimitGoesWithTheNextMessage() {
    watchEverything();
    prefer("\"limit\":\"2/1h\"");
    prefer("\"scope\":\"type:sentinel\",\"limit\":\"off\"");
    at("2026-03-01T12:59:00Z");
    desk.event("order/1", "order.placed");
    desk.got(1);
    desk.event("order/2", "order.placed");
    desk.got(2);
    for (int i = 3; i < 8; i++) {
      desk.event("order/" + i, "order.placed");
    }
    desk.awaitState("pending", 5);
    await().until(() -> way(7).contains("all on every channel: at most 2/1h"));
    urgent("slo/orders");
    othersAreTold(4);
    at("2026-03-01T13:00:00Z");
    assertThat(titles(desk.got(5).getLast())).hasSize(5);
    desk.event("order/8", "order.placed");
    desk.got(6);
    desk.event("order/9", "order.placed");
    await().until(() -> way(11).contains("at most 2/1h"));
    assertThat(desk.service.got).hasSize(6);
  }

  @Test
  void theNarrowestPreferenceDecidesAndWhyNamesIt() {
    watchEverything();
    prefer("\"send\":false");
    prefer("\"scope\":\"type:order\",\"send\":true");
    prefer("\"scope\":\"type:order\",\"channel\":\"slack\",\"send\":false");
    desk.update("a");
    desk.event("order/1", "order.placed");
    desk.got(1);
    desk.awaitState("suppressed", 1);
    assertThat(way(1))
        .isEqualTo("suppressed: it was not sent: all on every channel: nothing is sent");
    assertThat(way(2)).startsWith("delivered: ");
    prefer("\"scope\":\"watch:*\",\"channel\":\"webhook\",\"send\":false");
    desk.event("order/1", "order.paid");
    desk.awaitState("suppressed", 2);
    assertThat(way(3)).contains("watch:* on webhook: nothing is sent");
    // The inbox keeps everything.
    assertThat(desk.platform.get("/api/inbox?user=ann").json().get("items")).hasSize(3);
  }

  @Test
  void aMuteEndsByItself() {
    watchEverything();
    prefer("\"channel\":\"webhook\",\"mutedUntil\":\"2026-03-01T12:10:00Z\"");
    desk.update("a");
    desk.awaitState("suppressed", 1);
    assertThat(way(1)).contains("all on webhook: muted until 2026-03-01T12:10:00Z");
    at("2026-03-01T12:10:00Z");
    desk.update("b");
    assertThat(titles(desk.got(1).getFirst())).hasSize(1);
  }

  @Test
  void otherTermsLetGoOfWhatTheFormerOnesHeld() {
    watchEverything();
    prefer("\"digest\":\"24h\"");
    desk.update("a");
    desk.update("b");
    desk.update("c");
    desk.awaitState("pending", 3);
    prefer("\"digest\":\"24h\",\"limit\":\"5/1h\"");
    assertThat(desk.deliveries("pending").get(0).get("due").asString())
        .isEqualTo("2026-03-02T00:00:00Z");
    prefer("\"limit\":\"5/1h\"");
    assertThat(titles(desk.got(1).getFirst())).hasSize(3);
    prefer("\"digest\":\"6h\"");
    desk.update("d");
    desk.awaitState("pending", 1);
    assertThat(
            desk.platform
                .delete("/api/preferences?user=ann&scope=all&channel=*")
                .json()
                .get("removed")
                .asBoolean())
        .isTrue();
    assertThat(titles(desk.got(2).getLast())).hasSize(1);
  }

  @Test
  void aTitleIsWordedAsItsUserWantsItWithTheirTimes() {
    watchEverything();
    live("America/New_York");
    prefer(
        "\"channel\":\"webhook\",\"title\":\"{actor} did {what} to {id}[ from {before.nothing}] at {at}\"");
    desk.update("a");
    assertThat(titles(desk.got(1).getFirst()))
        .singleElement()
        .asString()
        .startsWith("developer did record updated to 1 at Mar 1, 2026, 7:00")
        .endsWith("AM");
    assertThat(desk.deliveries("delivered")).hasSizeLessThan(2);
  }

  @Test
  void termsAreListedReplacedAndRefusedWithWhatWasExpected() {
    live("Asia/Kathmandu");
    prefer("\"quiet\":\"22:00-07:00\"");
    prefer("\"quiet\":\"23:00-06:00\",\"digest\":\"15m\"");
    JsonNode terms = desk.platform.get("/api/preferences?user=ann").json();
    assertThat(terms)
        .isEqualTo(
            Json.mapper()
                .valueToTree(
                    Map.of(
                        "user",
                        "ann",
                        "zone",
                        "Asia/Kathmandu",
                        "locale",
                        "en",
                        "autowatch",
                        true,
                        "items",
                        List.of(
                            Map.of(
                                "scope",
                                "all",
                                "channel",
                                "*",
                                "quiet",
                                "23:00-06:00",
                                "digest",
                                "15m")))));
    Map<String, String> wrong =
        Map.of(
            "\"quiet\":\"22\"", "expected two times such as 22:00-07:00, or off",
            "\"digest\":\"7m\"", "digest is 7m, expected 1m to 24h",
            "\"digest\":\"cron 0 0 30 2 *\"", "expected a day that exists",
            "\"limit\":\"lots\"", "limit is 'lots'",
            "\"scope\":\"record/1\",\"send\":true", "expected all, type:TYPE or watch:TARGET",
            "\"channel\":\"inbox\",\"send\":false", "the inbox keeps everything",
            "\"channel\":\"pigeon\",\"send\":false", "channel is 'pigeon'",
            "\"channel\":\"pagerduty\",\"digest\":\"1h\"", "expected none on pagerduty",
            "\"mutedUntil\":\"tomorrow\"", "mutedUntil is 'tomorrow'");
    wrong.forEach((members, detail) -> {
      Answer answer = put(members);
      assertThat(answer.status()).as(members).isEqualTo(422);
      assertThat(answer.json().get("detail").asString()).contains(detail);
    });
    assertThat(
            desk.platform.send("PATCH", "/api/preferences", "{\"zone\":\"Mars/Olympus\"}").status())
        .isEqualTo(422);
    // What says nothing is no preference.
    assertThat(put("\"scope\":\"all\"").json().get("items")).isEmpty();
    assertThat(desk.platform.delete("/api/preferences?user=ann&scope=all&channel=*").status())
        .isEqualTo(404);
    desk.platform.clock().advance(Duration.ofSeconds(1));
  }
}
