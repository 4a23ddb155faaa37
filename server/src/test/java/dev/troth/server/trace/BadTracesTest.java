package dev.troth.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.objective.OrderTraces;
import dev.troth.server.objective.OrderTraces.Publish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces of bad requests stay when newer spans push them out. */
class BadTracesTest {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");
  private static final Pattern TRACE = Pattern.compile("\"trace\":\"([0-9a-f]{32})\"");

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @SuppressWarnings("NullAway.Init")
  private OrderTraces orders;

  private void start(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of("slo.files", FILE.toString(), "slo.watermark", "5s", "otlp.spans", "1000"));
    settings.addAll(List.of(more));
    platform = TestPlatform.start(settings.toArray(String[]::new));
    orders = new OrderTraces(platform);
  }

  @AfterEach
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  private List<String> send(int count, Publish publish) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.addAll(orders.orders(1, publish));
      platform.clock().advance(Duration.ofMillis(1));
    }
    return ids;
  }

  /** Four spans a request, of which 1,000 are kept. */
  private void flood() {
    for (int i = 0; i < 8; i++) {
      orders.orders(100, Publish.TAKEN);
    }
  }

  private List<String> bad(String query) {
    Answer answer = platform.get("/api/objectives/orders/requests" + query);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    List<String> found = new ArrayList<>();
    Matcher trace = TRACE.matcher(answer.body());
    while (trace.find()) {
      found.add(trace.group(1));
    }
    return found;
  }

  private double metric(String name) {
    return platform
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + name));
  }

  @Test
  void aFloodOfGoodRequestsRemovesNoBadTraceAndARestartForgetsNone() {
    start();
    String good = send(1, Publish.TAKEN).getFirst();
    String bad = send(1, Publish.REFUSED).getFirst();
    String missing = send(1, Publish.NEVER_SENT).getFirst();
    platform.clock().advance(Duration.ofSeconds(6));
    flood();
    assertThat(platform.get("/api/traces/" + good).status()).isEqualTo(404);
    for (int i = 0; i < 2; i++) {
      assertThat(bad("")).containsExactly(missing, bad);
      assertThat(bad("?step=bus")).containsExactly(missing, bad);
      assertThat(bad("?step=table")).isEmpty();
      Answer trace = platform.get("/api/traces/" + bad);
      assertThat(trace.status()).isEqualTo(200);
      assertThat(trace.body().split("\"parent\":", -1)).as(trace.body()).hasSize(5);
      if (i == 0) {
        assertThat(metric("troth_slo_bad_trace_bytes")).isPositive();
        platform.restart();
      }
    }
    Awaitility.await()
        .untilAsserted(() -> assertThat(metric("troth_slo_bad_trace_bytes")).isPositive());
  }

  @Test
  void aBadTraceThatHasToMakeRoomBeforeItIsJudgedStaysAndAGoodOneGoes() {
    start();
    String good = send(1, Publish.TAKEN).getFirst();
    String bad = send(1, Publish.REFUSED).getFirst();
    flood();
    assertThat(bad("")).isEmpty();
    platform.clock().advance(Duration.ofSeconds(6));
    flood();
    assertThat(bad("")).containsExactly(bad);
    assertThat(platform.get("/api/traces/" + bad).status()).isEqualTo(200);
    Awaitility.await()
        .untilAsserted(() -> {
          orders.orders(100, Publish.TAKEN);
          assertThat(platform.get("/api/traces/" + good).status()).isEqualTo(404);
        });
  }

  @Test
  void beyondTheBytesTheOldestGoAndAreCounted() {
    start("otlp.bad.bytes", "20KiB");
    List<String> bad = send(60, Publish.REFUSED);
    platform.clock().advance(Duration.ofSeconds(6));
    Awaitility.await().until(() -> bad("?limit=100").size() == 60);
    flood();
    List<String> left = bad("?limit=100");
    assertThat(left).hasSizeBetween(1, 59);
    assertThat(left).containsExactlyElementsOf(bad.reversed().subList(0, left.size()));
    assertThat(
            metric("troth_slo_bad_traces_dropped_total{reason=\"bytes\"}")
                + metric("troth_slo_bad_traces_dropped_total{reason=\"not_judged\"}"))
        .isGreaterThanOrEqualTo(60 - left.size());
    assertThat(metric("troth_slo_bad_trace_bytes")).isBetween(1.0, 20.0 * 1024);
  }

  @Test
  void afterTheirTimeTheyGo() {
    start("otlp.bad.keep", "2d");
    String bad = send(1, Publish.REFUSED).getFirst();
    platform.clock().advance(Duration.ofSeconds(6));
    flood();
    assertThat(bad("")).containsExactly(bad);
    platform.clock().advance(Duration.ofDays(1));
    flood();
    assertThat(bad("")).containsExactly(bad);
    platform.clock().advance(Duration.ofDays(2));
    Awaitility.await()
        .untilAsserted(() -> {
          assertThat(bad("")).isEmpty();
          assertThat(metric("troth_slo_bad_traces_dropped_total{reason=\"age\"}")).isEqualTo(1);
        });
  }

  @Test
  void whatIsKeptForMinutesGoesWithinMinutes() {
    start("otlp.bad.keep", "10m");
    String bad = send(1, Publish.REFUSED).getFirst();
    platform.clock().advance(Duration.ofSeconds(6));
    flood();
    assertThat(bad("")).containsExactly(bad);
    platform.clock().advance(Duration.ofMinutes(11).plusSeconds(1));
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(metric("troth_slo_bad_traces_dropped_total{reason=\"age\"}")).isPositive());
    assertThat(bad("?limit=500")).isEmpty();
  }

  @Test
  void aWindowAndPagesByKeyGiveEachBadRequestOnce() {
    start();
    List<String> bad = send(12, Publish.REFUSED);
    platform.clock().advance(Duration.ofSeconds(6));
    flood();
    bad.addAll(send(5, Publish.REFUSED));
    platform.clock().advance(Duration.ofSeconds(6));
    List<String> seen = new ArrayList<>();
    String before = "";
    for (int page = 0; page < 4; page++) {
      String query = "?step=bus&limit=5" + before;
      seen.addAll(bad(query));
      Matcher next =
          Pattern.compile("\"next\":\"([^\"]+)\"")
              .matcher(platform.get("/api/objectives/orders/requests" + query).body());
      assertThat(next.find()).isEqualTo(page < 3);
      before = page < 3 ? "&before=" + next.group(1) : "";
    }
    assertThat(seen).containsExactlyElementsOf(bad.reversed());
    String middle = platform.clock().instant().minusSeconds(6).toString();
    assertThat(bad("?from=" + middle)).isEmpty();
    middle = platform.clock().instant().minusSeconds(9).toString();
    assertThat(bad("?from=" + middle)).containsExactlyElementsOf(bad.subList(12, 17).reversed());
    assertThat(bad("?to=" + middle)).containsExactlyElementsOf(bad.subList(0, 12).reversed());
    String page = page("?from=" + middle);
    if (page.contains("<main")) {
      assertThat(shown(page)).containsExactlyElementsOf(bad.subList(12, 17).reversed());
      assertThat(shown(page("?step=bus&to=" + middle)))
          .containsExactlyElementsOf(bad.subList(0, 12).reversed());
      // As the form sends it, in UTC.
      String whole = "2026-03-01T11:59";
      assertThat(shown(page("?step=&from=&to=" + whole))).isEmpty();
      assertThat(page("?to=" + whole)).contains("value=\"" + whole + "\"", "in that time");
      assertThat(page("?from=noon"))
          .contains("from is &#39;noon&#39;, expected a time in UTC such as 2026-01-31T09:30");
    }
  }

  private String page(String query) {
    return platform.get("/objectives/orders" + query, "Accept", "text/html").body();
  }

  private static List<String> shown(String page) {
    List<String> found = new ArrayList<>();
    Matcher trace = Pattern.compile("href=\"/traces/([0-9a-f]{32})\"").matcher(page);
    while (trace.find()) {
      found.add(trace.group(1));
    }
    return found;
  }

  @Test
  void whatCannotBeAskedIsRefusedByName() {
    start();
    String path = "/api/objectives/orders/requests";
    assertThat(platform.get("/api/objectives/none/requests").status()).isEqualTo(404);
    assertThat(platform.get(path + "?step=none").body())
        .contains("step is 'none', expected one of");
    assertThat(platform.get(path + "?from=yesterday").body()).contains("from is 'yesterday'");
    assertThat(platform.get(path + "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z").body())
        .contains("expected a time before to");
    assertThat(platform.get(path + "?before=x").body()).contains("before is 'x'");
  }
}
