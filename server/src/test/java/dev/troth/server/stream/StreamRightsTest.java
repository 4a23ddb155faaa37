package dev.troth.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.stream.StreamReader.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream lasts as long as the right that opened it, and says what its caller may read. */
final class StreamRightsTest {
  private final TestPlatform platform = TestPlatform.start("auth.mode", "token");
  private final String[] owner = bearer(platform.ownersToken());

  @AfterEach
  void stop() {
    platform.close();
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private record Issued(String id, String token) {}

  private Issued issue(String user, String role) {
    Answer answer =
        platform.post(
            "/api/tokens",
            "{\"user\":\"%s\",\"role\":\"%s\",\"life\":\"1h\"}".formatted(user, role),
            owner);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return new Issued(answer.json().path("id").asString(), answer.json().path("token").asString());
  }

  private String login(Issued token, String... headers) {
    Answer answer =
        platform.post("/api/session", "{\"token\":\"%s\"}".formatted(token.token()), headers);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.header("Set-Cookie").split(";", 2)[0];
  }

  private void update(String value) {
    assertThat(
            platform.post("/api/update/1", "{\"value\":\"%s\"}".formatted(value), owner).status())
        .isEqualTo(200);
  }

  /** What a stream says until the platform ends it, after its hello and a first change. */
  private List<Event> untilItEnds(Runnable end, String... headers) {
    try (StreamReader stream = StreamReader.open(platform, "/api/stream", headers)) {
      assertThat(stream.next().name()).isEqualTo("hello");
      update("before");
      assertThat(stream.next().data().at("/after/value").asString()).isEqualTo("before");
      end.run();
      update("after");
      return stream.rest();
    }
  }

  @Test
  void aStreamEndsWithTheTokenThatOpenedIt() {
    Issued ann = issue("ann", "reader");
    Runnable revoke =
        () -> assertThat(platform.delete("/api/tokens/" + ann.id(), owner).status()).isEqualTo(204);
    assertThat(untilItEnds(revoke, bearer(ann.token()))).isEmpty();
  }

  @Test
  void aStreamEndsWithTheLoginThatOpenedIt() {
    String cookie = login(issue("ann", "reader"));
    String origin = "http://127.0.0.1:" + platform.port();
    Runnable logout =
        () ->
            assertThat(platform.delete("/api/session", "Cookie", cookie, "Origin", origin).status())
                .isEqualTo(204);
    assertThat(untilItEnds(logout, "Cookie", cookie)).isEmpty();
  }

  @Test
  void aStreamEndsWhenTheTokenOfItsLoginIsRevoked() {
    Issued ann = issue("ann", "reader");
    String cookie = login(ann);
    assertThat(
            untilItEnds(() -> platform.delete("/api/tokens/" + ann.id(), owner), "Cookie", cookie))
        .isEmpty();
  }

  @Test
  void aStreamEndsWhenSomebodyElseLogsInWithTheSameBrowser() {
    String cookie = login(issue("ann", "reader"));
    Issued bob = issue("bob", "reader");
    String origin = "http://127.0.0.1:" + platform.port();
    assertThat(untilItEnds(() -> login(bob, "Cookie", cookie, "Origin", origin), "Cookie", cookie))
        .isEmpty();
  }

  @Test
  void aStreamEndsWhenItsTokenExpires() {
    Issued ann = issue("ann", "reader");
    try (StreamReader stream = StreamReader.open(platform, "/api/stream", bearer(ann.token()))) {
      assertThat(stream.next().name()).isEqualTo("hello");
      platform.clock().advance(Duration.ofHours(1));
      assertThat(stream.rest()).isEmpty();
    }
  }

  @Test
  void aStreamSaysWhatMovedAndNobodyHearsOfAnothersTokens() {
    Issued ann = issue("ann", "reader");
    Issued bob = issue("bob", "member");
    try (StreamReader hers = StreamReader.open(platform, "/api/stream", bearer(ann.token()));
        StreamReader admins = StreamReader.open(platform, "/api/stream", owner)) {
      assertThat(hers.next().data().path("user").asString()).isEqualTo("ann");
      assertThat(admins.next().name()).isEqualTo("hello");
      Issued another = issue("bob", "member");
      assertThat(admins.next().data().path("subject").asString())
          .isEqualTo("token/" + another.id());
      assertThat(admins.nextTopics()).containsExactly("token/" + another.id(), "token/*");
      update("a");
      assertThat(hers.next().data().path("subject").asString()).isEqualTo("record/1");
      assertThat(hers.nextTopics()).containsExactly("record/1", "record/*");
      Issued own = issue("ann", "reader");
      assertThat(hers.next().data().path("subject").asString()).isEqualTo("token/" + own.id());
      assertThat(hers.nextTopics()).containsExactly("token/" + own.id(), "token/*");
      var _ = platform.post("/api/watches", "{\"target\":\"record/1\",\"user\":\"ann\"}", owner);
      assertThat(hers.nextTopics()).contains("watches");
      update("b");
      assertThat(hers.nextTopics()).containsExactly("record/1", "record/*", "inbox");
    }
    assertThat(bob.id()).isNotEmpty();
  }

  @Test
  void aPagesStreamSaysThatRequestsWereReceivedAndThatItIsStillThere() {
    try (StreamReader stream = StreamReader.open(platform, "/api/stream?events=moved", owner)) {
      assertThat(stream.next().name()).isEqualTo("hello");
      String span =
          """
          {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"00000000000000ab",
          "name":"a","kind":2,"startTimeUnixNano":"1772366400000000000",
          "endTimeUnixNano":"1772366400000000000"}]}]}]}
          """
              .formatted(7);
      String to = "http://127.0.0.1:" + platform.port("otlp-http") + "/v1/traces";
      assertThat(platform.post(to, span).status()).isEqualTo(200);
      assertThat(stream.nextTopics()).containsExactly("objectives", "traces");
      assertThat(stream.next().name()).isEqualTo("beat");
    }
  }

  @Test
  void whatCannotBeSentIsRefused() {
    Answer answer = platform.get("/api/stream?events=some", owner);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("events is 'some', expected all or moved");
  }
}
