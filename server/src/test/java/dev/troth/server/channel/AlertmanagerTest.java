package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.channel.Receiver.Got;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Alertmanager's API v2, against a double of it. */
final class AlertmanagerTest {
  private final Desk desk = new Desk("alertmanager");

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void anAlertsEndHasItsLabelsAndAnEndThatIsNotBeforeItsStart() {
    var _ = desk.watch(desk.service.address("/am/#ann:pass"), "order/*");
    desk.service.status = 200;
    desk.event("order/7", "payment.failed", Map.of("amount", 5));
    Got got = desk.got(1).getFirst();
    assertThat(got.path()).isEqualTo("/am/api/v2/alerts");
    assertThat(got.header("Authorization")).isEqualTo("Basic YW5uOnBhc3M=");
    JsonNode begun = got.json().get(0);
    assertThat(begun.at("/labels/alertname").asString()).isEqualTo("payment");
    assertThat(begun.at("/labels/subject").asString()).isEqualTo("order/7");
    assertThat(begun.at("/labels/severity").asString()).isEqualTo("warning");
    assertThat(begun.at("/annotations/summary").asString()).isEqualTo("order/7: payment failed");
    assertThat(begun.get("generatorURL").asString()).endsWith("/go/order/7");
    Instant starts = Instant.parse(begun.get("startsAt").asString());
    assertThat(Instant.parse(begun.get("endsAt").asString()))
        .isAfter(starts.plus(Duration.ofHours(75)));
    desk.platform.clock().advance(Duration.ofMinutes(3));
    desk.event("order/7", "payment.recovered");
    JsonNode ended = desk.last(2).get(0);
    assertThat(ended.get("labels")).isEqualTo(begun.get("labels"));
    assertThat(Instant.parse(ended.get("endsAt").asString()))
        .isEqualTo(starts.plus(Duration.ofMinutes(3)))
        .isAfterOrEqualTo(Instant.parse(ended.get("startsAt").asString()));
  }

  @Test
  void whatNeitherBeginsNorEndsIsLeftToAlertmanagersOwnTime() {
    long id = desk.watch(desk.service.address("/#token"), "record/1");
    desk.service.status = 200;
    desk.update("b");
    JsonNode alert = desk.last(1).get(0);
    assertThat(alert.has("endsAt")).isFalse();
    assertThat(alert.at("/labels/alertname").asString()).isEqualTo("record.updated");
    assertThat(alert.at("/labels/severity").asString()).isEqualTo("info");
    assertThat(desk.got(1).getFirst().header("Authorization")).isEqualTo("Bearer token");
    assertThat(desk.got(1).getFirst().path()).isEqualTo("/api/v2/alerts");
    assertThat(desk.test(id).get("delivered").asBoolean()).isTrue();
    assertThat(desk.last(2).get(0).at("/labels/alertname").asString()).isEqualTo("TrothTest");
  }

  @Test
  void itKeepsItsManners() {
    desk.keepsItsManners(desk.service.address("/#ann:hush-4711"), "hush-4711");
  }
}
