package dev.troth.server.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.breakdown.GroupedOrders;
import dev.troth.server.console.site.Site;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bad requests of an objective, as its page lists them. */
class BadRequestsTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");
  private static final Pattern TRACE = Pattern.compile("href=\"/traces/([0-9a-f]{32})\"");
  private static final Pattern OLDER =
      Pattern.compile("(/objectives/orders\\?before=[^\"#]*)#bad\" data-hidden=\"no\"");

  @TempDir private Path folder;

  private TestPlatform platform;
  private OrderTraces orders;

  @BeforeEach
  void start() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    platform = TestPlatform.start("slo.files", FILE.toString(), "slo.watermark", "5s");
    orders = new OrderTraces(platform);
  }

  @AfterEach
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  private String page(String path) {
    Answer answer = platform.get(path, "Accept", "text/html");
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private static List<String> traces(String html) {
    List<String> found = new ArrayList<>();
    Matcher link = TRACE.matcher(html);
    while (link.find()) {
      found.add(link.group(1));
    }
    return found;
  }

  /** Sends orders, each a millisecond after the other, and lets them settle. */
  private List<String> send(int count, Publish publish) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.addAll(orders.orders(1, publish));
      platform.clock().advance(Duration.ofMillis(1));
    }
    platform.clock().advance(Duration.ofSeconds(6));
    return ids;
  }

  @Test
  void goodRequestsAreNotAmongThemAndEachBadOneSaysWhy() {
    send(3, Publish.TAKEN);
    assertThat(page("/objectives/orders")).contains("None of the traces that are kept");
    List<String> bad = send(1, Publish.REFUSED);
    bad.addAll(send(1, Publish.NEVER_SENT));
    String html = page("/objectives/orders");
    assertThat(traces(html)).containsExactlyElementsOf(bad.reversed());
    assertThat(html).contains("failed at bus").contains("never seen: bus");
    assertThat(traces(page("/objectives/orders?step=table"))).isEmpty();
    assertThat(traces(page("/objectives/orders?step=bus"))).hasSize(2);
  }

  @Test
  void aRequestWhoseSpansMayStillComeIsNotBadYet() {
    orders.orders(1, Publish.NEVER_SENT);
    assertThat(traces(page("/objectives/orders"))).isEmpty();
    platform.clock().advance(Duration.ofSeconds(6));
    assertThat(traces(page("/objectives/orders"))).hasSize(1);
  }

  @Test
  void whereNothingIsAskedForFiveAreShownAndALinkLeadsToMore() {
    List<String> bad = send(8, Publish.REFUSED);
    String html = page("/objectives/orders");
    assertThat(traces(html)).isEqualTo(bad.reversed().subList(0, 5));
    assertThat(html).containsPattern("/objectives/orders\\?bad=more#bad\" data-hidden=\"no\"");
    assertThat(OLDER.matcher(html).find()).isFalse();
    String more = page("/objectives/orders?bad=more");
    assertThat(traces(more)).isEqualTo(bad.reversed());
    assertThat(more).containsPattern("/objectives/orders\\?bad=more#bad\" data-hidden=\"yes\"");
  }

  @Test
  void groupsStandOnThePageWorstFirstAndLeadToTheirBadRequests() {
    platform.close();
    String file = GroupedOrders.file(folder, "{attribute: tenant}").toString();
    platform = TestPlatform.start("slo.files", file, "slo.watermark", "5s");
    orders = new OrderTraces(platform);
    for (int i = 0; i < 12; i++) {
      orders.orders(1, Publish.TAKEN, "good-" + i);
    }
    List<String> bad = orders.orders(2, Publish.REFUSED, "<b>/x y");
    platform.clock().advance(Duration.ofSeconds(70));
    await()
        .untilAsserted(() -> assertThat(page("/objectives/orders")).contains("the worst 10 of 13"));
    String html = page("/objectives/orders");
    assertThat(html).contains("By tenant").contains("&lt;b&gt;/x y").doesNotContain("<b>/x");
    assertThat(html).contains("?group=%3Cb%3E%2Fx+y#bad").doesNotContain("good-9");
    assertThat(page("/objectives/orders?groups=all")).contains("good-9", "13 groups");
    String own = page("/objectives/orders?group=%3Cb%3E%2Fx+y");
    assertThat(traces(own)).containsExactlyInAnyOrderElementsOf(bad);
    assertThat(traces(page("/objectives/orders?group=good-1"))).isEmpty();
    assertThat(page("/objectives/orders-consumer"))
        .containsPattern("id=\"groups\"[^>]*data-hidden=\"yes\"");
  }

  @Test
  void everyBadRequestIsOnOnePageOfTheList() {
    List<String> bad = send(45, Publish.REFUSED);
    List<String> seen = new ArrayList<>();
    String path = "/objectives/orders?step=bus";
    for (int i = 0; i < 3; i++) {
      String html = page(path);
      seen.addAll(traces(html));
      Matcher older = OLDER.matcher(html);
      assertThat(older.find()).as("a way on after " + seen.size()).isEqualTo(i < 2);
      path = i < 2 ? older.group(1).replace("&amp;", "&") : path;
    }
    assertThat(seen).containsExactlyElementsOf(bad.reversed());
  }
}
