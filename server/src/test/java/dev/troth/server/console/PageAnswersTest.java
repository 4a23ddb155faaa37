package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How pages are sent: what an unknown path, a query and a browser that can unpack get. */
class PageAnswersTest {
  private static TestPlatform platform;

  @BeforeAll
  static void start() {
    platform = TestPlatform.start();
    assumeTrue(get("/").body().contains("<main"), "no console in this build");
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static Answer get(String path, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Accept";
    all[1] = "text/html,application/xhtml+xml,*/*;q=0.8";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return platform.get(path, all);
  }

  @Test
  void anUnknownPageIsAPage() {
    Answer lost = get("/recrods/1");
    assertThat(lost.status()).isEqualTo(404);
    assertThat(lost.header("Content-Type")).startsWith("text/html");
    assertThat(lost.body()).contains("there is nothing at /recrods/1", "href=\"/\"");
    assertThat(get("/api/recrods").header("Content-Type")).startsWith("application/problem+json");
    assertThat(platform.get("/recrods/1").header("Content-Type"))
        .startsWith("application/problem+json");
    assertThat(platform.post("/recrods/1", "{}", "Accept", "text/html").status()).isEqualTo(404);
  }

  @Test
  void whatIsRefusedBeforeAPageIsAPageToo() {
    Answer nul = get("/subjects/a/%00");
    assertThat(nul.status()).isEqualTo(400);
    assertThat(nul.header("Content-Type")).startsWith("text/html");
    assertThat(nul.body()).contains("U+0000", "href=\"/\"");
    assertThat(get("/api/records/%00").header("Content-Type"))
        .startsWith("application/problem+json");
    Answer method = platform.delete("/traces", "Accept", "text/html");
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.header("Content-Type")).startsWith("text/html");
    assertThat(method.header("Allow")).contains("GET");
  }

  @Test
  void aFilterThatAPageDoesNotHaveIsSaid() {
    for (String path :
        List.of("/inbox?state=nope", "/inbox?user=ann", "/incidents?objective=nope")) {
      Answer answer = get(path);
      assertThat(answer.status()).as(path).isEqualTo(422);
      assertThat(answer.body()).as(path).contains("this page cannot be narrowed by");
    }
    assertThat(get("/traces?minMillis=abc").body())
        .contains("Traces cannot be shown")
        .doesNotContain("0 traces");
    Answer odd = get("/incidents?before=abc");
    assertThat(odd.status()).isEqualTo(422);
    assertThat(odd.body())
        .contains("before is &#39;abc&#39;, expected the next of a page of incidents")
        .doesNotContain("0 open in all");
  }

  @Test
  void theQueryComesBackFromTheChoiceOfATheme() {
    assertThat(get("/traces?status=error&service=a%26b").body())
        .contains("name=\"back\" value=\"/traces?status=error&amp;service=a%26b\"");
    Answer chosen =
        platform.send(
            "POST",
            "/theme",
            "theme=dark&back=%2Ftraces%3Fstatus%3Derror",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(chosen.header("Location")).isEqualTo("/traces?status=error");
  }

  @Test
  void theQueryComesBackFromTheLogin() {
    try (TestPlatform closed = TestPlatform.start("auth.mode", "token")) {
      assertThat(
              closed
                  .get("/traces?status=error&service=x", "Accept", "text/html")
                  .header("Location"))
          .isEqualTo("/login?back=%2Ftraces%3Fstatus%3Derror%26service%3Dx");
      assertThat(
              closed
                  .get(
                      "/login?back=%2Ftraces%3Fstatus%3Derror%26service%3Dx", "Accept", "text/html")
                  .body())
          .contains("name=\"back\" value=\"/traces?status=error&amp;service=x\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "same-origin, gzip, '', gzip",
    "none, 'br, gzip;q=0.5', 'troth_session=x', gzip",
    "cross-site, gzip, '', ''",
    "same-site, gzip, '', ''",
    "'', gzip, '', gzip",
    "'', gzip, 'troth_session=x', ''",
    "same-origin, 'gzip;q=0', '', ''",
    "same-origin, br, '', ''"
  })
  void aPageIsPackedOnlyWhereItsLengthTellsNobodyAnything(
      String site, String codings, String cookie, String coding) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(platform.uri("/inbox")).setHeader("Accept-Encoding", codings);
    if (!site.isEmpty()) {
      request.setHeader("Sec-Fetch-Site", site);
    }
    if (!cookie.isEmpty()) {
      request.setHeader("Cookie", cookie);
    }
    HttpResponse<byte[]> answer =
        platform.client().send(request.build(), BodyHandlers.ofByteArray());
    assertThat(answer.headers().firstValue("Content-Encoding").orElse("")).isEqualTo(coding);
    assertThat(answer.headers().firstValue("Vary").orElse(""))
        .contains("Accept-Encoding", "Sec-Fetch-Site");
    assertThat(
            coding.isEmpty()
                ? new String(answer.body(), StandardCharsets.UTF_8)
                : unpacked(answer.body()))
        .contains("</html>");
  }

  @Test
  void fragmentsAreNeverPacked() {
    String page = get("/traces").body();
    assertThat(page).contains("data-fragment=\"traces\"");
    Answer fragment =
        get(
            "/traces",
            "Troth-Fragments",
            "traces",
            "Accept-Encoding",
            "gzip",
            "Sec-Fetch-Site",
            "same-origin");
    assertThat(fragment.header("Content-Encoding")).isEmpty();
    assertThat(fragment.body()).contains("data-fragment=\"traces\"").doesNotContain("<main");
  }

  private static String unpacked(byte[] packed) throws IOException {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
