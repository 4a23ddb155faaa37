package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.objective.OrderTraces.Publish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What happens in maintenance alerts nobody, is left out of every figure, and is said to be. */
final class MaintenancePromiseTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  @TempDir Path folder;

  /** The example's objectives, with maintenance from 12:10 UTC on, which is 13:10 in Berlin. */
  private String file() throws IOException {
    String text = Files.readString(EXAMPLE);
    String from = "  timeWindow:";
    assertThat(text).contains(from);
    String maintenance =
        "  maintenance: [{name: backup, timeZone: Europe/Berlin, cron: \"10 13 * * sun\","
            + " duration: 5m, reason: the bus is restarted}]\n";
    Path file = folder.resolve("slo.yaml");
    Files.writeString(
        file,
        text.replaceFirst("(?m)^  timeWindow:", maintenance + from)
            .replace("duration: 1h", "duration: 30d"));
    return file.toString();
  }

  private static JsonNode detail(TestPlatform platform) {
    return platform.get("/api/objectives/orders").json();
  }

  private static void awaitTotal(TestPlatform platform, long total, long leftOut) {
    await()
        .untilAsserted(() -> {
          JsonNode objective = detail(platform).get("objective");
          assertThat(objective.at("/requests/total").asLong()).isEqualTo(total);
          assertThat(objective.at("/evidence/leftOut/0/requests").asLong()).isEqualTo(leftOut);
        });
  }

  @Test
  void anOutageInMaintenanceIsLeftOutAndSaidAlsoAfterARestart() throws IOException {
    try (TestPlatform platform = TestPlatform.start("slo.files", file(), "slo.watermark", "5s")) {
      OrderTraces orders = new OrderTraces(platform);
      platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"slo/*\"}");
      platform.clock().advance(Duration.ofMinutes(8));
      for (int i = 0; i < 6; i++) {
        orders.orders(10, Publish.TAKEN);
        platform.clock().advance(Duration.ofSeconds(20));
      }
      awaitTotal(platform, 60, 0);
      // 12:10 to 12:14
      for (int i = 0; i < 12; i++) {
        orders.orders(10, Publish.REFUSED);
        platform.clock().advance(Duration.ofSeconds(20));
      }
      awaitTotal(platform, 60, 120);
      assertThat(platform.get("/metrics").body().lines())
          .contains(
              "troth_slo_events_total{objective=\"orders\"} 60.0",
              "troth_slo_bad_events_total{objective=\"orders\"} 0.0",
              "troth_slo_step_failures_total{objective=\"orders\",step=\"bus\"} 0.0",
              "troth_slo_left_out_events_total{objective=\"orders\"} 120.0");
      JsonNode now = detail(platform);
      assertThat(now.at("/objective/state").asString()).isEqualTo("ok");
      assertThat(now.at("/objective/requests/bad").asLong()).isZero();
      assertThat(now.at("/maintenance/0/now").asBoolean()).isTrue();
      assertThat(now.at("/maintenance/0/to").asString()).isEqualTo("2026-03-01T12:15:00Z");
      assertThat(now.at("/maintenance/0/bad").asLong()).isEqualTo(120);
      assertThat(now.at("/maintenance/0/rule").asString())
          .isEqualTo("cron 10 13 * * sun for 5m (Europe/Berlin)");
      // Charts draw what happened, and the budget without it; steps count as requests do.
      assertThat(now.at("/series/bad").valueStream().mapToLong(JsonNode::asLong).sum())
          .isEqualTo(120);
      assertThat(now.at("/series/budgetRemaining").valueStream().filter(JsonNode::isNumber))
          .isNotEmpty()
          .allSatisfy(left -> assertThat(left.asDouble()).isEqualTo(1.0));
      assertThat(now.at("/chain/steps/3/bad").asLong()).isZero();
      String page = platform.get("/objectives/orders", "Accept", "text/html").body();
      if (page.contains("<main")) {
        assertThat(page)
            .contains("in maintenance, 120 left out by maintenance")
            .contains("backup: the bus is restarted", "120 requests left out, 120 of them bad");
      }
      platform.restart();
      awaitTotal(platform, 60, 120);
      platform.clock().advance(Duration.ofMinutes(2));
      for (int i = 0; i < 12; i++) {
        orders.orders(10, Publish.REFUSED);
        platform.clock().advance(Duration.ofSeconds(10));
      }
      awaitTotal(platform, 180, 120);
      JsonNode after = detail(platform);
      assertThat(after.at("/objective/state").asString()).isEqualTo("page");
      assertThat(after.at("/maintenance/0/now").asBoolean()).isFalse();
      assertThat(after.at("/maintenance/0/from").asString()).isEqualTo("2026-03-08T12:10:00Z");
      // After three days minutes are kept by ten, and the maintenance ends in the middle of ten.
      platform.clock().advance(Duration.ofDays(5));
      platform.restart();
      awaitTotal(platform, 180, 120);
      List<String> fired =
          platform
              .get("/api/subjects/changes?target=slo/orders")
              .json()
              .get("items")
              .valueStream()
              .filter(one -> one.get("type").asString().equals("alert.fired"))
              .map(one -> one.get("at").asString())
              .toList();
      assertThat(fired).isNotEmpty().allMatch(at -> at.compareTo("2026-03-01T12:15:00Z") > 0);
    }
  }
}
