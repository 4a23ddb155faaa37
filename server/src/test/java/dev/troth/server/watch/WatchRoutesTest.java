package dev.troth.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WatchRoutesTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  private String event(String subject, String id, String data) {
    return """
    {"specversion":"1.0","id":"%s","source":"/shop","type":"price.set","subject":"%s","data":%s}
    """
        .formatted(id, subject, data);
  }

  private void publish(String subject, String id, String data) {
    Answer answer =
        platform.post(
            "/api/events",
            event(subject, id, data),
            "Content-Type",
            "application/cloudevents+json");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private List<String> inbox(String user) {
    List<String> found = new ArrayList<>();
    platform
        .get("/api/inbox?user=" + user)
        .json()
        .get("items")
        .forEach(item ->
            found.add(item.get("subject").asString() + " " + item.get("reason").asString()));
    return found;
  }

  private Answer watch(String body) {
    return platform.post("/api/watches", body);
  }

  @Test
  void aFilteredCollectionIsToldOfWhatPassesTheFilter() {
    assertThat(watch("{\"user\":\"ann\",\"target\":\"item/*\",\"filter\":\"price < 10\"}").status())
        .isEqualTo(201);
    publish("item/1", "a", "{\"price\":12}");
    publish("item/2", "b", "{\"price\":9}");
    publish("order/1", "c", "{\"price\":9}");
    assertThat(inbox("ann")).containsExactly("item/2 collection");
  }

  @Test
  void watchesArePagedHoweverManyThereAre() {
    for (int i = 0; i < 5; i++) {
      assertThat(watch("{\"user\":\"ann\",\"target\":\"item/%d\"}".formatted(i)).status())
          .isEqualTo(201);
    }
    List<String> seen = new ArrayList<>();
    String after = "0";
    for (int pages = 0; pages < 5 && !after.isEmpty(); pages++) {
      var page = platform.get("/api/watches?user=ann&limit=2&after=" + after).json();
      assertThat(page.get("items").size()).isLessThanOrEqualTo(2);
      page.get("items").forEach(watch -> seen.add(watch.get("target").asString()));
      after = page.path("next").asString("");
    }
    assertThat(seen).containsExactly("item/0", "item/1", "item/2", "item/3", "item/4");
  }

  @Test
  void theMostSpecificWatchSpeaksAlone() {
    assertThat(watch("{\"user\":\"ann\",\"target\":\"item/*\"}").status()).isEqualTo(201);
    assertThat(watch("{\"user\":\"ann\",\"target\":\"*\"}").status()).isEqualTo(201);
    assertThat(watch("{\"user\":\"ann\",\"target\":\"item/2\",\"level\":\"ignore\"}").status())
        .isEqualTo(201);
    publish("item/1", "a", "{}");
    publish("item/2", "b", "{}");
    publish("order/1", "c", "{}");
    assertThat(inbox("ann")).containsExactly("order/1 collection", "item/1 collection");
  }

  @Test
  void aSecondWishForATargetChangesTheWatchFromThenOn() {
    long id = watch("{\"user\":\"ann\",\"target\":\"item/1\"}").json().get("id").asLong();
    publish("item/1", "a", "{\"price\":50}");
    Answer again = watch("{\"user\":\"ann\",\"target\":\"item/1\",\"filter\":\"price < 10\"}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("id").asLong()).isEqualTo(id);
    publish("item/1", "b", "{\"price\":40}");
    publish("item/1", "c", "{\"price\":5}");
    assertThat(inbox("ann")).hasSize(2);
    Answer plain = watch("{\"user\":\"ann\",\"target\":\"item/1\"}");
    assertThat(plain.json().get("filter").asString()).isEqualTo("price < 10");
  }

  @Test
  void whatWasToldStaysToldAfterTheWatchEnds() {
    long id = watch("{\"user\":\"ann\",\"target\":\"item/1\"}").json().get("id").asLong();
    publish("item/1", "a", "{}");
    assertThat(platform.delete("/api/watches/" + id).status()).isEqualTo(200);
    publish("item/1", "b", "{}");
    assertThat(inbox("ann")).hasSize(1);
    assertThat(platform.delete("/api/watches/" + id).status()).isEqualTo(404);
    assertThat(platform.get("/api/watches?user=ann").json().get("items")).isEmpty();
  }

  @Test
  void aMuteHoldsUntilItsTime() {
    long id = watch("{\"user\":\"ann\",\"target\":\"item/1\"}").json().get("id").asLong();
    String until = platform.clock().instant().plusSeconds(60).toString();
    Answer muted = platform.post("/api/watches/" + id + "/mute", "{\"until\":\"" + until + "\"}");
    assertThat(muted.json().get("mutedUntil").asString()).isEqualTo(until);
    String mute = "/api/watches/" + id + "/mute";
    assertThat(platform.post(mute, "{\"until\":\"soon\"}").body())
        .contains("until is 'soon'")
        .doesNotContain("mutedUntil is");
    assertThat(platform.post(mute, "{\"mutedUntil\":\"" + until + "\"}").body())
        .contains("mutedUntil is not a known member, expected one of [until]");
    Answer past = platform.post(mute, "{\"until\":\"" + platform.clock().instant() + "\"}");
    assertThat(past.status()).isEqualTo(422);
    assertThat(past.body()).contains("expected a time that is still to come");
    publish("item/1", "a", "{}");
    assertThat(inbox("ann")).isEmpty();
    platform.clock().advance(java.time.Duration.ofSeconds(60));
    publish("item/1", "b", "{}");
    assertThat(inbox("ann")).hasSize(1);
    assertThat(platform.delete("/api/watches/" + id + "/mute").json().has("mutedUntil")).isFalse();
  }

  @Test
  void nobodyIsToldOfTheirOwnChange() {
    assertThat(watch("{\"target\":\"record/1\"}").status()).isEqualTo(201);
    assertThat(platform.post("/api/update/1", "{\"value\":\"x\"}").status()).isEqualTo(200);
    assertThat(inbox("developer")).isEmpty();
  }

  @Test
  void manyWatchesAreMadeAtOnceAndEachThatCannotBeIsNamed() {
    Answer answer =
        platform.post(
            "/api/watches/bulk",
            """
            {"watches":[{"target":"item/1"},{"target":"nothing"},{"target":"item/1"},
              {"target":"item/*","filter":"price <"}]}
            """);
    assertThat(answer.status()).isEqualTo(207);
    assertThat(answer.header("Troth-Failed-Entries")).isEqualTo("2");
    assertThat(answer.json().get("created").asInt()).isEqualTo(1);
    assertThat(answer.json().get("standing").asInt()).isEqualTo(1);
    assertThat(answer.json().at("/failed/0/index").asInt()).isEqualTo(1);
    assertThat(answer.json().at("/failed/1/detail").asString())
        .startsWith("filter 'price <' is wrong at character 8: it ends too early");
  }

  @Test
  void oneReasonForManyInARowIsSaidOnce() {
    String same = "{\"target\":\"nothing\"},";
    Answer answer =
        platform.post(
            "/api/watches/bulk",
            "{\"watches\":[%s{\"target\":\"item/1\"},{\"target\":\"\"},%s{\"target\":\"item/2\"}]}"
                .formatted(same.repeat(300), same));
    assertThat(answer.status()).isEqualTo(207);
    assertThat(answer.header("Troth-Failed-Entries")).isEqualTo("302");
    assertThat(answer.json().get("created").asInt()).isEqualTo(2);
    assertThat(answer.json().get("standing").asInt()).isZero();
    assertThat(answer.json().get("failed")).hasSize(3);
    assertThat(answer.json().at("/failed/0/index").asInt()).isZero();
    assertThat(answer.json().at("/failed/0/count").asInt()).isEqualTo(300);
    assertThat(answer.json().at("/failed/2/index").asInt()).isEqualTo(302);
    assertThat(answer.json().at("/failed/2").has("count")).isFalse();
  }

  @Test
  void badWishesAreRefusedByName() {
    check("{}", "target is missing, expected type/id, type/* or *");
    check("{\"target\":\"x\"}", "target is 'x', expected type/id, type/* or *");
    check("{\"target\":\"*\",\"level\":\"loud\"}", "level is 'loud', expected none, participating");
    check("{\"target\":\"*\",\"level\":\"custom\"}", "level custom has neither types nor a filter");
    check("{\"target\":\"*\",\"channels\":[\"a,b\"]}", "channel is 'a,b', expected");
    check("{\"target\":\"*\",\"mutedUntil\":\"soon\"}", "mutedUntil is 'soon', expected a time");
  }

  private void check(String body, String detail) {
    Answer answer = watch(body);
    assertThat(answer.status()).as(body).isEqualTo(422);
    assertThat(answer.json().get("detail").asString()).startsWith(detail);
  }

  @Test
  void aKeyedWriteIsDoneOnceADay() {
    String[] key = {"Idempotency-Key", "k1"};
    Answer first = platform.post("/api/update/1", "{\"value\":\"a\"}", key);
    Answer again = platform.post("/api/update/1", "{\"value\":\"a\"}", key);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(platform.post("/api/update/1", "{\"value\":\"b\"}", key).status()).isEqualTo(422);
    assertThat(version()).isEqualTo(1);
    platform.clock().advance(java.time.Duration.ofHours(24));
    assertThat(platform.post("/api/update/1", "{\"value\":\"b\"}", key).status()).isEqualTo(200);
    assertThat(version()).isEqualTo(2);
  }

  @Test
  void aKeyedWriteThatFailedMayBeTriedAgain() {
    String[] key = {"Idempotency-Key", "k1"};
    assertThat(platform.post("/api/update/7", "{\"value\":\"a\"}", key).status()).isEqualTo(404);
    assertThat(platform.put("/api/records/7", "{\"name\":\"seven\"}").status()).isEqualTo(201);
    assertThat(platform.post("/api/update/7", "{\"value\":\"a\"}", key).status()).isEqualTo(200);
  }

  private int version() {
    return platform.get("/api/records/1").json().get("version").asInt();
  }

  @Test
  void recordsAreWrittenAgainstTheVersionThatWasRead() {
    Answer made = platform.post("/api/records", "{\"name\":\"tea\",\"fields\":{\"price\":12}}");
    assertThat(made.status()).isEqualTo(201);
    String path = made.header("Location");
    String etag = platform.get(path).header("ETag");
    Answer patched = platform.send("PATCH", path, "{\"fields\":{\"price\":9}}", "If-Match", etag);
    assertThat(patched.status()).isEqualTo(200);
    assertThat(patched.json().at("/fields/price").asInt()).isEqualTo(9);
    assertThat(platform.send("PATCH", path, "{\"name\":\"x\"}", "If-Match", etag).status())
        .isEqualTo(412);
    assertThat(platform.delete(path).status()).isEqualTo(200);
    assertThat(platform.get(path).status()).isEqualTo(404);
    var history = platform.get("/api/subjects/changes?target=record/2").json().get("items");
    assertThat(history)
        .extracting(change -> change.get("type").asString())
        .containsExactly("record.deleted", "record.updated", "record.created");
  }
}
