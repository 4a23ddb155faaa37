package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tour is a page of platforms that a demo runs, and shows what they have stored. */
@SuppressWarnings("NullAway.Init")
final class TourPageTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private TestPlatform platform;

  @BeforeEach
  void require() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
  }

  @AfterEach
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void withoutADemoThereIsNoTour() {
    platform = TestPlatform.start();
    assertThat(page("/tour").status()).isEqualTo(404);
    assertThat(page("/").body()).contains("<p data-hidden=\"yes\">This is a demo");
  }

  @Test
  void inADemoTheStepsAreThereFromTheFirstPaintAndFollowTheNewestOrder() {
    platform = TestPlatform.start("demo.address", "http://127.0.0.1:4104");
    assertThat(page("/").body()).contains("<p data-hidden=\"no\">This is a demo");
    assertThat(page("/tour").body())
        .contains("0 of 8 steps were seen", "no order yet", "http://127.0.0.1:4104/demo/mailbox");

    Answer taken =
        platform.send(
            "POST",
            "/api/events",
            """
            {"specversion":"1.0","id":"7-placed","source":"/orders","type":"order_placed","subject":"order/7",
             "authid":"ada","dataschema":"http://127.0.0.1:4000/registry/subjects/order_placed-value/versions/3",
             "traceparent":"00-%s-b7ad6b7169203331-01","data":{"orderId":"7"}}
            """
                .formatted(TRACE),
            "Content-Type",
            "application/cloudevents+json");
    assertThat(taken.status()).as(taken.body()).isEqualTo(200);

    assertThat(page("/tour").body())
        .contains("3 of 8 steps were seen")
        .contains("href=\"/subjects/order/7\"", "by ada")
        .contains("version 3 of order_placed-value", "7-placed")
        .contains("href=\"/traces/" + TRACE + "\"", "the event names its trace");
  }

  private Answer page(String path) {
    return platform.get(path, "Accept", "text/html");
  }
}
