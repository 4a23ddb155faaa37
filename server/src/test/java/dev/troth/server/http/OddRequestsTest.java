package dev.troth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.RawHttp;
import dev.troth.server.TestPlatform;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no browser sends get an answer that says what is wrong with them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddRequestsTest {
  private final TestPlatform platform = TestPlatform.start();

  @BeforeAll
  void isReady() {
    assertThat(platform.get("/-/ready").status()).isEqualTo(200);
  }

  @AfterAll
  void close() {
    platform.close();
  }

  @Test
  void http10IsToldWhatIsSpokenHere() throws IOException {
    try (RawHttp client = new RawHttp(platform.port())) {
      String answer = client.say("GET /-/healthy HTTP/1.0\nHost: localhost\n\n").readAll();
      assertThat(answer).startsWith("HTTP/1.1 505").contains("proxy_http_version 1.1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/-/healthy", "/", "/api/records", "/metrics"})
  void headIsGetWithoutABody(String path) throws IOException {
    try (RawHttp client = new RawHttp(platform.port())) {
      String answer =
          client
              .say("HEAD %s HTTP/1.1\nHost: localhost\nConnection: close\n\n".formatted(path))
              .readAll();
      assertThat(answer).startsWith("HTTP/1.1 200");
      assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-2", "G", "7fffffffffffffff", "fffffffffffffffff", ""})
  void aChunkSizeThatIsNoneIsTheClientsFault(String size) throws IOException {
    try (RawHttp client = new RawHttp(platform.port())) {
      String answer =
          client
              .say(
                  """
                  POST /api/records HTTP/1.1
                  Host: localhost
                  Content-Type: application/json
                  Transfer-Encoding: chunked

                  %s
                  {}
                  0

                  """
                      .formatted(size))
              .endOfInput()
              .readAll();
      assertThat(answer).startsWith("HTTP/1.1 400");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "null", "[]", "\"x\"", "{\"token\":null}", "{\"token\":5}", "{"})
  void aLoginThatIsNoneIsTheClientsFaultAndNamesNothingOfTheInside(String body) {
    TestPlatform.Answer answer = platform.post("/api/session", body);
    assertThat(answer.status()).isIn(400, 401);
    assertThat(answer.body()).doesNotContain("dev.troth", "Exception", "java.", "class");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{\"name\":[]}", "{\"name\":{}}", "{\"fields\":3}", "7"})
  void aBodyOfAnotherTypeNamesTheMember(String body) {
    TestPlatform.Answer answer = platform.post("/api/records", body);
    assertThat(answer.status()).isIn(400, 422);
    assertThat(answer.body()).doesNotContain("dev.troth", "Exception", "java.", "`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/records", "/registry/subjects/s/versions"})
  void aBodyThatIsCutOffSaysNothingOfWhatReadsIt(String path) {
    TestPlatform.Answer answer = platform.post(path, "{\"a\":[");
    assertThat(answer.status()).isIn(400, 422);
    assertThat(answer.body())
        .contains("line 1, column")
        .doesNotContain("Source", "REDACTED", "Feature", "Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/traces?bogus=1",
        "/api/records?limt=5",
        "/api/inbox?unread=true",
        "/api/subjects/changes?subject=record/1",
        "/api/me?x",
        "/api/objectives?name=orders"
      })
  void aParameterThatNobodyReadsIsRefusedByName(String path) {
    TestPlatform.Answer answer = platform.get(path);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    String name = path.replaceFirst(".*\\?(\\w+).*", "$1");
    assertThat(answer.json().get("detail").asString())
        .startsWith("unknown parameter '%s', expected ".formatted(name));
  }

  @Test
  void pagesKeepWhatALinkFromElsewhereAddsToThem() {
    assertThat(platform.get("/traces?utm_source=mail", "Accept", "text/html").status())
        .isEqualTo(200);
  }
}
