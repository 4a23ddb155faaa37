package dev.troth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.RawHttp;
import dev.troth.server.TestPlatform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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

  @Test
  void whoAsksForHttp2WithoutItsSettingsIsAnsweredInHttp11() throws IOException {
    try (RawHttp client = new RawHttp(platform.port())) {
      String answer =
          client
              .say(
                  "GET /-/healthy HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: h2c\n\n")
              .readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void methodsThatClientsMakeUpAreOneSeriesOfTheMetrics() throws IOException {
    try (RawHttp client = new RawHttp(platform.port())) {
      for (int i = 0; i < 50; i++) {
        assertThat(
                client
                    .say("MADEUP%d /-/healthy HTTP/1.1\nHost: localhost\n\n".formatted(i))
                    .readAnswer())
            .startsWith("HTTP/1.1 405");
      }
    }
    assertThat(platform.get("/metrics").body())
        .doesNotContain("MADEUP")
        .containsPattern(
            "troth_server_http_request_seconds_count\\{.*method=\"\\(other\\)\".*status=\"405\"} 50");
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

  @Test
  void aBodyThatIsFarTooLongIsRefusedWithNumbers() throws IOException {
    try (RawHttp client = new RawHttp(platform.port())) {
      String answer =
          client
              .say(
                  """
                  POST /api/records HTTP/1.1
                  Host: localhost
                  Content-Type: application/json
                  Content-Length: 27000000

                  """)
              .readAnswer();
      assertThat(answer)
          .startsWith("HTTP/1.1 413")
          .contains("the body has 27000000 bytes, expected at most 1048576");
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

  /** A method, a path, a name and a value of a header, each with the character in it. */
  private static final String[] PLACES = {
    "G@T / HTTP/1.1\nHost: localhost\nConnection: close\n\n",
    "@GET / HTTP/1.1\nHost: localhost\nConnection: close\n\n",
    "GET /a@b HTTP/1.1\nHost: localhost\nConnection: close\n\n",
    "GET /-/healthy?a@b=1 HTTP/1.1\nHost: localhost\nConnection: close\n\n",
    "GET /-/healthy HTT@P/1.1\nHost: localhost\nConnection: close\n\n",
    "GET /-/healthy HTTP/1.1\nHost: local@host\nConnection: close\n\n",
    "GET /-/healthy HTTP/1.1\nHost: localhost\nX@Y: 1\nConnection: close\n\n",
    "GET /-/healthy HTTP/1.1\nHost: localhost\nXY: 1@2\nConnection: close\n\n",
  };

  @Test
  void aCharacterThatHttpDoesNotHaveThereIsTheClientsFaultAndNotLogged() throws IOException {
    List<String> told = new ArrayList<>();
    Logger root = Logger.getLogger("");
    Handler log = log(told);
    root.addHandler(log);
    try {
      for (int c = 0; c <= 0x100; c++) {
        for (int place = 0; place < PLACES.length; place++) {
          String odd = String.valueOf((char) c);
          // A tab may stand in a value, and a value may be of any bytes.
          boolean fits =
              place >= 7 ? c == '\t' || c > ' ' : "!#$%&'*+-.^_`|~".contains(odd) || isLetter(c);
          boolean isPlain = place > 1 && place < 6 && c > ' ' && c != 0x7f;
          if (!fits && !isPlain && !(c == ' ' && place >= 6) && !(c == ':' && place == 6)) {
            String answer = ask(PLACES[place].replace("@", odd));
            assertThat(answer)
                .as("U+%04X in %s", c, PLACES[place].lines().toList())
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json");
          }
        }
      }
    } finally {
      root.removeHandler(log);
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aLaterRequestOfAConnectionIsLookedAtAsTheFirst() throws IOException {
    try (RawHttp client = new RawHttp(platform.port())) {
      String first = client.say("GET /-/healthy HTTP/1.1\nHost: localhost\n\n").readAnswer();
      assertThat(first).startsWith("HTTP/1.1 200");
      assertThat(client.say("G\0T / HTTP/1.1\nHost: localhost\n\n").readAll())
          .startsWith("HTTP/1.1 400");
    }
  }

  private static boolean isLetter(int c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private String ask(String request) throws IOException {
    try (RawHttp client = new RawHttp(platform.port())) {
      return client.say(request).endOfInput().readAll();
    }
  }

  private static Handler log(List<String> told) {
    return new Handler() {
      @Override
      public synchronized void publish(LogRecord line) {
        if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
          told.add(line.getLoggerName() + ": " + line.getMessage());
        }
      }

      @Override
      public void flush() {
        // There is nothing to wait for.
      }

      @Override
      public void close() {
        // There is nothing to close.
      }
    };
  }
}
