package dev.troth.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who did what, as admins read it. */
final class AuditTest {
  private TestPlatform platform;

  @BeforeEach
  void start() {
    platform = TestPlatform.start("auth.mode", "token");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  /** Made anew each time, for it lasts for minutes. */
  private String[] owner() {
    return bearer(platform.ownersToken());
  }

  private String token(String user, String role) {
    Answer answer =
        platform.post(
            "/api/tokens", "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(user, role), owner());
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().path("token").asString();
  }

  /** Lines such as {@code ann record.updated record/1}. */
  private List<String> audit(String query) {
    List<String> lines = new ArrayList<>();
    String before = "";
    while (lines.size() < 10_000) {
      Answer answer = platform.get("/api/audit?limit=3" + query + before, owner());
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      for (JsonNode item : answer.json().path("items")) {
        String times = item.has("times") ? " x" + item.path("times").asInt() : "";
        lines.add(
            "%s %s %s%s"
                .formatted(
                    item.path("user").asString("-"),
                    item.path("what").asString(),
                    item.path("target").asString(item.path("detail").asString("")),
                    times));
      }
      if (!answer.json().has("next")) {
        return lines;
      }
      before = "&before=" + answer.json().path("next").asString();
    }
    throw new AssertionError("the pages have no end");
  }

  private void platformActs(int times) {
    platform
        .database()
        .write(handle -> {
          for (int i = 0; i < times; i++) {
            var _ =
                platform
                    .changes()
                    .append(
                        handle, NewChange.of(new Subject("slo", "orders"), "slo.changed", "slo"));
          }
          return true;
        });
  }

  @Test
  void everyActOfAPersonIsListedWithWhoDidItAndThePlatformsOwnAreNot() {
    String ann = token("ann", "member");
    platform.clock().advance(Duration.ofMinutes(1));
    assertThat(platform.post("/api/update/1", "{\"value\":\"b\"}", bearer(ann)).status())
        .isEqualTo(200);
    platform.clock().advance(Duration.ofMinutes(1));
    platformActs(5);
    String cloudEvent =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/ann\",\"type\":\"order\",\"subject\":\"order/1\"}";
    Answer event =
        platform.send(
            "POST",
            "/api/events",
            cloudEvent,
            "Authorization",
            "Bearer " + ann,
            "Content-Type",
            "application/cloudevents+json");
    assertThat(event.status()).as(event.body()).isBetween(200, 299);
    platform.clock().advance(Duration.ofMinutes(1));
    Answer refused = platform.post("/api/session", "{\"token\":\"x\"}");
    assertThat(refused.status()).isEqualTo(401);
    platform.clock().advance(Duration.ofSeconds(1));
    for (int i = 0; i < 4; i++) {
      assertThat(platform.post("/api/session", "{\"token\":\"x\"}").status()).isEqualTo(401);
    }
    platform.clock().advance(Duration.ofMinutes(1));
    Answer login = platform.post("/api/session", "{\"token\":\"" + ann + "\"}");
    String cookie = login.header("Set-Cookie").split(";", 2)[0];
    platform.clock().advance(Duration.ofMinutes(1));
    Answer out =
        platform.delete(
            "/api/session", "Cookie", cookie, "Origin", "http://127.0.0.1:" + platform.port());
    assertThat(out.status()).isEqualTo(204);
    List<String> lines = audit("");
    assertThat(lines.get(0)).isEqualTo("ann signed-out ");
    assertThat(lines.get(1)).startsWith("ann signed-in token ");
    assertThat(lines.get(2)).startsWith("- refused ").endsWith(" x5");
    assertThat(lines.get(3)).isEqualTo("ann record.updated record/1");
    assertThat(lines.get(4)).contains(" token.issued token/");
    assertThat(String.join("\n", lines)).doesNotContain("slo").doesNotContain("order");
    assertThat(audit("&user=ann")).hasSize(3);
    assertThat(audit("&target=record/*")).containsExactly("ann record.updated record/1");
    assertThat(audit("&target=record/1&user=bob")).isEmpty();
    assertThat(audit("&since=2026-03-01T12:03:30Z")).hasSize(2);
    assertThat(audit("&until=2026-03-01T12:03:00Z&user=ann"))
        .containsExactly("ann record.updated record/1");
    assertThat(audit("&since=2027-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void whoWatchesAndMarksIsListedTheSameOfAnHourTogether() {
    String[] ann = bearer(token("ann", "member"));
    var _ = token("bob", "member");
    Answer added = platform.post("/api/watches", "{\"target\":\"record/*\"}", ann);
    assertThat(added.status()).isEqualTo(201);
    long id = added.json().path("id").asLong();
    String body = "{\"filter\":\"value == 'b'\"}";
    String watch = "/api/watches/" + id;
    assertThat(platform.send("PATCH", watch, body, withJson(ann)).status()).isEqualTo(200);
    assertThat(platform.send("PATCH", watch, body, withJson(ann)).status())
        .as("the same again is no act")
        .isEqualTo(200);
    String forBob = "{\"target\":\"record/1\",\"user\":\"bob\"}";
    assertThat(platform.post("/api/watches", forBob, owner()).status()).isEqualTo(201);
    for (int i = 0; i < 3; i++) {
      var _ = platform.post("/api/update/1", "{\"value\":\"%d b\"}".formatted(i), owner());
    }
    assertThat(platform.send("PATCH", watch, "{\"filter\":\"\"}", withJson(ann)).status())
        .isEqualTo(200);
    platform.clock().advance(Duration.ofMinutes(1));
    for (String value : List.of("x", "y")) {
      var _ = platform.post("/api/update/1", "{\"value\":\"%s\"}".formatted(value), owner());
      long seq = platform.get("/api/inbox?state=all", ann).json().at("/items/0/seq").asLong();
      assertThat(platform.post("/api/inbox/" + seq + "/read", "", ann).status())
          .isBetween(200, 299);
    }
    assertThat(platform.delete(watch, ann).status()).isEqualTo(200);
    platform.clock().advance(Duration.ofHours(1));
    assertThat(platform.post("/api/watches", "{\"target\":\"record/*\"}", ann).status())
        .isEqualTo(201);

    assertThat(audit("&user=ann"))
        .containsExactly(
            "ann watch.added record/*",
            "ann watch.removed record/*",
            "ann inbox.read inbox/ann x2",
            "ann watch.changed record/* x2",
            "ann watch.added record/*");
    assertThat(audit("&target=record/*"))
        .contains("ann watch.added record/*")
        .anyMatch(line -> line.matches("\\S+ watch.added record/1"));
    assertThat(audit("&target=inbox/*")).containsExactly("ann inbox.read inbox/ann x2");
    assertThat(platform.get("/api/audit?target=record/1", owner()).body())
        .contains("\"detail\":\"for bob\"");
    assertThat(audit("&until=2026-03-01T12:30:00Z&user=ann&target=record/*")).hasSize(3);
  }

  @Test
  void whoWatchesWithoutEndPushesNobodyElseOut() {
    String[] ann = bearer(token("ann", "member"));
    for (int i = 0; i < 3; i++) {
      StringBuilder many = new StringBuilder();
      for (int j = 0; j < 150; j++) {
        many.append(many.isEmpty() ? "" : ",")
            .append("{\"target\":\"record/%d\"}".formatted(10_000 + i * 150 + j));
      }
      Answer added = platform.post("/api/watches/bulk", "{\"watches\":[" + many + "]}", ann);
      assertThat(added.status()).as(added.body()).isEqualTo(200);
    }
    assertThat(audit("&user=ann"))
        .hasSize(201)
        .contains("ann watch.added record/10000", "ann watch.added * x250");
    assertThat(platform.get("/api/audit?user=ann&target=*", owner()).body())
        .contains("\"detail\":\"others\"");
  }

  private static String[] withJson(String[] bearer) {
    return new String[] {bearer[0], bearer[1], "Content-Type", "application/json"};
  }

  @Test
  void onlyAdminsReadIt() {
    assertThat(platform.get("/api/audit").status()).isEqualTo(401);
    assertThat(platform.get("/api/audit", bearer(token("ann", "member"))).status()).isEqualTo(403);
    assertThat(platform.get("/api/audit?before=x", owner()).status()).isEqualTo(422);
    assertThat(platform.get("/api/audit?since=x", owner()).status()).isEqualTo(400);
    for (String far : List.of("%2B1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z")) {
      assertThat(platform.get("/api/audit?since=" + far, owner()).status()).isEqualTo(400);
      assertThat(platform.get("/api/audit?until=" + far, owner()).status()).isEqualTo(400);
    }
    assertThat(platform.get("/api/audit?who=x", owner()).status()).isEqualTo(400);
  }

  @Test
  void nobodyGetsANameThatThePlatformSigns() {
    for (String name : List.of("slo", "watch", "source/orders")) {
      Answer answer =
          platform.post(
              "/api/tokens", "{\"user\":\"%s\",\"role\":\"member\"}".formatted(name), owner());
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.body()).contains("by which the platform does nothing itself");
    }
  }

  @Test
  void aPageOfActsLooksAtFewRowsHoweverManyThePlatformMade() {
    String ann = token("ann", "member");
    assertThat(platform.post("/api/update/1", "{\"value\":\"b\"}", bearer(ann)).status())
        .isEqualTo(200);
    platformActs(3_000);
    List<String> acts = audit("");
    assertThat(acts).contains("ann record.updated record/1");
    platform
        .database()
        .write(handle -> {
          for (int i = 0; i < 2_500; i++) {
            var _ =
                platform
                    .changes()
                    .append(
                        handle,
                        NewChange.of(new Subject("order", "" + i), "order.seen", "bob")
                            .after(Fields.of("n", i)));
          }
          return true;
        });
    // Beyond what one page looks at, for a target too.
    assertThat(audit("&target=record/1")).containsExactly("ann record.updated record/1");
    if (platform.isOnSqlite()) {
      for (String who : List.of("", "AND c.actor = 'ann' ")) {
        String plan =
            platform
                .database()
                .read(handle ->
                    String.join(
                        "\n",
                        handle
                            .createQuery(
                                "EXPLAIN QUERY PLAN SELECT c.seq, c.body FROM change c WHERE c.act = 1 "
                                    + who
                                    + "AND c.seq >= 0 AND c.seq < 9 ORDER BY c.seq DESC LIMIT 3")
                            .map((row, context) -> row.getString("detail"))
                            .list()));
        assertThat(plan)
            .contains(who.isEmpty() ? "INDEX change_act " : "INDEX change_act_of_actor ")
            .doesNotContain("SCAN")
            .doesNotContain("TEMP B-TREE");
      }
    }
  }

  @Test
  void strangersWhoAreRefusedWithoutEndFillNoTable() {
    for (int i = 0; i < 200; i++) {
      var _ = platform.post("/api/session", "{\"token\":\"x%d\"}".formatted(i));
      platform.clock().advance(Duration.ofSeconds(11));
    }
    long rows =
        platform
            .database()
            .read(handle ->
                handle.createQuery("SELECT count(*) FROM sign_in_event").mapTo(Long.class).one());
    assertThat(rows).isPositive().isLessThan(5);
    String lines = String.join("\n", audit(""));
    assertThat(lines).contains("- refused ");
    platform.restart();
    assertThat(audit("")).hasSizeGreaterThanOrEqualTo((int) rows);
  }
}
