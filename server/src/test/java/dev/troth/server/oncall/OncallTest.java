package dev.troth.server.oncall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Pages go down their line until somebody acknowledges them. */
final class OncallTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void close() {
    platform.close();
  }

  private JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private void escalation(String target) {
    ok(
        platform.put(
            "/api/escalations/orders",
            "{\"target\":\"%s\",\"line\":[\"ann\",\"bob\",\"cleo\"],\"within\":300}"
                .formatted(target)));
  }

  private void alert(String type) {
    var changes = platform.changes();
    NewChange alert = NewChange.of(new Subject("slo", "orders"), type, "slo");
    NewChange stated =
        type.equals("alert.fired")
            ? alert.after(Fields.of("alert", "page", "name", "Orders")).critical()
            : alert.before(Fields.of("alert", "page", "name", "Orders"));
    var _ = platform.database().write(handle -> changes.append(handle, stated));
  }

  /** Whatever was due before it has been paged by then. */
  private void anotherPageHasGoneOut() {
    ok(
        platform.put(
            "/api/escalations/payments", "{\"target\":\"slo/payments\",\"line\":[\"dora\"]}"));
    payments("alert.fired");
    awaitPages(2);
    awaitPaged(2, "dora");
    payments("alert.resolved");
    awaitPages(1);
  }

  private void payments(String type) {
    NewChange alert = NewChange.of(new Subject("slo", "payments"), type, "slo").critical();
    var _ = platform.database().write(handle -> platform.changes().append(handle, alert));
  }

  private JsonNode page(long id) {
    return ok(platform.get("/api/pages/" + id));
  }

  private void awaitPages(int count) {
    await().until(() -> platform.get("/api/pages").json().get("items").size() == count);
  }

  private void awaitPaged(long id, String user) {
    await().until(() -> page(id).path("to").asString("").equals(user));
  }

  private List<String> told(String user) {
    return platform
        .get("/api/inbox?state=all&user=" + user)
        .json()
        .get("items")
        .valueStream()
        .map(item -> item.get("title").asString())
        .toList();
  }

  @Test
  void aPageThatNobodyAcknowledgesGoesToTheNextAlsoOverARestart() {
    escalation("slo/orders");
    alert("alert.fired");
    awaitPages(1);
    awaitPaged(1, "ann");
    assertThat(told("ann")).containsExactly("ann is paged: Orders is paging");
    platform.clock().advance(Duration.ofSeconds(299));
    // It fires again while it is open: that is the same page.
    alert("alert.fired");
    platform.restart();
    anotherPageHasGoneOut();
    assertThat(page(1).get("to").asString()).isEqualTo("ann");
    assertThat(page(1).get("next").asString()).isEqualTo("2026-03-01T12:05:00Z");
    assertThat(told("bob")).isEmpty();
    platform.stop();
    platform.clock().advance(Duration.ofSeconds(1));
    platform.restart();
    awaitPaged(1, "bob");
    assertThat(told("bob")).containsExactly("bob is paged: Orders is paging");
    assertThat(told("cleo")).isEmpty();
    JsonNode acknowledged = ok(platform.post("/api/pages/1/acknowledge", ""));
    assertThat(acknowledged.get("state").asString()).isEqualTo("acknowledged");
    assertThat(acknowledged.has("next")).isFalse();
    platform.clock().advance(Duration.ofHours(1));
    alert("alert.resolved");
    await().until(() -> page(1).get("state").asString().equals("closed"));
    assertThat(told("bob"))
        .containsExactly(
            "It is over: Orders is paging",
            "developer looks after it: Orders is paging",
            "bob is paged: Orders is paging");
    assertThat(told("cleo")).isEmpty();
    assertThat(platform.post("/api/pages/1/acknowledge", "").status()).isEqualTo(409);
    assertThat(platform.get("/api/pages").json().get("items")).isEmpty();
    assertThat(platform.get("/api/pages?state=all").json().get("items")).hasSize(2);
    // The next time is another page.
    alert("alert.fired");
    awaitPages(1);
    awaitPaged(3, "ann");
  }

  @Test
  void aPageThatNobodyInLineAcknowledgesSaysSoToAllOfThem() {
    escalation("slo/orders");
    alert("alert.fired");
    awaitPages(1);
    for (String user : List.of("ann", "bob", "cleo")) {
      awaitPaged(1, user);
      platform.clock().advance(Duration.ofSeconds(300));
    }
    await().until(() -> page(1).get("state").asString().equals("unanswered"));
    for (String user : List.of("ann", "bob", "cleo")) {
      assertThat(told(user).getFirst()).isEqualTo("Nobody acknowledged: Orders is paging");
    }
    assertThat(ok(platform.post("/api/pages/1/acknowledge", "")).get("acknowledgedBy").asString())
        .isEqualTo("developer");
  }

  @Test
  void whatEndsBeforeAnybodyIsPagedPagesNobody() {
    escalation("slo/orders");
    beginAndEndAtOnce();
    await().until(() -> page(1).get("state").asString().equals("closed"));
    assertThat(told("ann")).isEmpty();
  }

  /** One transaction says that it began and ended, so that no look falls between them. */
  private void beginAndEndAtOnce() {
    var changes = platform.changes();
    NewChange alert = NewChange.of(new Subject("slo", "orders"), "alert.fired", "slo");
    var _ =
        platform
            .database()
            .write(handle -> {
              var _ = changes.append(handle, alert.after(Fields.of("alert", "page")).critical());
              return changes.append(
                  handle,
                  NewChange.of(new Subject("slo", "orders"), "alert.resolved", "slo")
                      .before(Fields.of("alert", "page")));
            });
  }

  @Test
  void onlyUrgentBeginningsOfTheTargetPage() {
    escalation("slo/payments");
    alert("alert.fired");
    ok(
        platform.put(
            "/api/escalations/all", "{\"target\":\"slo/*\",\"line\":[\"ann\"],\"within\":60}"));
    alert("alert.resolved");
    ok(platform.post("/api/update/1", "{\"value\":\"a\"}"));
    assertThat(platform.get("/api/pages?state=all").json().get("items")).isEmpty();
    alert("alert.fired");
    awaitPages(1);
    awaitPaged(1, "ann");
    // A page is no reason for another page.
    platform.clock().advance(Duration.ofMinutes(2));
    await().until(() -> page(1).get("state").asString().equals("unanswered"));
    assertThat(platform.get("/api/pages?state=all").json().get("items")).hasSize(1);
    ok(platform.delete("/api/escalations/all"));
    assertThat(platform.delete("/api/escalations/all").status()).isEqualTo(404);
  }

  @Test
  void anEscalationThatCannotBeIsRefused() {
    for (String wrong :
        List.of(
            "{}",
            "{\"target\":\"slo/*\"}",
            "{\"target\":\"slo\",\"line\":[\"ann\"]}",
            "{\"target\":\"slo/*\",\"line\":[\"ann\",\"ann\"]}",
            "{\"target\":\"slo/*\",\"line\":[\"ann\"],\"within\":0}",
            "{\"target\":\"slo/*\",\"line\":[\" \"]}",
            "{\"target\":\"slo/*\",\"line\":[\"*\"]}",
            "{\"target\":\"*\",\"line\":[\"ann\"]}",
            "{\"target\":\"endpoint/*\",\"line\":[\"ann\"]}")) {
      Answer answer = platform.put("/api/escalations/orders", wrong);
      assertThat(answer.status()).as(wrong + answer.body()).isEqualTo(422);
      assertThat(answer.body()).contains("expected");
    }
    assertThat(platform.put("/api/escalations/No!", "{}").status()).isEqualTo(422);
    assertThat(platform.get("/api/pages/9").status()).isEqualTo(404);
    assertThat(platform.get("/api/pages?state=odd").status()).isEqualTo(400);
  }

  @Test
  void whoWatchesAsMuchAsAnybodyMayIsPagedAndKeepsNoOtherPageBack() {
    platform
        .database()
        .write(handle ->
            handle.execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                INSERT INTO watch (root, user_name, target, level, types, filter, channels,
                  muted_until, own_changes, pushes, since, created_at, via)
                SELECT i, 'ann', 'record/' || (i + 1000), 'all', '', '', '', 0, %s, %s, 0, 0, ''
                FROM n
                """
                    .formatted(
                        platform.isOnSqlite() ? "0" : "false",
                        platform.isOnSqlite() ? "0" : "false")));
    escalation("slo/orders");
    alert("alert.fired");
    anotherPageHasGoneOut();
    awaitPaged(1, "ann");
    assertThat(told("ann")).containsExactly("ann is paged: Orders is paging");
  }

  @Test
  void nobodyWatchesAPageThatIsOver() {
    escalation("slo/orders");
    alert("alert.fired");
    awaitPaged(1, "ann");
    assertThat(watched("ann")).containsExactly("oncall/1");
    alert("alert.resolved");
    await().until(() -> page(1).get("state").asString().equals("closed"));
    assertThat(watched("ann")).isEmpty();
    assertThat(told("ann"))
        .containsExactly("It is over: Orders is paging", "ann is paged: Orders is paging");
  }

  private List<String> watched(String user) {
    return ok(platform.get("/api/watches?user=" + user))
        .get("items")
        .valueStream()
        .map(watch -> watch.get("target").asString())
        .toList();
  }

  @Test
  void anEscalationThatCouldNeverPageIsRefused() {
    ok(platform.put("/api/groups/ops", "{\"members\":[\"ann\"]}"));
    for (String wrong : List.of("oncall/*", "record/*", "source/*", "*")) {
      Answer answer =
          platform.put(
              "/api/escalations/x", "{\"target\":\"%s\",\"line\":[\"ann\"]}".formatted(wrong));
      assertThat(answer.status()).as(wrong).isEqualTo(422);
      assertThat(answer.body()).contains("target is " + wrong + ", expected slo/NAME");
    }
    Answer group =
        platform.put("/api/escalations/x", "{\"target\":\"slo/*\",\"line\":[\"bob\",\"ops\"]}");
    assertThat(group.status()).isEqualTo(422);
    assertThat(group.body()).contains("line has the group ops, expected users");
  }

  @Test
  void whoSetsAnEscalationUpIsInItsHistoryAndWhoHasNoAddressIsNamed() {
    JsonNode first =
        ok(platform.put("/api/escalations/x", "{\"target\":\"slo/*\",\"line\":[\"bob\"]}"));
    assertThat(first.get("withoutAddress").toString()).isEqualTo("[\"bob\"]");
    ok(platform.put("/api/escalations/x", "{\"target\":\"slo/*\",\"line\":[\"bob\"]}"));
    ok(platform.put("/api/escalations/x", "{\"target\":\"slo/*\",\"line\":[\"ann\"]}"));
    ok(platform.delete("/api/escalations/x"));
    List<String> said =
        ok(platform.get("/api/subjects/changes?target=escalation/x"))
            .get("items")
            .valueStream()
            .map(change ->
                "%s %s→%s"
                    .formatted(
                        change.get("type").asString(),
                        change.at("/before/line").asString(""),
                        change.at("/after/line").asString("")))
            .toList();
    assertThat(said)
        .containsExactlyInAnyOrder(
            "escalation.set →bob", "escalation.set bob→ann", "escalation.removed ann→");
  }
}
