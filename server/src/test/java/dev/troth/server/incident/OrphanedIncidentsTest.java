package dev.troth.server.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.breakdown.GroupedOrders;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Incidents that nothing evaluates any more end, and whoever was told of them is told why. */
final class OrphanedIncidentsTest {
  private static final String GROUPS = "{attribute: tenant, alertOn: groups}";

  @TempDir private Path folder;

  private TestPlatform platform;
  private OrderTraces orders;

  @BeforeEach
  void burn() {
    platform =
        TestPlatform.start(
            "slo.files", GroupedOrders.file(folder, GROUPS).toString(), "slo.watermark", "5s");
    orders = new OrderTraces(platform);
    ok(platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"slo/orders\"}"));
    ok(
        platform.put(
            "/api/escalations/orders",
            "{\"target\":\"slo/orders\",\"line\":[\"bob\"],\"within\":60}"));
    traffic(Publish.TAKEN, 6);
    traffic(Publish.REFUSED, 12);
    await().until(() -> incidents("open").size() == 1);
    await().until(() -> platform.get("/api/pages/1").body().contains("\"to\":\"bob\""));
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private void traffic(Publish ofAcme, int steps) {
    for (int i = 0; i < steps; i++) {
      orders.orders(118, Publish.TAKEN, "big");
      orders.orders(2, ofAcme, "acme");
      platform.clock().advance(Duration.ofSeconds(10));
    }
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private List<JsonNode> incidents(String state) {
    return ok(platform.get("/api/incidents"))
        .get("incidents")
        .valueStream()
        .filter(one -> one.get("state").asString().equals(state))
        .toList();
  }

  private void endedWith(String why) {
    await().until(() -> incidents("open").isEmpty());
    assertThat(incidents("resolved")).hasSize(1);
    await()
        .untilAsserted(
            () -> assertThat(platform.get("/api/pages/1").body()).doesNotContain("\"open\""));
    assertThat(ok(platform.get("/api/inbox?state=all&user=ann&limit=200")).get("items"))
        .filteredOn(item -> item.get("type").asString().equals("alert.resolved"))
        .isNotEmpty()
        .allSatisfy(item -> {
          assertThat(item.at("/after/group").asString()).isEqualTo("acme");
          assertThat(item.at("/after/why").asString()).isEqualTo(why);
        });
    // What is over stays over.
    platform.restart();
    assertThat(incidents("open")).isEmpty();
    assertThat(incidents("resolved")).hasSize(1);
  }

  @Test
  void ofGroupsThatAlertNoLongerTheyEndAtTheStart() {
    GroupedOrders.file(folder, "{attribute: tenant, alertOn: total}");
    platform.restart();
    endedWith("groups of objective orders alert no longer");
  }

  @Test
  void ofGroupsByAFormerAttributeTheyEndAndThoseGroupsTakeNoPlaces() {
    GroupedOrders.file(folder, "{attribute: http.route, limit: 2, alertOn: groups}");
    platform.restart();
    endedWith("objective orders is counted by another attribute");
    assertThat(groups()).isEmpty();
    traffic(Publish.TAKEN, 1);
    platform.clock().advance(Duration.ofSeconds(70));
    await().untilAsserted(() -> assertThat(groups()).containsExactly("(none)"));
    // As another platform of an older file would have stored it.
    platform
        .database()
        .write(handle -> handle.execute("UPDATE slo_group SET attribute = 'tenant'"));
    assertThat(groups()).isEmpty();
    // As it was stored before attributes were kept.
    platform.database().write(handle -> handle.execute("UPDATE slo_group SET attribute = ''"));
    platform.restart();
    assertThat(groups()).containsExactly("(none)");
  }

  private List<String> groups() {
    return ok(platform.get("/api/objectives/orders/groups"))
        .get("groups")
        .valueStream()
        .map(one -> one.get("group").asString())
        .toList();
  }

  @Test
  void ofAnObjectiveThatIsGoneTheyEndUnlessAFileCannotBeRead() throws IOException {
    Path file = folder.resolve("grouped.yaml");
    String text = Files.readString(file);
    Files.writeString(file, text + "\n---\nnonsense: [\n");
    platform.restart();
    assertThat(incidents("open")).hasSize(1);
    Files.writeString(file, text.replace("name: orders", "name: other"));
    platform.restart();
    endedWith("there is no objective orders any more");
  }

  @Test
  void ofAGroupThatIsForgottenTheyEnd() {
    // All that was sent is stored, so that nothing of it comes back.
    platform.clock().advance(Duration.ofSeconds(10));
    String sum =
        "SELECT coalesce(sum(events), 0) FROM group_bucket WHERE grp = 'acme' AND objective = 'orders'";
    await()
        .until(() ->
            platform
                .database()
                .read(handle -> handle.createQuery(sum).mapTo(Integer.class).one())
                .equals(36));
    platform
        .database()
        .write(handle -> handle.execute("DELETE FROM group_bucket WHERE grp = 'acme'"));
    // Nothing arrives, so that alerts are frozen; every hour what is stored is trimmed.
    for (int i = 0; i < 70; i++) {
      platform.clock().advance(Duration.ofMinutes(1));
      if (i == 0) {
        platform.restart();
      }
    }
    endedWith("the group is forgotten: nothing of it is in any window");
  }

  @Test
  void ofAnObjectiveOfWhichNothingIsKeptTheyBreakNoListOfAnInstant() throws IOException {
    Path file = folder.resolve("grouped.yaml");
    Files.writeString(file, Files.readString(file).replace("name: orders", "name: other"));
    platform.stop();
    platform.restart();
    platform
        .database()
        .write(handle -> handle.execute("DELETE FROM figure_change WHERE objective = 'orders'"));
    platform
        .database()
        .write(handle ->
            handle.execute(
                "INSERT INTO incident (id, objective, severity, opened_at, causes)"
                    + " VALUES ('orders-1', 'orders', 'page', ?, '[]')",
                platform.clock().instant().toEpochMilli() - 60_000));
    traffic(Publish.TAKEN, 2);
    await().until(() -> ok(platform.get("/api/objectives")).get("asOf").isString());
    String at = ok(platform.get("/api/objectives")).get("asOf").asString();
    platform.clock().advance(Duration.ofSeconds(30));
    JsonNode then = ok(platform.get("/api/incidents?at=" + at)).get("incidents");
    assertThat(then)
        .extracting(one -> one.get("id").asString() + " " + one.get("state").asString())
        .contains("orders-1 open")
        .hasSize(2);
    for (String path :
        List.of("/incidents?at=", "/?at=", "/objectives?at=", "/objectives/other?at=")) {
      Answer page = platform.get(path + at, "Accept", "text/html");
      assertThat(page.status()).as(path).isEqualTo(200);
      assertThat(page.body()).as(path).doesNotContain("are not kept");
    }
  }

  @Test
  void ofAnAlertOfWhichNothingIsRememberedTheyEnd() {
    platform.restart();
    assertThat(incidents("open")).hasSize(1);
    platform
        .database()
        .write(handle -> {
          handle.execute("DELETE FROM alert_memory WHERE objective = 'orders/acme'");
          // Else it burns still, and has an incident of its own again.
          return handle.execute("UPDATE group_bucket SET bad = 0 WHERE grp = 'acme'");
        });
    platform.restart();
    endedWith("nothing of orders/acme is remembered any more");
  }
}
