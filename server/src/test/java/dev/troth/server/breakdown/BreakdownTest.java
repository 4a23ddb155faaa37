package dev.troth.server.breakdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Orders counted by their tenants: from the span to the list, the bad requests and the inbox. */
final class BreakdownTest {
  @TempDir private Path folder;

  private @Nullable TestPlatform running;

  @AfterEach
  void stop() {
    if (running != null) {
      running.close();
    }
  }

  private TestPlatform start(String groupBy) {
    running =
        TestPlatform.start(
            "slo.files", GroupedOrders.file(folder, groupBy).toString(), "slo.watermark", "5s");
    return running;
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private static void settle(TestPlatform platform) {
    platform.clock().advance(Duration.ofSeconds(70));
  }

  /** Total and bad requests by group. */
  private static Map<String, String> groups(TestPlatform platform, String objective) {
    Map<String, String> groups = new TreeMap<>();
    JsonNode list = ok(platform.get("/api/objectives/" + objective + "/groups?limit=1002"));
    for (JsonNode group : list.get("groups")) {
      groups.put(
          group.get("group").asString(),
          group.at("/requests/bad").asLong() + " of " + group.at("/requests/total").asLong());
    }
    return groups;
  }

  private static List<String> bad(TestPlatform platform, String query) {
    return ok(platform.get("/api/objectives/orders/requests?" + query))
        .get("requests")
        .valueStream()
        .map(one -> one.get("trace").asString())
        .toList();
  }

  private static List<JsonNode> told(TestPlatform platform, String type) {
    return ok(platform.get("/api/inbox?state=all&user=ann&limit=200"))
        .get("items")
        .valueStream()
        .filter(item -> item.get("type").asString().equals(type))
        .toList();
  }

  @Test
  void eachTenantIsCountedTheWorstComesFirstAndItsBadRequestsAreListed() {
    TestPlatform platform = start("{attribute: tenant, limit: 2}");
    OrderTraces orders = new OrderTraces(platform);
    orders.orders(20, Publish.TAKEN, "big/one");
    List<String> acme = new ArrayList<>(orders.orders(3, Publish.REFUSED, "acme"));
    settle(platform);
    orders.orders(7, Publish.TAKEN, "acme");
    orders.orders(2, Publish.TAKEN);
    List<String> none = orders.orders(1, Publish.NEVER_SENT);
    List<String> late = new ArrayList<>(orders.orders(1, Publish.REFUSED, "late"));
    late.addAll(orders.orders(1, Publish.REFUSED, "later"));
    settle(platform);
    Map<String, String> expected =
        Map.of("acme", "3 of 10", "big/one", "0 of 20", "(none)", "1 of 3", "(others)", "2 of 2");
    await().untilAsserted(() -> assertThat(groups(platform, "orders")).isEqualTo(expected));
    // The latency counts good requests, of the same groups.
    assertThat(groups(platform, "orders-latency"))
        .isEqualTo(Map.of("acme", "0 of 7", "big/one", "0 of 20", "(none)", "0 of 2"));

    JsonNode list = ok(platform.get("/api/objectives/orders/groups?limit=1"));
    assertThat(list.get("attribute").asString()).isEqualTo("tenant");
    assertThat(list.get("limit").asInt()).isEqualTo(2);
    assertThat(list.get("counted").asInt()).isEqualTo(4);
    JsonNode worst = list.get("groups").get(0);
    assertThat(list.get("groups")).hasSize(1);
    assertThat(worst.get("group").asString()).isEqualTo("acme");
    assertThat(worst.get("availability").asDouble()).isEqualTo(0.7);
    assertThat(worst.at("/budget/remaining").asDouble()).isEqualTo(0.1 - 3);
    assertThat(worst.at("/causes/0/step").asString()).isEqualTo("bus");
    assertThat(worst.get("state").isNull()).isTrue();
    assertThat(
            ok(platform.get("/api/objectives/orders/groups?group=big%2Fone"))
                .get("groups")
                .get(0)
                .get("group")
                .asString())
        .isEqualTo("big/one");

    for (int i = 0; i < 2; i++) {
      assertThat(bad(platform, "group=acme")).containsExactlyInAnyOrderElementsOf(acme);
      assertThat(bad(platform, "group=acme&step=bus")).hasSize(3);
      assertThat(bad(platform, "group=acme&step=table")).isEmpty();
      assertThat(bad(platform, "group=(none)")).isEqualTo(none);
      assertThat(bad(platform, "group=(others)")).containsExactlyInAnyOrderElementsOf(late);
      assertThat(bad(platform, "group=late")).isEqualTo(late.subList(0, 1));
      assertThat(bad(platform, "limit=50")).hasSize(6);
      // The second time they are read as they were judged and stored.
      platform.clock().advance(Duration.ofSeconds(2));
      await()
          .until(() ->
              platform
                  .database()
                  .read(handle ->
                      handle
                          .createQuery(
                              "SELECT count(*) FROM bad_request WHERE step = '' AND grp <> ''")
                          .mapTo(Integer.class)
                          .one())
                  .equals(6));
    }
    platform.restart();
    assertThat(groups(platform, "orders")).isEqualTo(expected);
    assertThat(bad(platform, "group=acme")).hasSize(3);
  }

  @Test
  void groupsOfAnObjectiveOfTimeSlicesAreByRequestsAndHaveNoBudget() throws IOException {
    Path file = GroupedOrders.file(folder, "{attribute: tenant}");
    String goal =
        "{measure: availability, target: 0.99, timeSliceWindow: 1m, timeSliceTarget: 0.5}";
    String text = Files.readString(file);
    Files.writeString(file, text.replace("{measure: availability, target: 0.99}", goal));
    running = TestPlatform.start("slo.files", file.toString(), "slo.watermark", "5s");
    OrderTraces orders = new OrderTraces(running);
    orders.orders(9, Publish.TAKEN, "acme");
    orders.orders(3, Publish.REFUSED, "acme");
    orders.orders(4, Publish.REFUSED, "worse");
    orders.orders(9, Publish.TAKEN, "good");
    settle(running);
    TestPlatform platform = running;
    await().untilAsserted(() -> assertThat(groups(platform, "orders")).hasSize(3));
    JsonNode list = ok(running.get("/api/objectives/orders/groups"));
    String note = "by requests and without a budget: that is of time slices of 1m";
    assertThat(list.get("note").asString()).startsWith(note);
    assertThat(list.get("groups"))
        .allMatch(group -> group.get("budget").isNull())
        .extracting(group -> group.get("group").asString())
        .containsExactly("worse", "acme", "good");
    assertThat(running.get("/objectives/orders").body()).contains("3 groups, worst first; " + note);
    assertThat(ok(running.get("/api/objectives/orders-latency/groups")).get("note").isNull())
        .isTrue();
  }

  @Test
  void whatHasNoGroupsSaysSo() {
    TestPlatform platform = start("{attribute: tenant}");
    assertThat(ok(platform.get("/api/objectives/orders/groups")).get("groups")).isEmpty();
    Answer none = platform.get("/api/objectives/orders-consumer/groups");
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.body()).contains("objective orders-consumer has no groups, expected groupBy");
    Answer bad = platform.get("/api/objectives/orders-consumer/requests?group=acme");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.body()).contains("group is 'acme', but orders-consumer has no groups");
    assertThat(platform.get("/api/objectives/nothing/groups").status()).isEqualTo(404);
    assertThat(ok(platform.get("/api/objectives/orders")).at("/objective/groupBy").asString())
        .isEqualTo("tenant");
  }

  @Test
  void hostileValuesAreBoundedAndThatIsToldOnceOverARestartToo() {
    TestPlatform platform = start("{attribute: tenant, limit: 20}");
    ok(platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"slo/orders\"}"));
    OrderTraces orders = new OrderTraces(platform);
    List<String> hostile =
        List.of(
            "x".repeat(100_000),
            "a\u0000b\n\u202e\u2028",
            "' OR 1=1 --",
            "%_\\",
            "<script>alert(1)</script>",
            " ",
            "(none)",
            "(others)",
            "🦄",
            "*");
    hostile.forEach(value -> orders.orders(1, Publish.REFUSED, value));
    settle(platform);
    await().untilAsserted(() -> assertThat(groups(platform, "orders")).hasSize(hostile.size()));
    for (String name : groups(platform, "orders").keySet()) {
      assertThat(name).hasSizeLessThan(130).doesNotContain("\n", "\u202e");
      assertThat(bad(platform, "group=" + URLEncoder.encode(name, StandardCharsets.UTF_8)))
          .as(name)
          .hasSize(1);
    }
    assertThat(told(platform, "groups.full")).isEmpty();
    many(orders, 0);
    settle(platform);
    await()
        .untilAsserted(
            () -> assertThat(groups(platform, "orders")).containsEntry("(others)", "0 of 1990"));
    platform.restart();
    many(orders, 2_000);
    settle(platform);
    await()
        .untilAsserted(
            () -> assertThat(groups(platform, "orders")).containsEntry("(others)", "0 of 3990"));
    assertThat(groups(platform, "orders")).hasSize(21);
    await().until(() -> !told(platform, "groups.full").isEmpty());
    // Of the latency objective it is told too, but ann does not watch that.
    assertThat(told(platform, "groups.full"))
        .singleElement()
        .satisfies(item -> {
          assertThat(item.at("/after/groups").asString()).isEqualTo("20 by tenant, the limit");
          assertThat(item.at("/after/further").asString()).isEqualTo("counted as (others)");
          assertThat(item.at("/after/first").asString()).isEqualTo("many-10");
        });
  }

  /** Two thousand orders, each of another tenant. */
  private static void many(OrderTraces orders, int from) {
    var request = ExportTraceServiceRequest.newBuilder();
    for (int i = from; i < from + 2_000; i++) {
      orders.order(request, 100_000 + i, Publish.TAKEN, "many-" + i);
    }
    assertThat(orders.send(request.build()).statusCode()).isEqualTo(200);
  }

  /** Steps of ten seconds; acme is a sixtieth of the traffic. */
  private static void traffic(
      TestPlatform platform, OrderTraces orders, Publish ofAcme, int steps) {
    for (int i = 0; i < steps; i++) {
      orders.orders(118, Publish.TAKEN, "big");
      orders.orders(2, ofAcme, "acme");
      platform.clock().advance(Duration.ofSeconds(10));
    }
  }

  @Test
  void aGroupThatBurnsHasAnIncidentOfItsOwnAndWatchersOfTheObjectiveAreTold() {
    TestPlatform platform = start("{attribute: tenant, alertOn: groups}");
    ok(platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"slo/orders\"}"));
    ok(
        platform.put(
            "/api/escalations/orders",
            "{\"target\":\"slo/orders\",\"line\":[\"bob\"],\"within\":60}"));
    OrderTraces orders = new OrderTraces(platform);
    traffic(platform, orders, Publish.TAKEN, 6);
    traffic(platform, orders, Publish.REFUSED, 12);
    await().until(() -> !told(platform, "alert.fired").isEmpty());
    JsonNode fired = told(platform, "alert.fired").getLast();
    assertThat(fired.get("subject").asString()).isEqualTo("slo/orders");
    assertThat(fired.at("/after/group").asString()).isEqualTo("acme");
    assertThat(fired.at("/after/because").asString()).startsWith("bus failed in");
    String id = fired.at("/after/incident").asString();
    JsonNode incident = ok(platform.get("/api/incidents/" + id));
    assertThat(incident.get("objective").asString()).isEqualTo("orders");
    assertThat(incident.get("group").asString()).isEqualTo("acme");
    assertThat(ok(platform.get("/api/incidents?objective=orders")).get("incidents")).hasSize(1);
    assertThat(ok(platform.get("/api/incidents?objective=order")).get("incidents")).isEmpty();
    JsonNode whole = ok(platform.get("/api/objectives/orders")).get("objective");
    assertThat(whole.get("incident").isNull()).isTrue();
    JsonNode group =
        ok(platform.get("/api/objectives/orders/groups?group=acme")).get("groups").get(0);
    assertThat(group.get("state").asString()).isEqualTo("page");
    assertThat(group.get("incident").asString()).isEqualTo(id);

    // Whoever looks after the group's incident holds its page, and a restart forgets none of it.
    await().until(() -> platform.get("/api/pages/1").body().contains("\"to\":\"bob\""));
    platform.restart();
    JsonNode held = ok(platform.post("/api/incidents/" + id + "/acknowledge", "{\"for\":\"1h\"}"));
    assertThat(held.get("group").asString()).isEqualTo("acme");
    assertThat(ok(platform.get("/api/pages/1")).get("acknowledgedBy").asString())
        .isEqualTo("developer");
    traffic(platform, orders, Publish.TAKEN, 50);
    await()
        .until(() ->
            ok(platform.get("/api/incidents/" + id)).get("state").asString().equals("resolved"));
    await().until(() -> !told(platform, "alert.resolved").isEmpty());
    assertThat(told(platform, "alert.resolved").getFirst().at("/after/group").asString())
        .isEqualTo("acme");
    assertThat(told(platform, "alert.fired"))
        .allMatch(item -> item.at("/after/group").asString().equals("acme"));
  }
}
