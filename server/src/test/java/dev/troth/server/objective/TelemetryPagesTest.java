package dev.troth.server.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.objective.OrderTraces.Publish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console's pages of objectives and traces, over what a platform received. */
final class TelemetryPagesTest {
  // A relative path, which documents show as it was given.
  private static final Path FILES = Path.of("src/test/resources/objectives");
  private static final Pattern ROW = Pattern.compile("data-id=\"([0-9a-f]{16})\"");

  private final TestPlatform platform =
      TestPlatform.start(
          "slo.files",
          FILES.resolve("documents.yaml") + "," + FILES.resolve("broken.yaml"),
          "slo.watermark",
          "5s");
  private final OrderTraces orders = new OrderTraces(platform);

  @BeforeEach
  void aSiteWasBuilt() {
    assumeTrue(page("/").status() == 200 && page("/").body().contains("<main"), "no console");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private Answer page(String path) {
    return platform.get(path, "Accept", "text/html");
  }

  /** What is special to a page, so that a failure shows no more than that. */
  private String main(String path) {
    String page = page(path).body();
    return page.substring(page.indexOf("<main"), page.indexOf("</main>"));
  }

  private void judged(int total) {
    platform.clock().advance(Duration.ofSeconds(10));
    await()
        .untilAsserted(() ->
            assertThat(
                    platform
                        .get("/api/objectives/orders")
                        .json()
                        .at("/objective/requests/total")
                        .asInt())
                .isEqualTo(total));
  }

  @Test
  void objectivesFillTheirPages() {
    orders.orders(100, Publish.TAKEN);
    orders.orders(30, Publish.PARTLY_FAILED);
    judged(130);
    await()
        .untilAsserted(() ->
            assertThat(main("/objectives/orders"))
                .contains("failed, 100 % of all failures", "not counted in the latency"));
    assertThat(main("/")).contains("1 promise is burning", "30", "Orders get all the way through");
    assertThat(main("/objectives"))
        .contains("76.923 %", "99 % of requests over 1\u00A0h", "95 % within 800\u00A0ms")
        .contains("Burning", "Broken", "target is &#39;100.5&#39;", "1 of 4 kept.");
    assertThat(main("/objectives/orders"))
        .contains("0 of 1 requests may still fail", "time equivalent \u221213\u00A0m")
        .contains("still firing", "a rehearsed failover", "at 500 % of the budget, reached")
        .contains("2026-03-01 12:00 UTC");
    assertThat(main("/objectives/orders-counted")).contains("No data", "Not enough data yet");
    assertThat(page("/objectives/nothing").body()).contains("there is no objective");
    assertThat(page("/objectives/nothing").status()).isEqualTo(404);
  }

  @Test
  void aBrokenObjectiveOpensWhatIsWrongWithIt() {
    assertThat(main("/objectives")).contains("href=\"/objectives/broken-1\"");
    Answer broken = page("/objectives/broken-1");
    assertThat(broken.status()).isEqualTo(422);
    assertThat(broken.body())
        .contains("This objective cannot be read, so it watches over nothing: ")
        .contains("target is &#39;100.5&#39;");
  }

  @Test
  void whatAPageDoesNotKnowInItsAddressDoesNoHarm() {
    for (String path : List.of("/", "/objectives", "/traces", "/inbox", "/watches", "/settings")) {
      assertThat(page(path + "?utm_source=mail&x=%3Cscript%3E").status()).as(path).isEqualTo(200);
    }
  }

  @Test
  void tracesFillTheirPagesAndAnswerWhatTheyCannotRead() {
    String failed = orders.orders(1, Publish.REFUSED).getFirst();
    assertThat(main("/traces"))
        .contains("POST /orders", "40.0 ms", "1 error", "4 spans · orders-api, orders-handler");
    assertThat(main("/traces/" + failed))
        .contains("orders: bad at bus", "width=\"100.00%\"", "4 spans, in order of their start");
    assertThat(main("/traces?minMillis=abc"))
        .contains("Traces cannot be shown: minMillis is &#39;abc&#39;, expected a number");
    assertThat(page("/traces/0000000000000000000000000000ffff").status()).isEqualTo(404);
    assertThat(page("/traces/" + failed + "?row=x").status()).isEqualTo(422);
  }

  @Test
  void tracesThatDoNotFitOnAPageAreOnTheNext() {
    List<String> sent = orders.orders(120, Publish.TAKEN);
    Pattern link = Pattern.compile("href=\"/traces/([0-9a-f]{32})\"");
    Pattern next = Pattern.compile("href=\"(/traces\\?[^\"]*before=[^\"]*)\" data-hidden=\"no\"");
    List<String> seen = new ArrayList<>();
    String at = "/traces?service=orders-api";
    for (int i = 0; i < 3; i++) {
      String page = main(at);
      link.matcher(page).results().forEach(found -> seen.add(found.group(1)));
      Matcher more = next.matcher(page);
      assertThat(more.find()).as("page %d leads on", i).isEqualTo(i < 2);
      at = i < 2 ? more.group(1).replace("&amp;", "&") : at;
      assertThat(at).contains("service=orders-api");
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  void theWindowsOfALongWaterfallHoldEveryRowOnce() {
    sendSpans(1, 500);
    String trace = "/traces/%032x".formatted(77);
    List<String> seen = new ArrayList<>();
    for (int from = 0; from < 500; from += 60) {
      String page = main(trace + "?row=" + Math.min(from, 440));
      List<String> rows = ROW.matcher(page).results().map(r -> r.group(1)).toList();
      assertThat(rows).hasSize(60);
      seen.addAll(from > 440 ? rows.subList(40, 60) : rows);
    }
    assertThat(seen)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 500).mapToObj("%016x"::formatted).toList());
    assertThat(main(trace)).contains("rows 1 to 60 of 500 spans");

    sendSpans(501, 503);
    assertThat(main(trace)).as("after more have come").contains("rows 1 to 60 of 503 spans");
  }

  @Test
  void aSpanShowsItsAttributesByALinkAlone() {
    sendSpans(1, 3);
    String trace = "/traces/%032x".formatted(77);
    assertThat(main(trace)).doesNotContain("http.route");
    String row =
        Pattern.compile("href=\"([^\"]*span=0{15}2)#span\"")
            .matcher(main(trace))
            .results()
            .findFirst()
            .orElseThrow()
            .group(1)
            .replace("&amp;", "&");
    assertThat(main(row)).contains("http.route", "/orders/2", "exception", "Timeout");
    assertThat(main(trace + "?span=ffffffffffffffff")).contains("3 spans, in order");
  }

  /** A chain of spans in one trace, each below the one before. */
  private void sendSpans(int first, int last) {
    long end = platform.clock().instant().toEpochMilli() * 1_000_000;
    String spans =
        IntStream.rangeClosed(first, last)
            .mapToObj(i ->
                """
                {"traceId":"%032x","spanId":"%016x","parentSpanId":"%s","name":"step %d","kind":2,
                 "startTimeUnixNano":"%d","endTimeUnixNano":"%d",
                 "attributes":[{"key":"http.route","value":{"stringValue":"/orders/%d"}}],
                 "events":[{"timeUnixNano":"%d","name":"exception","attributes":[
                   {"key":"exception.type","value":{"stringValue":"Timeout"}}]}]}
                """
                    .formatted(
                        77,
                        i,
                        i == 1 ? "" : "%016x".formatted(i - 1),
                        i,
                        end - 5_000_000 + i * 1_000L,
                        end,
                        i,
                        end))
            .collect(Collectors.joining(","));
    Answer answer =
        platform.post(
            "http://127.0.0.1:" + platform.port("otlp-http") + "/v1/traces",
            """
            {"resourceSpans":[{"resource":{"attributes":[
              {"key":"service.name","value":{"stringValue":"long"}}]},"scopeSpans":[{"spans":[%s]}]}]}
            """
                .formatted(spans));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }
}
