package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.objective.OrderTraces.Publish;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A page of an objective is found first, however much came after it. */
final class UrgentFirstTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private final TestPlatform platform =
      TestPlatform.start("slo.files", FILE.toString(), "slo.watermark", "5s");
  private final OrderTraces orders = new OrderTraces(platform);

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void anUnreadPageStandsAboveTheOrdersThatCameLater() {
    watch("slo/*");
    watch("order/*");
    for (int i = 0; i < 12; i++) {
      orders.orders(5, i < 6 ? Publish.TAKEN : Publish.REFUSED);
      platform.clock().advance(Duration.ofSeconds(10));
    }
    await().untilAsserted(() -> assertThat(inbox().path("urgent")).isNotEmpty());
    for (int i = 0; i < 60; i++) {
      event("order/" + i);
    }

    JsonNode inbox = inbox();
    assertThat(inbox.path("items")).hasSize(20).noneMatch(item -> isOfObjective(item));
    JsonNode page = inbox.path("urgent").get(0);
    assertThat(page.path("type").asString()).isEqualTo("alert.fired");
    assertThat(page.path("critical").asBoolean()).isTrue();
    assertThat(platform.get("/inbox", "Accept", "text/html").body())
        .containsSubsequence(
            "data-urgent=\"yes\"", "slo/orders", "data-hidden=\"no\">Urgent", "order/59");
    assertThat(
            platform.get("/api/inbox?before=" + inbox.path("next").asString()).json().has("urgent"))
        .isFalse();

    platform.post("/api/inbox/%s/read".formatted(page.path("id").asString()), "");
    assertThat(inbox().path("urgent")).noneMatch(item -> item.path("id").equals(page.path("id")));
  }

  private void watch(String target) {
    platform.post("/api/watches", "{\"target\":\"%s\"}".formatted(target));
  }

  private JsonNode inbox() {
    return platform.get("/api/inbox?limit=20").json();
  }

  private static boolean isOfObjective(JsonNode item) {
    return item.path("subject").asString().startsWith("slo/");
  }

  private void event(String subject) {
    int status =
        platform
            .post(
                "/api/events",
                """
                {"specversion":"1.0","id":"%s","source":"/test","type":"order_placed",
                 "subject":"%s","datacontenttype":"application/json","data":{}}
                """
                    .formatted(subject, subject),
                "Content-Type",
                "application/cloudevents+json")
            .status();
    assertThat(status).isBetween(200, 202);
  }
}
