package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ConsoleRoutesTest {
  private final TestPlatform platform = TestPlatform.start();

  @BeforeEach
  void aSiteWasBuilt() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private Answer get(String path, String... headers) {
    return platform.get(path, accepting(headers));
  }

  private Answer post(String path, String form, String... headers) {
    String[] all = accepting(headers);
    String[] typed = new String[all.length + 2];
    typed[0] = "Content-Type";
    typed[1] = "application/x-www-form-urlencoded";
    System.arraycopy(all, 0, typed, 2, all.length);
    return platform.send("POST", path, form, typed);
  }

  /** The headers, after those of a browser that opens a page. */
  private static String[] accepting(String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Accept";
    all[1] = "text/html";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return all;
  }

  /** What is special to a page, so that a failure shows no more than that. */
  private String main(String path) {
    String page = get(path).body();
    return page.substring(page.indexOf("<main"), page.indexOf("</main>"));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Somebody else changes the record: nobody is told of their own changes. */
  private void updateByAnother(String value) {
    Answer answer =
        platform.post(
            "/api/update/1",
            "{\"value\":\"%s\"}".formatted(value),
            "Authorization",
            "Bearer " + platform.ownersToken());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void theRecordPageShowsTheRecordBeforeAnyScriptRuns() {
    Answer page = get("/records/1");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains(
            "<bdi>Demo Record</bdi></h1>", ">Initial Value</p>", "New Value", ">Watch</button>")
        .contains("data-state=\"empty\"")
        .doesNotContain("\uE000");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(page.header("Cache-Control")).isEqualTo("private, no-cache");
  }

  @Test
  void formsWorkWithoutScripts() {
    Answer watched = post("/records/1", "do=watch");
    assertThat(watched.status()).isEqualTo(303);
    assertThat(watched.header("Location")).isEqualTo("/records/1");
    assertThat(post("/records/1", "do=update&value=a+%26+b").status()).isEqualTo(303);
    assertThat(get("/records/1").body())
        .contains(">a &amp; b</p>", ">Unwatch</button>", "1 change");
    updateByAnother("c & d");
    assertThat(main("/inbox"))
        .contains("Demo Record: value changed from “a &amp; b” to “c &amp; d” by", "2 unread.");
    assertThat(main("/watches")).contains(">record/1</bdi>", "1 watch");
    // The developer is told of their own change too: nobody else may be there.
    for (var item : platform.get("/api/inbox").json().get("items")) {
      assertThat(post("/inbox", "do=done&id=" + item.get("id").asString()).status()).isEqualTo(303);
    }
    assertThat(main("/inbox")).doesNotContain("Demo Record").contains("Nothing unread.");
    String watch = platform.get("/api/watches").json().at("/items/0/id").asString();
    assertThat(post("/watches", "do=remove&id=" + watch).status()).isEqualTo(303);
    assertThat(post("/watches", "do=add&target=order/*").status()).isEqualTo(303);
    assertThat(main("/watches")).contains(">order/*</bdi>").doesNotContain(">record/1</bdi>");
  }

  @Test
  void aPageSaysWhyItsReaderWasToldOrNotAndHistoriesLeadToIt() {
    updateByAnother("x");
    assertThat(main("/changes/1"))
        .contains("not told", "developer watches nothing that covers record/1", "no-watch");
    assertThat(main("/subjects/record/1")).contains("href=\"/changes/1\"");
    post("/records/1", "do=watch");
    updateByAnother("y");
    assertThat(main("/changes/2"))
        .contains("it stands in the inbox of developer", "record/1, all", "subscribed");
    assertThat(main("/inbox")).contains("href=\"/changes/2\"");
    assertThat(get("/changes/77").status()).isEqualTo(404);
    assertThat(get("/changes/x").status()).isEqualTo(404);
  }

  @Test
  void scriptsGetTheNewStateOfThePage() {
    Answer answer = post("/records/1", "do=watch", "Accept", "application/json");
    JsonNode state = answer.json();
    assertThat(state.at("/watched/target").asString()).isEqualTo("record/1");
    assertThat(state.at("/watched/on").asBoolean()).isTrue();
    assertThat(state.path("watches").asInt()).isEqualTo(1);
    assertThat(state.path("user").asString()).isEqualTo("developer");
    assertThat(state.path("epoch").asString()).hasSize(16);
    assertThat(state.path("rev").asLong()).isZero();
    updateByAnother("x");
    JsonNode later = get("/records/1", "Accept", "application/json").json();
    assertThat(later.path("rev").asLong()).isEqualTo(1);
    assertThat(later.path("unread").asInt()).isEqualTo(1);
  }

  @Test
  void scriptsGetSingleFragmentsOfAPage() {
    updateByAnother("x");
    Answer answer = get("/records/1", "Troth-Fragments", "changes value");
    assertThat(answer.body())
        .startsWith("<!doctype html><script type=\"application/json\" id=\"troth-state\">{")
        .contains("data-fragment=\"changes\"", "Initial Value</bdi>", ">x</p>")
        .doesNotContain("<main", "Demo Record");
    assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
    assertThat(get("/records/1", "Troth-Fragments", "-").body()).endsWith("}</script>");
    assertThat(get("/records/1", "Troth-Fragments", "alerts").status()).isEqualTo(400);
  }

  @Test
  void aHostileValueIsTextEverywhereOnThePage() {
    String hostile = "</script><script>window.stolen=1</script>\u2028\"'&";
    post("/records/1", "do=update&value=" + encoded(hostile));
    String page = get("/records/1").body();
    assertThat(page).doesNotContain("<script>window.stolen");
    assertThat(page).contains("&lt;/script&gt;&lt;script&gt;window.stolen=1");
  }

  @Test
  void whatDoesNotExistIsSaidInAPage() {
    Answer page = get("/records/7");
    assertThat(page.status()).isEqualTo(404);
    assertThat(page.body()).contains("record 7 does not exist").contains("<html");
    assertThat(get("/records/7", "Accept", "application/json").header("Content-Type"))
        .startsWith("application/problem+json");
    assertThat(post("/records/1", "do=sing").body())
        .contains("do is sing, expected update, watch or unwatch");
  }

  @Test
  void theThemeComesFromTheCookie() {
    Answer chosen = post("/theme", "theme=dark&back=%2Finbox");
    assertThat(chosen.header("Set-Cookie")).startsWith("troth-theme=dark; ");
    assertThat(get("/", "Cookie", "troth-theme=dark").body()).contains("data-theme=\"dark\"");
    assertThat(get("/", "Cookie", "troth-theme=x\"y").body()).contains("data-theme=\"auto\"");
    assertThat(post("/theme", "theme=pink").status()).isEqualTo(400);
  }

  @Test
  void assetsAreCompressedAndKept() {
    String page = get("/").body();
    String script = page.split("component-url=\"", 2)[1].split("\"", 2)[0];
    Answer plain = get(script);
    assertThat(plain.header("Cache-Control")).contains("immutable");
    assertThat(plain.header("Content-Type")).startsWith("text/javascript");
    Answer brotli = get(script, "Accept-Encoding", "gzip, br;q=0.9");
    assertThat(brotli.header("Content-Encoding")).isEqualTo("br");
    assertThat(get(script, "Accept-Encoding", "br;q=0, gzip").header("Content-Encoding"))
        .isEqualTo("gzip");
    assertThat(get(script, "If-None-Match", plain.header("ETag")).status()).isEqualTo(304);
    assertThat(get("/_astro/nothing.js").status()).isEqualTo(404);
  }

  @Test
  void aSectionThatFailsSaysSoAndTheRestStands() {
    platform.database().write(handle -> handle.execute("ALTER TABLE record RENAME TO gone"));
    assertThat(main("/"))
        .contains("Records cannot be shown just now", "Nothing is measured yet", "No objective");
  }

  @Test
  void theSettingsPageShowsTheTokensThatTheCallerMaySee() {
    assertThat(main("/settings")).contains("data-state=\"empty\"");
    Answer made =
        platform.post("/api/tokens", "{\"user\":\"ann\",\"role\":\"reader\",\"life\":\"30d\"}");
    String id = made.json().path("id").asString();
    assertThat(main("/settings"))
        .contains(
            ">%s</td>".formatted(id), ">ann</bdi></td>", ">reader</td>", ">valid</td>", "1 token");
    assertThat(platform.delete("/api/tokens/" + id).status()).isEqualTo(204);
    assertThat(main("/settings")).contains(">revoked</td>");
  }
}
