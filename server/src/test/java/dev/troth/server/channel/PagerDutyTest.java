package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** PagerDuty's Events API v2, against a double of it. */
final class PagerDutyTest {
  private static final String KEY = "0123456789abcdefABCDEF0123456789";
  private static final List<String> SEVERITIES = List.of("critical", "error", "warning", "info");

  private final Desk desk = new Desk("pagerduty");

  @AfterEach
  void close() {
    desk.close();
  }

  private String address() {
    return desk.service.address("/v2/enqueue#" + KEY);
  }

  @Test
  void whatBeginsTriggersAndItsEndResolvesTheSameAlert() {
    var _ = desk.watch(address(), "order/*");
    desk.service.status = 202;
    desk.event("order/7", "payment.failed", Map.of("name", "x".repeat(3_000), "amount", 5));
    JsonNode trigger = desk.last(1);
    assertThat(desk.got(1).getFirst().path()).isEqualTo("/v2/enqueue");
    assertThat(trigger.get("routing_key").asString()).isEqualTo(KEY);
    assertThat(trigger.get("event_action").asString()).isEqualTo("trigger");
    assertThat(trigger.get("dedup_key").asString()).isEqualTo("order/7 payment");
    JsonNode payload = trigger.get("payload");
    assertThat(payload.get("summary").asString()).contains("payment failed").hasSizeLessThan(1_025);
    assertThat(payload.get("source").asString()).isEqualTo("order/7");
    assertThat(payload.get("severity").asString()).isIn(SEVERITIES);
    assertThat(payload.get("timestamp").asString()).startsWith("2026-03-01T12:00");
    assertThat(payload.at("/custom_details/Fields/amount").asString()).isEqualTo("5");
    assertThat(trigger.at("/links/0/href").asString()).endsWith("/go/order/7");
    desk.platform.clock().advance(Duration.ofSeconds(1));
    desk.event("order/7", "payment.recovered");
    JsonNode resolve = desk.last(2);
    assertThat(resolve.get("event_action").asString()).isEqualTo("resolve");
    assertThat(resolve.get("dedup_key").asString()).isEqualTo("order/7 payment");
    desk.platform.clock().advance(Duration.ofSeconds(1));
    desk.event("order/" + "y".repeat(400), "payment.failed");
    assertThat(desk.last(3).get("dedup_key").asString()).hasSizeLessThanOrEqualTo(255);
  }

  @Test
  void aTriggerThatFailedDoesNotGiveWayToOtherNewsOfItsSubject() {
    var _ = desk.watch(address(), "order/7");
    desk.service.status = 503;
    desk.event("order/7", "payment.failed");
    var _ = desk.got(1);
    desk.awaitState("pending", 1);
    desk.service.status = 202;
    desk.platform.clock().advance(Duration.ofSeconds(1));
    desk.event("order/7", "address.changed");
    desk.awaitState("delivered", 1);
    desk.platform.clock().advance(Duration.ofSeconds(6));
    desk.awaitState("delivered", 2);
    assertThat(desk.got(3).stream().map(got -> got.json().get("dedup_key").asString()))
        .containsExactlyInAnyOrder("order/7 payment", "order/7 payment", "order/7");
    assertThat(desk.deliveries("superseded")).isEmpty();
  }

  @Test
  void aTriggerThatFailedIsNotSentAfterItsEnd() {
    var _ = desk.watch(address(), "order/7");
    desk.service.status = 429;
    desk.service.retryAfter = "30";
    desk.event("order/7", "payment.failed");
    var _ = desk.got(1);
    desk.awaitState("pending", 1);
    desk.event("order/7", "payment.recovered");
    desk.awaitState("pending", 2);
    desk.service.status = 202;
    desk.service.retryAfter = "";
    desk.platform.clock().advance(Duration.ofSeconds(31));
    desk.awaitState("superseded", 1);
    desk.platform.clock().advance(Duration.ofSeconds(1));
    desk.awaitState("delivered", 1);
    assertThat(desk.last(2).get("event_action").asString()).isEqualTo("resolve");
  }

  @Test
  void aTestTriggersAndResolvesAtOnce() {
    long id = desk.watch(address(), "order/7");
    desk.service.status = 202;
    assertThat(desk.test(id).get("delivered").asBoolean()).isTrue();
    var both = desk.got(2);
    assertThat(both.stream().map(got -> got.json().get("event_action").asString()))
        .containsExactly("trigger", "resolve");
    assertThat(both.getFirst().json().get("dedup_key"))
        .isEqualTo(both.getLast().json().get("dedup_key"));
  }

  @Test
  void itKeepsItsManners() {
    desk.keepsItsManners(address(), KEY);
  }

  @Test
  void aKeyHas32LettersAndDigitsAndNoMessageRepeatsIt() {
    assertThat(desk.add(KEY).json().get("address").asString())
        .isEqualTo("https://events.pagerduty.com/…");
    for (String wrong :
        List.of("0123", "https://events.pagerduty.com/v2/enqueue#0123", "ftp://x#" + KEY)) {
      var refused = desk.add(wrong);
      assertThat(refused.status()).as(wrong).isEqualTo(422);
      assertThat(refused.body()).doesNotContain("0123");
    }
  }
}
