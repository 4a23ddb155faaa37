package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
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

/** Objectives that count time slices, and minutes that are excluded, also when they are old. */
final class SlicesPromiseTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  @TempDir Path folder;

  private String file(String objectives, String more) throws IOException {
    String text = Files.readString(EXAMPLE).replace("duration: 1h", "duration: 30d");
    assertThat(text).contains("{measure: availability, target: 0.99}");
    Path file = folder.resolve("slo.yaml");
    Files.writeString(
        file,
        text.replace("{measure: availability, target: 0.99}", objectives)
            .replaceFirst("(?m)^  timeWindow:", more + "  timeWindow:"));
    return file.toString();
  }

  private static JsonNode detail(TestPlatform platform) {
    return platform.get("/api/objectives/orders").json();
  }

  private static void awaitCounts(TestPlatform platform, long total, long bad) {
    await()
        .untilAsserted(() -> {
          JsonNode objective = detail(platform).get("objective");
          assertThat(objective.at("/requests/total").asLong()).isEqualTo(total);
          assertThat(objective.at("/requests/bad").asLong()).isEqualTo(bad);
        });
  }

  /** Sixteen minutes from 12:00 on, in each ten requests; in those listed so many of them fail. */
  private static void traffic(TestPlatform platform, List<Integer> failing, int failures) {
    OrderTraces orders = new OrderTraces(platform);
    for (int minute = 0; minute < 16; minute++) {
      int bad = failing.contains(minute) ? failures : 0;
      platform.clock().advance(Duration.ofSeconds(30));
      orders.orders(10 - bad, Publish.TAKEN);
      if (bad > 0) {
        orders.orders(bad, Publish.REFUSED);
      }
      platform.clock().advance(Duration.ofSeconds(30));
    }
  }

  @Test
  void timeSlicesCountOnceAlsoAfterARestartAndWhenTheyAreOld() throws IOException {
    String goal = "{measure: availability, target: 0.5, timeSliceWindow: 2m, timeSliceTarget: 0.8}";
    try (TestPlatform platform =
        TestPlatform.start("slo.files", file(goal, ""), "slo.watermark", "5s")) {
      // Four failures of twenty are within a slice's target, eight are not.
      traffic(platform, List.of(4, 5, 9), 4);
      platform.clock().advance(Duration.ofMinutes(1));
      awaitCounts(platform, 8, 1);
      JsonNode detail = detail(platform);
      assertThat(detail.at("/objective/evidence/notes").toString())
          .contains("time slices of 2m, good from 80 % of their events on, not requests");
      List<Double> left =
          detail
              .at("/series/budgetRemaining")
              .valueStream()
              .filter(JsonNode::isNumber)
              .map(JsonNode::asDouble)
              .toList();
      assertThat(left.getLast()).isCloseTo(1 - 1 / (8 * 0.5), within(1e-9));
      platform.restart();
      awaitCounts(platform, 8, 1);
      platform.clock().advance(Duration.ofDays(5));
      platform.restart();
      awaitCounts(platform, 8, 1);
    }
  }

  @Test
  void anExclusionIsExactToTheMinuteAlsoWhenItIsDeclaredDaysLater() throws IOException {
    String goal = "{measure: availability, target: 0.99}";
    try (TestPlatform platform =
        TestPlatform.start("slo.files", file(goal, ""), "slo.watermark", "5s")) {
      traffic(platform, List.of(2, 3, 7), 5);
      platform.clock().advance(Duration.ofMinutes(1));
      awaitCounts(platform, 160, 15);
      String metrics = platform.get("/metrics").body();
      assertThat(metrics.lines())
          .contains(
              "troth_slo_events_total{objective=\"orders\"} 160.0",
              "troth_slo_left_out_events_total{objective=\"orders\"} 0.0");
      platform.clock().advance(Duration.ofDays(5));
      file(
          goal,
          "  exclusions: [{from: \"2026-03-01T12:02:00Z\", to: \"2026-03-01T12:04:00Z\", reason: a"
              + " drill}]\n");
      platform.restart();
      awaitCounts(platform, 140, 5);
    }
  }
}
