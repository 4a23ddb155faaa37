package dev.troth.server.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.TestPostgres;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Somebody looks after an incident or silences it; both end by themselves. */
final class HoldTest extends HoldScene {
  @Test
  void whoLooksAfterAnIncidentIsNamedAndWhenTheirTimeIsOverItIsToldAgain() {
    try (TestPlatform platform = start()) {
      OrderTraces orders = new OrderTraces(platform);
      watch(platform);
      ok(
          platform.put(
              "/api/escalations/orders",
              "{\"target\":\"slo/orders\",\"line\":[\"bob\",\"cleo\"],\"within\":3600}"));
      String incident = burn(platform, orders);
      await().until(() -> platform.get("/api/pages/1").body().contains("\"to\":\"bob\""));
      long before = fired(platform);
      JsonNode held =
          ok(
              platform.post(
                  "/api/incidents/" + incident + "/acknowledge",
                  "{\"until\":\"%s\"}"
                      .formatted(platform.clock().instant().plus(Duration.ofMinutes(5)))));
      assertThat(held.at("/acknowledgement/by").asString()).isEqualTo("developer");
      assertThat(ok(platform.get("/api/pages/1")).get("state").asString())
          .isEqualTo("acknowledged");
      send(platform, orders, Publish.REFUSED, 24);
      everythingIsTold(platform);
      assertThat(fired(platform)).isEqualTo(before);
      send(platform, orders, Publish.REFUSED, 9);
      await().until(() -> fired(platform) == before + 1);
      await().until(() -> platform.get("/api/pages/2").body().contains("\"to\":\"bob\""));
      assertThat(ok(platform.get("/api/pages/1")).get("state").asString()).isEqualTo("closed");

      // Ended before its time, it is told at once, by whom.
      ok(platform.post("/api/incidents/" + incident + "/acknowledge", "{\"for\":\"1h\"}"));
      JsonNode free = ok(platform.delete("/api/incidents/" + incident + "/acknowledge"));
      assertThat(free.get("acknowledgement").isNull()).isTrue();
      await().until(() -> fired(platform) == before + 2);
      assertThat(
              change(platform, "incident/" + incident, "incident.acknowledgement-ended")
                  .get("actor")
                  .asString())
          .isEqualTo("developer");
      assertThat(platform.delete("/api/incidents/" + incident + "/acknowledge").status())
          .isEqualTo(404);
    }
  }

  @Test
  void membersSilenceAndWhoDidOrAnAdminEndsItAndReadersSeeIt() {
    try (TestPlatform platform = start("auth.mode", "token")) {
      String[] admin = bearer(platform, "owner", "admin");
      String[] ada = bearer(platform, "ada", "member");
      String[] bob = bearer(platform, "bob", "member");
      String[] rita = bearer(platform, "rita", "reader");
      OrderTraces orders = new OrderTraces(platform);
      watch(platform, admin);
      String path = "/api/incidents/" + burn(platform, orders, admin);
      String body = "{\"for\":\"2h\",\"reason\":\"known\"}";
      assertThat(platform.post(path + "/silence", body, rita).status()).isEqualTo(403);
      assertThat(platform.post(path + "/acknowledge", body, rita).status()).isEqualTo(403);
      ok(platform.post(path + "/silence", body, ada));
      assertThat(ok(platform.get(path, rita)).at("/silence/by").asString()).isEqualTo("ada");
      for (String page : List.of("/", "/objectives/orders")) {
        String[] asHtml = {rita[0], rita[1], "Accept", "text/html"};
        assertThat(platform.get(page, asHtml).body())
            .as(page)
            .contains("silenced by ada until", ": known", "data-writes=\"no\"");
      }
      Answer form =
          platform.post(
              "/objectives/orders",
              "do=unsilence&incident=" + path.substring(path.lastIndexOf('/') + 1),
              rita[0],
              rita[1],
              "Content-Type",
              "application/x-www-form-urlencoded");
      assertThat(form.status()).isEqualTo(403);
      assertThat(platform.delete(path + "/silence", rita).status()).isEqualTo(403);
      Answer others = platform.delete(path + "/silence", bob);
      assertThat(others.status()).isEqualTo(403);
      assertThat(others.body()).contains("was silenced by ada, expected ada or an admin's token");
      assertThat(platform.post(path + "/silence", body, bob).status()).isEqualTo(403);
      assertThat(ok(platform.delete(path + "/silence", admin)).get("silence").isNull()).isTrue();
      ok(platform.post(path + "/silence", body, ada));
      platform.clock().advance(Duration.ofSeconds(1));
      // Who says it anew has not said it since the first did.
      String now = platform.clock().instant().toString();
      JsonNode over = ok(platform.post(path + "/silence", body, admin)).get("silence");
      assertThat(over.get("by").asString()).isEqualTo("owner");
      assertThat(over.get("at").asString()).isEqualTo(now);
      ok(platform.delete(path + "/silence", admin));
      ok(platform.post(path + "/silence", body, ada));

      assertThat(platform.post(path + "/silence", "{\"for\":\"2h\"}", ada).body())
          .contains("reason is empty, expected why nobody is to be told");
      for (String blank : List.of(" ", "\u00a0", "\u200b", "\u2003\u2060")) {
        String unsaid = "{\"for\":\"2h\",\"reason\":\"%s\"}".formatted(blank);
        assertThat(platform.post(path + "/silence", unsaid, ada).body())
            .contains("reason is empty");
      }
      for (String control : List.of("\\u001b]0;pwn\\u0007 hi", "a\\r\\nb", "\\u009b31m")) {
        String raw = "{\"for\":\"2h\",\"reason\":\"%s\"}".formatted(control);
        assertThat(platform.post(path + "/acknowledge", raw, ada).body())
            .contains("reason has a control character, expected one line");
      }
      assertThat(platform.post(path + "/silence", "{\"for\":\"32d\",\"reason\":\"x\"}", ada).body())
          .contains("expected 1m to 31d");
      assertThat(platform.post(path + "/acknowledge", "{\"until\":\"2020-01-01T00:00:00Z\"}", ada))
          .matches(answer -> answer.status() == 422, "is 422");
      assertThat(platform.post(path + "/acknowledge", "{}", ada).body())
          .contains("neither until nor for");
      assertThat(platform.post("/api/incidents/none-1/silence", body, ada).status()).isEqualTo(404);
      send(platform, orders, Publish.TAKEN, 100);
      await()
          .until(() -> platform.get(path, ada).json().get("state").asString().equals("resolved"));
      Answer late = platform.post(path + "/silence", body, ada);
      assertThat(late.status()).as(late.body()).isEqualTo(409);
    }
  }

  private static String[] bearer(TestPlatform platform, String user, String role) {
    String token =
        ok(platform.post(
                "/api/tokens",
                "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(user, role),
                "Authorization",
                "Bearer " + platform.ownersToken()))
            .get("token")
            .asString();
    return new String[] {"Authorization", "Bearer " + token};
  }

  @Test
  void whatIsSaidAtOnePlatformHoldsAtTheOneThatCountsAndItsEndIsToldOnce() {
    assumeTrue(TestPostgres.runsHere(), "there are no PostgreSQL binaries for this machine");
    String url = TestPostgres.newDatabase();
    try (TestPlatform counting = start("store.url", url);
        TestPlatform other = start("store.url", url)) {
      OrderTraces orders = new OrderTraces(counting);
      watch(counting);
      for (Publish publish : List.of(Publish.TAKEN, Publish.REFUSED)) {
        sendAtBoth(counting, other, orders, publish, 12);
      }
      await().until(() -> told(counting).contains("alert.fired"));
      String incident = objective(counting).get("incident").asString();
      long before = fired(counting);
      ok(
          other.post(
              "/api/incidents/" + incident + "/silence", "{\"for\":\"5m\",\"reason\":\"x\"}"));
      assertThat(objective(counting).at("/silence/by").asString()).isEqualTo("developer");
      sendAtBoth(counting, other, orders, Publish.REFUSED, 24);
      everythingIsTold(counting);
      assertThat(fired(counting)).isEqualTo(before);
      sendAtBoth(counting, other, orders, Publish.REFUSED, 9);
      await().until(() -> fired(counting) == before + 1);
      assertThat(objective(other).get("silence").isNull()).isTrue();
      everythingIsTold(other);
      assertThat(fired(other)).isEqualTo(before + 1);
    } finally {
      TestPostgres.drop(url);
    }
  }

  private static void sendAtBoth(
      TestPlatform counting, TestPlatform other, OrderTraces orders, Publish publish, int steps) {
    for (int i = 0; i < steps; i++) {
      var _ = orders.orders(5, publish);
      counting.clock().advance(STEP);
      other.clock().advance(STEP);
    }
  }
}
