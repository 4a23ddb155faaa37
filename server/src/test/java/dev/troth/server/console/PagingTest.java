package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists that do not fit on one page go on on the next, and what was not shown is not marked. */
class PagingTest {
  private static final Pattern NEXT =
      Pattern.compile("href=\"([^\"]*[?&](?:before|after)=[^\"]+)\" data-hidden=\"no\"");

  private final TestPlatform platform = TestPlatform.start();

  @BeforeEach
  void aSiteWasBuilt() {
    assumeTrue(get("/").body().contains("<main"), "no console in this build");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private Answer get(String path, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Accept";
    all[1] = "text/html";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return platform.get(path, all);
  }

  private void form(String path, String fields) {
    Answer answer =
        platform.send("POST", path, fields, "Content-Type", "application/x-www-form-urlencoded");
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
  }

  /** What a pattern finds on all pages of a list, from its first. */
  private List<String> pages(String first, Pattern row) {
    List<String> found = new ArrayList<>();
    String at = first;
    for (int i = 0; i < 20; i++) {
      Answer page = get(at);
      assertThat(page.status()).as(at).isEqualTo(200);
      row.matcher(page.body()).results().map(MatchResult::group).forEach(found::add);
      Matcher next = NEXT.matcher(page.body());
      if (!next.find()) {
        return found;
      }
      at = next.group(1).replace("&amp;", "&");
    }
    throw new AssertionError("the pages of %s have no end".formatted(first));
  }

  private static void isWhole(List<String> found, int count) {
    assertThat(found).doesNotHaveDuplicates().hasSize(count);
  }

  private void events(int count) {
    String events =
        IntStream.range(0, count)
            .mapToObj(i ->
                """
                {"specversion":"1.0","id":"e%d","source":"/t","type":"order_placed",
                 "subject":"order/%d","datacontenttype":"application/json","data":{"n":%d}}
                """
                    .formatted(i, i, i))
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    Answer answer =
        platform.post(
            "/api/events",
            "[" + events + "]",
            "Content-Type",
            "application/cloudevents-batch+json");
    assertThat(answer.status()).as(answer.body()).isLessThan(300);
  }

  private int unread() {
    return platform.get("/api/inbox/unread").json().path("unread").asInt();
  }

  @Test
  void everyListGoesOnOnTheNextPage() {
    for (int i = 0; i < 120; i++) {
      platform.post("/api/tokens", "{\"user\":\"u%d\",\"role\":\"reader\"}".formatted(i));
      platform.post("/api/records", "{\"name\":\"r%d\",\"value\":\"v\"}".formatted(i));
      platform.post("/api/watches", "{\"target\":\"order/%d\"}".formatted(i));
      platform.post("/api/update/1", "{\"value\":\"v%d\"}".formatted(i));
    }
    platform.post("/api/watches", "{\"target\":\"order/*\"}");
    events(120);
    await().untilAsserted(() -> assertThat(unread()).isEqualTo(120));
    isWhole(pages("/settings", Pattern.compile("<td class=\"mono\">[^<]+")), 120);
    isWhole(pages("/", Pattern.compile("href=\"/records/[0-9]+\"")), 121);
    // Whoever creates a record watches it.
    isWhole(pages("/watches", Pattern.compile("data-key=\"[0-9]+\"")), 241);
    isWhole(pages("/inbox", Pattern.compile("data-key=\"[0-9]+\"")), 120);
    isWhole(pages("/records/1", Pattern.compile("class=\"new break\">[^<]+")), 120);
    isWhole(pages("/subjects/order/*", Pattern.compile("href=\"/go/order/[0-9]+\"")), 120);
    assertThat(get("/watches").body()).contains("100 of 241 watches");
    assertThat(get("/inbox?before=x").status()).isEqualTo(422);
  }

  @Test
  void markAllReadReadsWhatThePageShowedAndNothingElse() {
    platform.post("/api/watches", "{\"target\":\"order/*\"}");
    events(60);
    await().untilAsserted(() -> assertThat(unread()).isEqualTo(60));
    String page = get("/inbox").body();
    String range = "from=%s&upto=%s".formatted(hidden(page, "from"), hidden(page, "upto"));
    Answer late =
        platform.post(
            "/api/events",
            "{\"specversion\":\"1.0\",\"id\":\"late\",\"source\":\"/t\",\"type\":\"order_placed\","
                + "\"subject\":\"order/late\"}",
            "Content-Type",
            "application/cloudevents+json");
    assertThat(late.status()).isLessThan(300);
    await().untilAsserted(() -> assertThat(unread()).isEqualTo(61));
    form("/inbox", "do=read-all&" + range);
    assertThat(unread()).as("ten older ones, and the one that came after").isEqualTo(11);
    form("/inbox", "do=read-all");
    assertThat(unread()).as("a form that names nothing marks nothing").isEqualTo(11);
  }

  private static String hidden(String page, String name) {
    Matcher field = Pattern.compile("name=\"%s\" value=\"([0-9]+)\"".formatted(name)).matcher(page);
    assertThat(field.find()).isTrue();
    return field.group(1);
  }

  @Test
  void aNotificationOpensWhatItIsAboutAndIsReadThen() {
    platform.post("/api/watches", "{\"target\":\"order/*\"}");
    events(2);
    await().untilAsserted(() -> assertThat(unread()).isEqualTo(2));
    Matcher link =
        Pattern.compile("href=\"(/go/order/[0-9]+\\?notification=[0-9]+)\"")
            .matcher(get("/inbox").body());
    assertThat(link.find()).isTrue();
    assertThat(get(link.group(1), "Sec-Fetch-Site", "cross-site").status()).isEqualTo(303);
    assertThat(unread()).as("another site's link marks nothing").isEqualTo(2);
    Answer opened = get(link.group(1), "Sec-Fetch-Site", "same-origin");
    assertThat(opened.header("Location")).isEqualTo("/subjects/order/1");
    assertThat(unread()).isEqualTo(1);
    assertThat(get("/subjects/order/1").body()).contains("order placed", "n: none → 1");
    assertThat(get("/go/slo/orders").header("Location")).isEqualTo("/objectives/orders");
    assertThat(get("/go/record/1").header("Location")).isEqualTo("/records/1");
  }
}
