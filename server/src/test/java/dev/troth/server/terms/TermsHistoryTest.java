package dev.troth.server.terms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a user decides of their terms is a change, and what could never hold is refused. */
final class TermsHistoryTest {
  private final TestPlatform platform = TestPlatform.start("auth.mode", "token");

  @AfterEach
  void close() {
    platform.close();
  }

  private String[] owner() {
    return new String[] {"Authorization", "Bearer " + platform.ownersToken()};
  }

  private String[] issued(String user, String role) {
    JsonNode issued =
        platform
            .post("/api/tokens", "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(user, role), owner())
            .json();
    return new String[] {"Authorization", "Bearer " + issued.get("token").asString()};
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private Answer set(String[] caller, String members) {
    return platform.put("/api/preferences", "{%s}".formatted(members), caller);
  }

  @Test
  void whatIsSaidOfAUsersTermsIsAHistoryThatTheUserAndAdminsRead() {
    String[] ann = issued("ann*", "member");
    String[] bob = issued("bob", "member");
    ok(set(ann, "\"quiet\":\"22:00-07:00\""));
    ok(set(ann, "\"quiet\":\"22:00-07:00\""));
    ok(set(ann, "\"quiet\":\"23:00-07:00\",\"digest\":\"1h\""));
    ok(set(owner(), "\"user\":\"ann*\",\"scope\":\"type:record\",\"send\":false"));
    ok(set(ann, "\"scope\":\"type:record\""));
    ok(platform.delete("/api/preferences?scope=all&channel=*", ann));
    ok(platform.send("PATCH", "/api/preferences", "{\"zone\":\"Europe/Oslo\"}", ann));
    ok(platform.send("PATCH", "/api/preferences", "{\"zone\":\"Europe/Oslo\"}", ann));
    String history = "/api/subjects/changes?target=terms/ann%252A";
    List<String> said =
        ok(platform.get(history, ann))
            .get("items")
            .valueStream()
            .map(change ->
                "%s by %s: %s → %s"
                    .formatted(
                        change.get("type").asString(),
                        change.get("actor").asString(),
                        change.path("before"),
                        change.path("after")))
            .toList()
            .reversed();
    assertThat(said)
        .containsExactly(
            "preference.set by ann*: {} → {\"scope\":\"all\",\"channel\":\"*\",\"quiet\":\"22:00-07:00\"}",
            "preference.set by ann*: {\"scope\":\"all\",\"channel\":\"*\",\"quiet\":\"22:00-07:00\"} →"
                + " {\"scope\":\"all\",\"channel\":\"*\",\"quiet\":\"23:00-07:00\",\"digest\":\"1h\"}",
            "preference.set by owner: {} → {\"scope\":\"type:record\",\"channel\":\"*\",\"send\":false}",
            "preference.removed by ann*: {\"scope\":\"type:record\",\"channel\":\"*\",\"send\":false} → {}",
            "preference.removed by ann*: {\"scope\":\"all\",\"channel\":\"*\",\"quiet\":\"23:00-07:00\","
                + "\"digest\":\"1h\"} → {}",
            "person.set by ann*: {\"zone\":\"UTC\",\"locale\":\"en\",\"autowatch\":true} →"
                + " {\"zone\":\"Europe/Oslo\",\"locale\":\"en\",\"autowatch\":true}");
    assertThat(ok(platform.get(history, owner())).get("items")).hasSize(6);
    assertThat(ok(platform.get(history, bob)).get("items")).isEmpty();
    assertThat(platform.post("/api/watches", "{\"target\":\"terms/ann%2A\"}", bob).status())
        .isEqualTo(403);
  }

  @Test
  void whatCouldNeverHoldIsRefusedWithWhatWasExpected() {
    String[] ann = issued("ann", "member");
    Map<String, String> wrong =
        Map.of(
            "\"mutedUntil\":\"2020-01-01T00:00:00Z\"", "expected a time that is still to come",
            "\"mutedUntil\":\"+999999999-12-31T23:59:59Z\"", "before the year 10000",
            "\"channel\":\"webhook/a/b/c\",\"send\":false", "channel is 'webhook/a/b/c'",
            "\"channel\":\"webhook/\",\"send\":false", "channel is 'webhook/'");
    wrong.forEach((members, detail) -> {
      Answer answer = set(ann, members);
      assertThat(answer.status()).as(members).isEqualTo(422);
      assertThat(answer.body()).contains(detail);
    });
    JsonNode watch = ok(platform.post("/api/watches", "{\"target\":\"record/1\"}", ann));
    Answer late =
        platform.post(
            "/api/watches/%d/mute".formatted(watch.get("id").asLong()),
            "{\"until\":\"+999999999-12-31T23:59:59Z\"}",
            ann);
    assertThat(late.status()).as(late.body()).isEqualTo(422);
    assertThat(late.body()).contains("before the year 10000");
    Answer all = platform.delete("/api/preferences?channel=*", ann);
    assertThat(all.status()).isEqualTo(400);
    assertThat(all.body()).contains("scope is missing, expected all, type:TYPE or watch:TARGET");
    Answer nobody = set(owner(), "\"user\":\"a\\nb\",\"send\":false");
    assertThat(nobody.status()).as(nobody.body()).isEqualTo(422);
    Answer number =
        platform.put(
            "/api/escalations/a",
            "{\"target\":\"slo/*\",\"line\":[\"ann\"],\"within\":1e400}",
            owner());
    assertThat(number.status()).isEqualTo(400);
    assertThat(number.body()).contains("a number of the body is out of range at line 1");
    assertThat(ok(platform.get("/api/preferences", ann)).get("zone").asString()).isEqualTo("UTC");
  }
}
