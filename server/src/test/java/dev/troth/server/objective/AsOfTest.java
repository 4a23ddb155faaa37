package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import dev.troth.testkit.Size;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Figures of an instant that is over: what a page said then, its link says again. */
final class AsOfTest {
  private static final String FILES = "src/test/resources/objectives/documents.yaml";
  private static final int STEPS = Size.count(90, 720);

  /** What was counted, dropped or told since the platform's start, which is not kept by time. */
  private static final List<String> OF_NOW =
      List.of("dropped", "sampled", "acknowledgement", "silence");

  private final TestPlatform platform =
      TestPlatform.start("slo.files", FILES, "slo.watermark", "5s");
  private final long seed = new Random().nextLong(1_000_000);
  private final Random random = new Random(seed);
  private final List<Map<String, Object>> late = new ArrayList<>();
  private long ids;
  private long counted;
  private long failed;

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void eachNumberOfARecordedHourIsShownAgainByItsLink() {
    System.out.println("as-of links: seed " + seed);
    Map<String, JsonNode> said = new LinkedHashMap<>();
    Map<String, Map<String, String>> pages = new LinkedHashMap<>();
    for (int step = 0; step < STEPS; step++) {
      traffic(step * 60 / STEPS);
      // Some minutes pass in between, so that windows move without traffic too.
      platform
          .clock()
          .advance(Duration.ofMillis(2 * 3_600_000L / STEPS * random.nextInt(100) / 100));
      if (step == STEPS / 2) {
        platform.restart();
      }
      PAGES.forEach((path, parts) -> {
        String page = page(path);
        Matcher link = Pattern.compile("\\?at=([^\"#&]+)").matcher(page);
        assertThat(link.find()).as("%s has a link to its instant", path).isTrue();
        pages.put(path + "?at=" + link.group(1), parts(page, parts));
      });
      for (String path :
          List.of(
              "/api/objectives",
              "/api/objectives/orders?range=30m",
              "/api/objectives/orders-latency",
              "/api/objectives/orders-counted")) {
        JsonNode answer = read(path);
        String link = path + (path.contains("?") ? "&" : "?") + "at=" + at(answer);
        JsonNode before = said.put(link, figures(answer));
        assertThat(before == null || before.equals(figures(answer))).as(link).isTrue();
      }
    }
    platform.clock().advance(Duration.ofMinutes(3));
    assertThat(said).hasSizeGreaterThan(STEPS * 2);
    assertThat(said.values().stream().map(one -> one.at("/objective/requests")).distinct().count())
        .as("how many different numbers were recorded")
        .isGreaterThan(STEPS / 3);
    said.forEach((link, figures) ->
        assertThat(differences("", figures, figures(read(link))))
            .as("seed %d: %s says otherwise", seed, link)
            .isEmpty());
    pages.forEach((link, parts) -> {
      String page = page(link);
      assertThat(page).contains("As it stood at");
      assertThat(parts(page, List.copyOf(parts.keySet())))
          .as("seed %d: %s", seed, link)
          .isEqualTo(parts);
    });
    assertThat(pages.toString()).contains("Burning", "open, page", "resolved");
  }

  @Test
  void anInstantThatNoClockShowsOrThatHasNotComeIsRefusedAndSoIsOneOfAPageOfNow() {
    String trace = "%032x".formatted(8);
    long end = platform.clock().instant().toEpochMilli();
    send(
        "/v1/traces",
        "resourceSpans",
        List.of(span("orders-api", trace, 2, "POST /orders", 201, end, 40)));
    for (String at :
        List.of("-1000000000-01-01T00:00:00Z", "%2B1000000000-12-31T23:59:59Z", "yesterday")) {
      assertThat(platform.get("/traces/" + trace + "?at=" + at).status()).as(at).isEqualTo(422);
    }
    assertThat(platform.get("/traces/" + trace + "?at=2099-01-01T00:00:00Z").body())
        .contains("expected a time that is over");
    for (String path : List.of("/traces", "/map", "/inbox", "/oncall", "/settings")) {
      assertThat(platform.get(path + "?at=2026-03-01T12:00:00Z").status()).as(path).isEqualTo(422);
    }
    assertThat(platform.get("/api/objectives/orders?range=9999999d").body())
        .contains("9999999d is longer than anything is kept, expected at most 93d");
    assertThat(platform.get("/objectives/orders?range=94d").status()).isEqualTo(422);
    read("/api/objectives");
    Instant now = platform.clock().instant();
    platform.clock().advance(Duration.ofMinutes(3));
    String offset =
        DateTimeFormatter.ISO_OFFSET_DATE_TIME
            .format(now.atOffset(ZoneOffset.ofHours(1)))
            .replace("+", "%2B");
    for (String at : List.of(offset, now.toString().replace('Z', 'z'))) {
      assertThat(page("/objectives/orders?at=" + at))
          .contains("As it stood at")
          .doesNotContain("expected a time in UTC");
    }
  }

  @Test
  void aTraceIsShownAgainAsItWasBeforeItsLateSpansCame() {
    String trace = "%032x".formatted(7);
    long end = platform.clock().instant().toEpochMilli();
    send(
        "/v1/traces",
        "resourceSpans",
        List.of(span("orders-api", trace, 2, "POST /orders", 201, end, 40)));
    String path = "/traces/" + trace;
    Map<String, String> before = parts(page(path), List.of("figures", "waterfall"));
    Instant at = platform.clock().instant();
    platform.clock().advance(Duration.ofSeconds(1));
    send(
        "/v1/traces",
        "resourceSpans",
        List.of(span("orders-handler", trace, 3, "POST /api/events", 503, end + 900, 9)));
    assertThat(parts(page(path), List.of("figures"))).isNotEqualTo(before);
    assertThat(parts(page(path + "?at=" + at), List.of("figures")))
        .isEqualTo(Map.of("figures", before.get("figures")));
    assertThat(page(path + "?at=" + at)).contains("1 span, in order of their start");
    assertThat(page(path + "?at=" + at)).doesNotContain("POST /api/events");
  }

  /** The pages with figures, and their parts that show them. */
  private static final Map<String, List<String>> PAGES =
      Map.of(
          "/", List.of("headline", "figures", "objectives"),
          "/objectives", List.of("summary", "objectives"),
          "/objectives/orders",
              List.of("head", "reason", "figures", "chain", "failures", "burndown", "burn"),
          "/objectives/orders-counted", List.of("figures", "chain", "burn"),
          "/incidents", List.of("incidents"));

  /** A page; what anybody has not read is of now alone, and how long ago something was, too. */
  private String page(String path) {
    Answer answer = platform.get(path, "Accept", "text/html");
    assertThat(answer.status()).as("%s: %s", path, answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static Map<String, String> parts(String page, List<String> names) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String name : names) {
      Matcher part =
          Pattern.compile(
                  "<(\\w+)(?= )[^>]* data-fragment=\"" + name + "\".*?</\\1>", Pattern.DOTALL)
              .matcher(page);
      assertThat(part.find()).as("the part %s", name).isTrue();
      parts.put(
          name,
          part.group()
              .replaceAll("<dt>Unread</dt><dd[^>]*>[^<]*</dd>", "")
              .replaceAll("<time data-age.*?</time>", "")
              .replaceAll(" href=\"[^\"]*\"", ""));
    }
    return parts;
  }

  @Test
  void whatIsNotKeptSaysSo() {
    Instant first = platform.clock().instant();
    assertThat(platform.get("/api/objectives/orders?at=" + first.minusSeconds(1)).body())
        .contains("\"status\":404", "are not kept any more, expected an instant since " + first);
    assertThat(platform.get("/api/objectives?at=" + first.plusSeconds(9)).body())
        .contains("\"status\":422", "expected a time that is over");
    assertThat(platform.get("/api/objectives/orders?at=soon").body())
        .contains("\"status\":400", "at is 'soon', expected an instant such as");
    traffic(0);
    platform.clock().advance(Duration.ofHours(30));
    traffic(0);
    platform.clock().advance(Duration.ofSeconds(20));
    await()
        .untilAsserted(() ->
            assertThat(platform.get("/api/objectives/orders?at=" + first).body())
                .contains("\"status\":404", "are not kept any more"));
    assertThat(read("/api/objectives/orders?at=" + first.plus(Duration.ofHours(29))).at("/asOf"))
        .isNotNull();
  }

  /** Where two documents differ, as {@code /place: then, now}. */
  private static List<String> differences(String place, JsonNode then, JsonNode now) {
    if (then.equals(now)) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    if (then.isObject() && now.isObject()) {
      then.propertyNames()
          .forEach(name ->
              found.addAll(differences(place + "/" + name, then.path(name), now.path(name))));
    } else if (then.isArray() && now.isArray() && then.size() == now.size()) {
      for (int i = 0; i < then.size(); i++) {
        found.addAll(differences(place + "/" + i, then.get(i), now.get(i)));
      }
    }
    return found.isEmpty() ? List.of("%s: %s, %s".formatted(place, then, now)) : found;
  }

  private JsonNode read(String path) {
    Answer answer = platform.get(path);
    assertThat(answer.status()).as("%s: %s", path, answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static String at(JsonNode answer) {
    assertThat(answer.at("/asOf").asString()).as("the instant of the figures").isNotEmpty();
    return answer.at("/asOf").asString();
  }

  /** An answer without its own time and what only the platform's process knows. */
  private static JsonNode figures(JsonNode answer) {
    ObjectNode figures = (ObjectNode) answer.deepCopy();
    figures.remove("now");
    for (JsonNode part : figures.findParents("incident")) {
      OF_NOW.forEach(((ObjectNode) part)::remove);
    }
    figures.findParents("dropped").forEach(part -> ((ObjectNode) part).remove(OF_NOW));
    return figures;
  }

  /** Requests that end now or came late, some in parts, and counters. */
  private void traffic(int minute) {
    List<Map<String, Object>> spans = new ArrayList<>(late);
    late.clear();
    boolean fault = minute > 15 && minute < 30;
    int requests = fault ? 12 : random.nextInt(6);
    for (int i = 0; i < requests; i++) {
      String trace = "%032x".formatted(++ids);
      long end =
          platform.clock().instant().toEpochMilli()
              - (random.nextInt(3) == 0 ? random.nextInt(300_000) : random.nextInt(3_000));
      int millis = 20 + random.nextInt(random.nextInt(4) == 0 ? 2_000 : 60);
      int status = random.nextInt(fault ? 2 : 90) == 0 ? 503 : 200;
      spans.add(span("orders-api", trace, 2, "POST /orders", 201, end, millis));
      spans.add(span("orders-handler", trace, 2, "POST /orders", 201, end, millis));
      spans.add(span("orders-handler", trace, 3, "PUT /orders/{id}", 200, end, 9));
      Map<String, Object> bus =
          span("orders-handler", trace, 3, "POST /api/events", status, end, 9);
      (random.nextInt(fault ? 5 : 40) == 0 ? late : spans).add(bus);
    }
    if (!spans.isEmpty()) {
      send("/v1/traces", "resourceSpans", spans);
    }
    counted += random.nextInt(40);
    failed += random.nextInt(fault ? 20 : 2);
    send(
        "/v1/metrics",
        "resourceMetrics",
        List.of(
            metric("http.server.requests", counted),
            metric("gateway.failures", failed),
            metric("bus.failures", failed / 2)));
  }

  private void send(String path, String name, List<Map<String, Object>> resources) {
    Answer answer =
        platform.post(
            "http://127.0.0.1:" + platform.port("otlp-http") + path,
            Json.mapper().writeValueAsString(Map.of(name, resources)));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static Map<String, Object> resource(String service) {
    return Map.of(
        "attributes",
        List.of(Map.of("key", "service.name", "value", Map.of("stringValue", service))));
  }

  private Map<String, Object> span(
      String service, String trace, int kind, String name, int status, long end, int millis) {
    return Map.of(
        "resource",
        resource(service),
        "scopeSpans",
        List.of(
            Map.of(
                "spans",
                List.of(
                    Map.of(
                        "traceId",
                        trace,
                        "spanId",
                        "%016x".formatted(++ids),
                        "kind",
                        kind,
                        "name",
                        name,
                        "startTimeUnixNano",
                        Long.toString((end - millis) * 1_000_000),
                        "endTimeUnixNano",
                        Long.toString(end * 1_000_000),
                        "attributes",
                        List.of(
                            Map.of(
                                "key",
                                "http.response.status_code",
                                "value",
                                Map.of("intValue", Integer.toString(status)))))))));
  }

  private Map<String, Object> metric(String name, long value) {
    String now = Long.toString(platform.clock().instant().toEpochMilli() * 1_000_000);
    String start = Long.toString(Instant.parse("2026-03-01T11:00:00Z").toEpochMilli() * 1_000_000);
    return Map.of(
        "resource",
        resource("shop"),
        "scopeMetrics",
        List.of(
            Map.of(
                "metrics",
                List.of(
                    Map.of(
                        "name",
                        name,
                        "sum",
                        Map.of(
                            "aggregationTemporality",
                            2,
                            "isMonotonic",
                            true,
                            "dataPoints",
                            List.of(
                                Map.of(
                                    "startTimeUnixNano",
                                    start,
                                    "timeUnixNano",
                                    now,
                                    "asInt",
                                    Long.toString(value)))))))));
  }
}
