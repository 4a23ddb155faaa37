package dev.troth.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** A user's notifications as a feed behind a private link. */
final class FeedTest {
  private final TestPlatform platform = TestPlatform.start("auth.mode", "token");
  private final String[] owner = bearer(platform.ownersToken());

  @AfterEach
  void close() {
    platform.close();
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private record Issued(String id, String[] bearer) {}

  private Issued issue(String user, String role) {
    Answer answer =
        platform.post(
            "/api/tokens",
            "{\"user\":\"%s\",\"role\":\"%s\",\"life\":\"1h\"}".formatted(user, role),
            owner);
    return new Issued(
        answer.json().path("id").asString(), bearer(answer.json().path("token").asString()));
  }

  private String make(Issued by) {
    Answer made = platform.post("/api/feed", "", by.bearer());
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return URI.create(made.json().get("url").asString()).getRawPath();
  }

  private void watch(Issued by, String target) {
    assertThat(
            platform
                .post("/api/watches", "{\"target\":\"%s\"}".formatted(target), by.bearer())
                .status())
        .isEqualTo(201);
  }

  private void update(String value) {
    String body = Json.mapper().writeValueAsString(Map.of("value", value));
    assertThat(platform.post("/api/update/1", body, owner).status()).isEqualTo(200);
  }

  @Test
  void aFeedIsValidAtomWhateverStandsInIt() throws Exception {
    Issued ann = issue("ann", "member");
    String link = make(ann);
    assertThat(AtomRules.check(platform.get(link).body())).isEmpty();
    watch(ann, "record/1");
    update("<b>&amp;\u0007\uFFFE]]> 水😀");
    update("2");
    Answer answer = platform.get(link);
    assertThat(answer.header("Content-Type")).startsWith("application/atom+xml");
    List<Element> entries = AtomRules.check(answer.body());
    assertThat(entries).hasSize(2);
    assertThat(AtomRules.only(entries.getFirst(), "title"))
        .startsWith("Demo Record: value changed from");
    assertThat(AtomRules.only(entries.getLast(), "content"))
        .contains("<b>&amp;", "]]> 水😀")
        .contains("record/1 version 1, record.updated by owner");
    assertThat(answer.body()).doesNotContain("<b>");
  }

  @Test
  void anUnchangedFeedIsNotSentAgain() {
    Issued ann = issue("ann", "member");
    String link = make(ann);
    watch(ann, "record/1");
    Answer first = platform.get(link);
    assertThat(platform.get(link, "If-None-Match", first.header("ETag")).status()).isEqualTo(304);
    for (String odd : List.of("W/\"", "W/\"\"", "W/", "\"", "*", first.header("ETag") + "x")) {
      assertThat(platform.get(link, "If-None-Match", odd).status()).as(odd).isEqualTo(200);
      assertThat(platform.get("/feed/x", "If-None-Match", odd).status()).as(odd).isEqualTo(404);
    }
    update("a");
    Answer second = platform.get(link, "If-None-Match", first.header("ETag"));
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).contains("to a by owner");
  }

  @Test
  void aNewLinkEndsTheOneBeforeAndNobodyIsShownAnothers() {
    Issued ann = issue("ann", "member");
    Issued bob = issue("bob", "member");
    String first = make(ann);
    String second = make(ann);
    assertThat(second).isNotEqualTo(first);
    assertThat(platform.get(first).status()).isEqualTo(404);
    assertThat(platform.get(second).status()).isEqualTo(200);
    assertThat(platform.get("/api/feed", bob.bearer()).status()).isEqualTo(404);
    assertThat(platform.delete("/api/feed?user=ann", bob.bearer()).status()).isEqualTo(403);
    String history = "/api/subjects/changes?target=feed/*";
    assertThat(platform.get(history, bob.bearer()).json().get("items")).isEmpty();
    String seen = platform.get(history, ann.bearer()).body();
    assertThat(seen).contains("feed.made", "feed.rotated").doesNotContain(second.substring(6));
    assertThat(platform.delete("/api/feed", ann.bearer()).status()).isEqualTo(200);
    assertThat(platform.get(second).status()).isEqualTo(404);
    String forged = second.substring(0, second.length() - 3) + "AAA";
    for (String wrong : List.of(forged, "/feed/x", "/feed/a.b", "/feed/" + "A".repeat(4_000))) {
      assertThat(platform.get(wrong).status()).as(wrong).isEqualTo(404);
    }
  }

  @Test
  void aLinkCountsAsLongAsItsUserMayReadAndTellsNoMoreThanThat() {
    Issued root = issue("root", "admin");
    Issued ann = issue("ann", "member");
    String link = make(root);
    watch(root, "token/*");
    Issued more = issue("cleo", "reader");
    assertThat(platform.get(link).body()).contains("A token of cleo");
    Issued lesser = issue("root", "reader");
    assertThat(platform.delete("/api/tokens/" + root.id(), owner).status()).isEqualTo(204);
    assertThat(platform.get(link).status()).isEqualTo(200);
    assertThat(platform.get(link).body()).doesNotContain("A token of cleo");
    assertThat(platform.delete("/api/tokens/" + lesser.id(), owner).status()).isEqualTo(204);
    assertThat(platform.get(link).status()).isEqualTo(404);
    assertThat(platform.get("/api/feed", ann.bearer()).status()).isEqualTo(404);
    assertThat(more.id()).isNotEmpty();
  }

  @Test
  void aLinkThatConfirmsOrUnsubscribesIsNoFeedAndTheOtherWayRound() {
    String token = make(issue("ann", "member")).substring("/feed/".length());
    assertThat(platform.get("/unsubscribe/" + token).status()).isEqualTo(404);
    assertThat(platform.get("/confirm/" + token).status()).isEqualTo(404);
  }
}
