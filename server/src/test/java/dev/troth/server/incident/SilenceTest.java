package dev.troth.server.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Of a silenced incident nobody is told until the silence ends, or the incident pages. */
final class SilenceTest extends HoldScene {
  @Test
  void aSilencedIncidentTellsNobodyUntilTheSilenceIsOverAndThenWhatStillBurns() {
    try (TestPlatform platform = start()) {
      OrderTraces orders = new OrderTraces(platform);
      watch(platform);
      ok(
          platform.put(
              "/api/escalations/orders",
              "{\"target\":\"slo/orders\",\"line\":[\"bob\",\"cleo\"],\"within\":60}"));
      String incident = burn(platform, orders);
      await().until(() -> platform.get("/api/pages/1").body().contains("\"to\":\"bob\""));
      List<String> before = ofTheIncident(platform);

      JsonNode silenced =
          ok(
              platform.post(
                  "/api/incidents/" + incident + "/silence",
                  "{\"for\":\"10m\",\"reason\":\"a bus is replaced\"}"));
      String until = platform.clock().instant().plus(Duration.ofMinutes(10)).toString();
      assertThat(silenced.at("/silence/by").asString()).isEqualTo("developer");
      assertThat(silenced.at("/silence/until").asString()).isEqualTo(until);
      assertThat(silenced.at("/acknowledgement").isNull()).isTrue();
      JsonNode said = change(platform, "incident/" + incident, "incident.silenced");
      assertThat(said.get("actor").asString()).isEqualTo("developer");
      assertThat(said.at("/after/until").asString()).isEqualTo(until);
      assertThat(said.at("/after/why").asString()).isEqualTo("a bus is replaced");
      JsonNode act = ok(platform.get("/api/audit?target=incident/*")).at("/items/0");
      assertThat(act.get("what").asString()).isEqualTo("incident.silenced");
      assertThat(act.get("user").asString()).isEqualTo("developer");

      send(platform, orders, Publish.REFUSED, 30);
      platform.restart();
      send(platform, orders, Publish.REFUSED, 24);
      everythingIsTold(platform);
      assertThat(ofTheIncident(platform)).isEqualTo(before);
      JsonNode shown = objective(platform);
      assertThat(shown.get("state").asString()).isEqualTo("page");
      assertThat(shown.at("/silence/reason").asString()).isEqualTo("a bus is replaced");
      // Bob heard who looks after it, and cleo nothing.
      JsonNode page = ok(platform.get("/api/pages/1"));
      assertThat(page.get("acknowledgedBy").asString()).isEqualTo("developer");
      assertThat(platform.get("/api/inbox?user=cleo&state=all").json().get("items")).isEmpty();

      send(platform, orders, Publish.REFUSED, 9);
      await().until(() -> ofTheIncident(platform).size() == before.size() + 1);
      JsonNode again = change(platform, "slo/orders", "alert.fired");
      assertThat(again.get("critical").asBoolean()).isTrue();
      assertThat(again.at("/after/again").asString()).isEqualTo("the silence of developer is over");
      JsonNode ended = change(platform, "incident/" + incident, "incident.silence-ended");
      assertThat(ended.get("actor").asString()).isEqualTo("slo");
      assertThat(ended.at("/after/state").asString()).isEqualTo("burning");
      assertThat(objective(platform).get("silence").isNull()).isTrue();
      // Whoever is first in line is paged anew.
      await().until(() -> platform.get("/api/pages/2").body().contains("\"to\":\"bob\""));
    }
  }

  /** Of 25 requests one fails, until it is a ticket and no page; the incident's id. */
  private static String smoulder(TestPlatform platform, OrderTraces orders) {
    send(platform, orders, Publish.TAKEN, 12);
    for (int i = 0; i < 40; i++) {
      var _ = orders.orders(24, Publish.TAKEN);
      var _ = orders.orders(1, Publish.REFUSED);
      platform.clock().advance(STEP);
    }
    await().until(() -> told(platform).contains("alert.fired"));
    assertThat(objective(platform).get("state").asString()).isEqualTo("ticket");
    return objective(platform).get("incident").asString();
  }

  @Test
  void aPageEndsASilenceThatWasMadeOfATicketAndIsTold() {
    try (TestPlatform platform = start()) {
      OrderTraces orders = new OrderTraces(platform);
      watch(platform);
      ok(
          platform.put(
              "/api/escalations/orders",
              "{\"target\":\"slo/orders\",\"line\":[\"bob\"],\"within\":60}"));
      String incident = smoulder(platform, orders);
      String path = "/api/incidents/" + incident + "/silence";
      String body = "{\"for\":\"10d\",\"reason\":\"only a ticket\"}";
      assertThat(ok(platform.post(path, body)).at("/silence/severity").asString())
          .isEqualTo("ticket");
      for (String page : List.of("/", "/objectives/orders")) {
        assertThat(platform.get(page, "Accept", "text/html").body())
            .as(page)
            .containsPattern("silenced by developer until [^<]* or a page: only a ticket");
      }
      long before = fired(platform);

      send(platform, orders, Publish.REFUSED, 30);
      await().until(() -> fired(platform) == before + 1);
      JsonNode page = change(platform, "slo/orders", "alert.fired");
      assertThat(page.get("critical").asBoolean()).isTrue();
      assertThat(page.at("/after/again").asString())
          .isEqualTo("the silence of developer was of a ticket, and this is a page");
      JsonNode ended = change(platform, "incident/" + incident, "incident.silence-ended");
      assertThat(ended.get("actor").asString()).isEqualTo("slo");
      assertThat(ended.at("/after/why").asString()).contains("was of a ticket");
      assertThat(objective(platform).get("silence").isNull()).isTrue();
      await().until(() -> platform.get("/api/pages/1").body().contains("\"to\":\"bob\""));

      // Said of the page it holds the page too.
      assertThat(ok(platform.post(path, body)).at("/silence/severity").asString())
          .isEqualTo("page");
      send(platform, orders, Publish.TAKEN, 12);
      send(platform, orders, Publish.REFUSED, 12);
      everythingIsTold(platform);
      assertThat(fired(platform)).isEqualTo(before + 1);
      assertThat(objective(platform).at("/silence/severity").asString()).isEqualTo("page");
    }
  }

  @Test
  void anIncidentThatEndsWhileItIsSilencedIsSaidToBeOverWhenTheSilenceIs() {
    try (TestPlatform platform = start()) {
      OrderTraces orders = new OrderTraces(platform);
      watch(platform);
      String incident = burn(platform, orders);
      List<String> before = ofTheIncident(platform);
      ok(
          platform.post(
              "/api/incidents/" + incident + "/silence", "{\"for\":\"30m\",\"reason\":\"x\"}"));
      send(platform, orders, Publish.TAKEN, 100);
      await()
          .until(() ->
              platform
                  .get("/api/incidents/" + incident)
                  .json()
                  .get("state")
                  .asString()
                  .equals("resolved"));
      everythingIsTold(platform);
      assertThat(ofTheIncident(platform)).isEqualTo(before);
      send(platform, orders, Publish.TAKEN, 90);
      await().until(() -> ofTheIncident(platform).size() > before.size() + 1);
      everythingIsTold(platform);
      List<String> told = ofTheIncident(platform);
      assertThat(told.subList(0, told.size() - before.size()))
          .contains("alert.resolved", "incident.resolved")
          .doesNotContain("alert.fired", "incident.opened");
    }
  }
}
