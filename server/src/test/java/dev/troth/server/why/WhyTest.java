package dev.troth.server.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each rule in words, and who may ask. */
final class WhyTest {
  private final TestPlatform platform = TestPlatform.start("auth.mode", "token");
  private final String[] owner = bearer(platform.ownersToken());

  @AfterEach
  void close() {
    platform.close();
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private String[] issue(String user, String role) {
    Answer answer =
        platform.post(
            "/api/tokens",
            "{\"user\":\"%s\",\"role\":\"%s\",\"life\":\"1h\"}".formatted(user, role),
            owner);
    return bearer(answer.json().path("token").asString());
  }

  private void watch(String user, String rest) {
    Answer answer =
        platform.post("/api/watches", "{\"user\":\"%s\",%s}".formatted(user, rest), owner);
    assertThat(answer.status()).as(answer.body()).isIn(200, 201);
  }

  private long update(String value) {
    assertThat(
            platform.post("/api/update/1", "{\"value\":\"%s\"}".formatted(value), owner).status())
        .isEqualTo(200);
    return platform
        .get("/api/subjects/changes?target=record/1", owner)
        .json()
        .at("/items/0/seq")
        .asLong();
  }

  private JsonNode why(long seq, String user, String... caller) {
    return platform.get("/api/changes/%d/why?user=%s".formatted(seq, user), caller).json();
  }

  private void check(long seq, String user, String rule, String explanation) {
    JsonNode why = why(seq, user, owner);
    assertThat(why.get("rule").asString()).as(why.toString()).isEqualTo(rule);
    assertThat(why.get("explanation").asString()).isEqualTo(explanation);
  }

  @Test
  void eachRuleIsNamedWithTheWatchThatDecided() {
    watch("ann", "\"target\":\"record/1\",\"filter\":\"value == 'b'\"");
    watch("bob", "\"target\":\"record/*\",\"level\":\"none\"");
    watch("cleo", "\"target\":\"record/*\",\"level\":\"custom\",\"types\":[\"record.deleted\"]");
    watch("dora", "\"target\":\"record/*\",\"level\":\"participating\"");
    watch("emil", "\"target\":\"record/1\",\"level\":\"ignore\"");
    watch("emil", "\"target\":\"record/*\"");
    watch("finn", "\"target\":\"*\",\"mutedUntil\":\"2026-03-01T13:00:00Z\"");
    watch("owner", "\"target\":\"record/1\"");
    long seq = update("a @bob");
    check(seq, "ann", "filter", "the filter of the watch of record/1 does not hold: value == 'b'");
    check(seq, "bob", "mention", "it mentions @bob, who watches record/*");
    check(
        seq,
        "cleo",
        "other-type",
        "the watch of record/* notifies of record.deleted alone, and this is record.updated");
    check(
        seq,
        "dora",
        "not-participating",
        "the watch of record/* notifies of subjects that dora changed, and record/1 was not one before this change");
    check(
        seq,
        "emil",
        "ignore",
        "the watch of record/1 is set to ignore, and it is the most specific one");
    check(seq, "finn", "muted", "the watch of * was muted until 2026-03-01T13:00:00Z");
    check(
        seq,
        "owner",
        "own-change",
        "owner made this change, and the watch of record/1 leaves own changes out");
    check(seq, "gus", "no-watch", "gus watches nothing that covers record/1");
    watch("gus", "\"target\":\"record/*\"");
    check(seq, "gus", "no-watch", "gus watched record/* only after change " + seq);
    long later = update("b");
    check(later, "gus", "collection", "gus watches record/*, which covers record/1");
    check(later, "ann", "subscribed", "ann watches record/1");
    check(
        later,
        "bob",
        "not-mentioned",
        "the watch of record/* notifies of mentions alone, and no changed text says @bob");
    JsonNode why = why(later, "ann", owner);
    assertThat(why.at("/watch/filter").asString()).isEqualTo("value == 'b'");
    assertThat(why.get("title").asString()).contains("value changed from “a @bob” to b by owner");
    assertThat(why.at("/channels/0/state").asString()).isEqualTo("told");
  }

  @Test
  void whatWasTriedIsListedWithTheAddressAndItsState() {
    platform.watchWithoutAddress("ann", "record/1", owner);
    long seq = update("a");
    await().until(() -> why(seq, "ann", owner).at("/channels/1/state").asString().equals("dead"));
    JsonNode way = why(seq, "ann", owner).at("/channels/1");
    assertThat(way.get("channel").asString()).isEqualTo("webhook");
    assertThat(way.get("detail").asString())
        .isEqualTo("it was given up: ann has no address for webhook");
    assertThat(way.at("/attempts/0/outcome").asString()).isEqualTo("refused");
    assertThat(way.has("endpoint")).isFalse();
  }

  @Test
  void everybodyAsksAboutThemselvesAndOfWhatTheyMayRead() {
    String[] ann = issue("ann", "reader");
    long record = update("a");
    long token =
        platform
            .get("/api/subjects/changes?target=token/*", owner)
            .json()
            .at("/items/0/seq")
            .asLong();
    assertThat(why(record, "ann", ann).get("rule").asString()).isEqualTo("no-watch");
    assertThat(platform.get("/api/changes/%d/why?user=bob".formatted(record), ann).status())
        .isEqualTo(403);
    String[] bob = issue("bob", "reader");
    watch("ann", "\"target\":\"*\"");
    String[] cleo = issue("cleo", "member");
    assertThat(platform.get("/api/changes/%d/why".formatted(token), bob).status()).isEqualTo(404);
    assertThat(platform.get("/api/changes/999/why", bob).body())
        .contains("change 999 does not exist");
    JsonNode hers =
        platform.get("/api/subjects/changes?target=token/*", owner).json().at("/items/0");
    assertThat(why(hers.get("seq").asLong(), "ann", owner).get("rule").asString())
        .isEqualTo("not-readable");
    assertThat(why(hers.get("seq").asLong(), "ann", owner).get("told").asBoolean()).isFalse();
    assertThat(cleo).isNotEmpty();
  }
}
