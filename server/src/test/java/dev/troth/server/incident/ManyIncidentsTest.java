package dev.troth.server.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.breakdown.GroupedOrders;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Many groups begin to fail in one second: each of their incidents is listed, and counted. */
final class ManyIncidentsTest {
  private static final int MANY = 130;

  @TempDir private Path folder;

  private TestPlatform platform;
  private String at;

  @BeforeEach
  void start() {
    platform =
        TestPlatform.start(
            "slo.files",
            GroupedOrders.file(folder, "{attribute: tenant, alertOn: groups}").toString(),
            "slo.watermark",
            "5s");
    OrderTraces orders = new OrderTraces(platform);
    orders.orders(20, Publish.TAKEN, "acme");
    orders.orders(1, Publish.REFUSED, "acme");
    platform.clock().advance(Duration.ofSeconds(70));
    long second = platform.clock().instant().getEpochSecond() * 1_000 - 5_000;
    platform
        .database()
        .write(handle -> {
          for (int i = 0; i < MANY; i++) {
            handle.execute(
                "INSERT INTO incident (id, objective, severity, opened_at, causes)"
                    + " VALUES (?, ?, 'page', ?, '[]')",
                "orders-1-%04d".formatted(i * 7_919 % MANY),
                "orders/t" + i,
                i < 5 ? second - 1_000 : second);
          }
          return true;
        });
    platform.clock().advance(Duration.ofSeconds(1));
    await().until(() -> !ok(platform.get("/api/objectives/orders/groups")).get("groups").isEmpty());
    orders.orders(1, Publish.TAKEN, "acme");
    at = ok(platform.get("/api/incidents")).get("asOf").asString();
    platform.clock().advance(Duration.ofSeconds(40));
    orders.orders(1, Publish.TAKEN, "acme");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private String page(String path) {
    Answer answer = platform.get(path, "Accept", "text/html");
    assertThat(answer.status()).as(path).isEqualTo(200);
    return answer.body();
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Test
  void eachIsOnOnePageOfTheList() {
    for (String query : List.of("", "&objective=orders", "&at=" + at)) {
      List<String> seen = new ArrayList<>();
      String before = "";
      int pages = 0;
      do {
        JsonNode list =
            ok(platform.get("/api/incidents?" + (before + query).replaceFirst("^&", "")));
        list.get("incidents").forEach(one -> seen.add(one.get("id").asString()));
        assertThat(list.get("open").asInt()).as(query).isEqualTo(MANY);
        before = list.get("next").isNull() ? "" : "&before=" + list.get("next").asString();
        pages++;
      } while (!before.isEmpty());
      assertThat(seen).as(query).hasSize(MANY).doesNotHaveDuplicates();
      assertThat(pages).isEqualTo(3);
    }
    // A time alone is the place before all that began then.
    JsonNode newest = ok(platform.get("/api/incidents")).get("incidents").get(0);
    long time = java.time.Instant.parse(newest.get("openedAt").asString()).toEpochMilli();
    assertThat(ok(platform.get("/api/incidents?before=" + time)).get("incidents")).hasSize(5);
    assertThat(platform.get("/api/incidents?before=x").status()).isEqualTo(422);
  }

  @Test
  void whatIsOverForLongerThanItIsKeptIsForgottenWithItsAlerts() {
    platform
        .database()
        .write(handle -> {
          for (int days : List.of(60, 80, 100, 200)) {
            long end = platform.clock().instant().minus(Duration.ofDays(days)).toEpochMilli();
            handle.execute(
                "INSERT INTO incident (id, objective, severity, opened_at, resolved_at, causes)"
                    + " VALUES (?, 'orders/x', 'page', ?, ?, '[]')",
                "old-" + days,
                end - 60_000,
                days == 200 ? null : end);
            handle.execute(
                "INSERT INTO alert (objective, severity, fired_at, resolved_at, incident, evidence,"
                    + " inhibited) VALUES ('orders/x', 'page', ?, ?, ?, '{}', 0)",
                end - 60_000,
                days == 200 ? null : end,
                "old-" + days);
          }
          return true;
        });
    platform.clock().advance(Duration.ofMinutes(61));
    for (String column :
        List.of("id FROM incident WHERE id", "incident FROM alert WHERE incident")) {
      await()
          .untilAsserted(
              () -> assertThat(old(column)).containsExactly("old-200", "old-60", "old-80"));
    }
  }

  private List<String> old(String column) {
    String sql = "SELECT " + column + " LIKE 'old-%' ORDER BY 1";
    return platform.database().read(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  @Test
  void pagesSayHowManyThereAreAndLeadToThem() {
    for (String kept : List.of("", "at=" + at)) {
      String query = kept.isEmpty() ? "" : "?" + kept;
      List<String> seen = new ArrayList<>();
      String path = "/incidents" + query;
      while (!path.isEmpty()) {
        String page = page(path);
        assertThat(page).as(path).contains("130 open in all, ").doesNotContain("50 open of");
        seen.addAll(found("<tr data-key=\"(orders-1-[0-9]+)\"", page));
        List<String> next = found("<a href=\"(/incidents\\?before=[^\"]+)\"(?! hidden)", page);
        path = next.isEmpty() ? "" : next.getFirst().replace("&amp;", "&");
        assertThat(path).matches(one -> one.isEmpty() || one.contains(kept));
        if (seen.size() >= MANY) {
          break;
        }
      }
      assertThat(seen).hasSize(MANY).doesNotHaveDuplicates();
      for (String held : List.of("/", "/objectives/orders")) {
        String page = page(held + query);
        assertThat(page).as(held).contains("130 open incidents, the newest 20 here");
        String all = held + "?incidents=all" + (kept.isEmpty() ? "" : "&amp;" + kept) + "#held";
        assertThat(page).as(held).contains("href=\"" + all);
        String whole = page(all.replace("&amp;", "&").replace("#held", ""));
        assertThat(found("<li data-key=\"(orders-1-[0-9]+)\"", whole)).hasSize(MANY);
      }
    }
  }

  @Test
  void aPageOfAnInstantTellsOfNoGroupsAndItsLinksStayThere() {
    assertThat(page("/objectives/orders"))
        .contains("1 group, worst first")
        .doesNotContain("is not kept");
    String page = page("/objectives/orders?step=bus&at=" + at);
    assertThat(page)
        .contains("As it stood at", "What groups had counted by an instant is not kept");
    assertThat(page).doesNotContain("worst first");
    for (String link : found("<a [^>]*href=\"(/objectives/orders[^\"]*)\"(?![^>]* hidden)", page)) {
      boolean now = link.equals("/objectives/orders") || link.endsWith("#groups");
      assertThat(now || link.contains("at=" + at)).as(link).isTrue();
    }
    assertThat(page).contains("name=\"at\" value=\"" + at + "\"");
    assertThat(page("/objectives/orders")).contains("name=\"at\" value=\"\"");
  }
}
