package dev.troth.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.RawHttp;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TokenRoutesTest {
  private TestPlatform platform;

  @BeforeEach
  void start() {
    platform = TestPlatform.start("auth.mode", "token");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private JsonNode issue(String user, String role, String life) {
    Answer answer =
        platform.post(
            "/api/tokens",
            "{\"user\": \"%s\", \"role\": \"%s\", \"life\": \"%s\", \"note\": \"test\"}"
                .formatted(user, role, life),
            bearer(platform.ownersToken()));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  private String token(String user, String role) {
    return issue(user, role, "30d").get("token").asString();
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private String origin() {
    return "http://127.0.0.1:" + platform.port();
  }

  private Answer login(String token) {
    return platform.post("/api/session", "{\"token\": \"" + token + "\"}");
  }

  private static String cookie(Answer answer) {
    return answer.header("Set-Cookie").split(";", 2)[0];
  }

  @Test
  void withoutATokenNothingOfTheApiAnswers() {
    Answer answer = platform.get("/api/tokens");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"troth\"");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(platform.get("/api/me").status()).isEqualTo(401);
    assertThat(platform.get("/api/whatever").status()).isEqualTo(401);
    assertThat(platform.get("/metrics").status()).isEqualTo(401);
    assertThat(platform.get("/-/ready").status()).isEqualTo(200);
  }

  /** However a path is written, what the guard judges is what the routes then match. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/metrics",
        "//metrics",
        "/./metrics",
        "/-/../metrics",
        "/%6detrics",
        "/metrics;a=b",
        "/metrics?x",
        "/metrics/",
        "/metrics%2f",
        "/%2e/metrics",
        "/%2fmetrics",
        "/-/ready/../../metrics"
      })
  void noWayOfWritingAPathLeadsAroundTheGuard(String path) throws IOException {
    try (RawHttp connection = new RawHttp(platform.port())) {
      String answer =
          connection
              .say("GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n")
              .readAll();
      assertThat(answer).doesNotContain("troth_build_info").startsWith("HTTP/1.1 4");
    }
  }

  @Test
  void spansFromOtherMachinesNeedAToken() {
    try (TestPlatform open = TestPlatform.start("auth.mode", "token", "otlp.http", "0.0.0.0:0")) {
      String address = "http://127.0.0.1:" + open.port("otlp-http") + "/v1/traces";
      String spans = "{\"resourceSpans\": []}";
      assertThat(open.post(address, spans).status()).isEqualTo(401);
      assertThat(open.post(address, spans, bearer(open.ownersToken())).status()).isEqualTo(200);
    }
  }

  @Test
  void aTokenSaysWhoOneIs() {
    JsonNode me = platform.get("/api/me", bearer(token("ada", "reader"))).json();
    assertThat(me.get("user").asString()).isEqualTo("ada");
    assertThat(me.get("role").asString()).isEqualTo("reader");
    assertThat(me.get("development").asBoolean()).isFalse();
  }

  @Test
  void aReaderReadsAMemberWritesAnAdminManages() {
    String wish = "{\"user\": \"eve\", \"role\": \"admin\"}";
    assertThat(platform.post("/api/tokens", wish, bearer(token("r", "reader"))).json())
        .asString()
        .contains("role of r is reader, expected member");
    assertThat(platform.post("/api/tokens", wish, bearer(token("m", "member"))).json())
        .asString()
        .contains("role of m is member, expected admin");
    assertThat(platform.post("/api/tokens", wish, bearer(token("a", "admin"))).status())
        .isEqualTo(201);
  }

  @Test
  void everybodySeesAndRevokesOnlyTheirOwnTokens() {
    String adas = issue("ada", "member", "1d").get("id").asString();
    String bob = token("bob", "member");
    JsonNode seen = platform.get("/api/tokens", bearer(bob)).json().get("tokens");
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).get("user").asString()).isEqualTo("bob");
    assertThat(seen.toString()).doesNotContain(bob);
    assertThat(platform.delete("/api/tokens/" + adas, bearer(bob)).status()).isEqualTo(404);
    String own = seen.get(0).get("id").asString();
    assertThat(platform.delete("/api/tokens/" + own, bearer(bob)).status()).isEqualTo(204);
    assertThat(platform.get("/api/me", bearer(bob)).status()).isEqualTo(401);
  }

  @Test
  void aRevokedTokenStaysRevokedAfterARestartAndOthersStayValid() {
    JsonNode revoked = issue("ada", "member", "30d");
    String kept = token("bob", "member");
    platform.delete("/api/tokens/" + revoked.get("id").asString(), bearer(platform.ownersToken()));
    platform.restart();
    Answer answer = platform.get("/api/tokens", bearer(revoked.get("token").asString()));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().get("detail").asString()).isEqualTo("the token was revoked");
    assertThat(platform.get("/api/me", bearer(kept)).status()).isEqualTo(200);
  }

  @Test
  void aTokenExpires() {
    String token = issue("ada", "member", "10m").get("token").asString();
    platform.clock().advance(Duration.ofMinutes(10));
    assertThat(platform.get("/api/me", bearer(token)).status()).isEqualTo(401);
  }

  @Test
  void aWishThatMakesNoSenseIsExplained() {
    String owner = platform.ownersToken();
    assertThat(problem("{\"user\": \"a\", \"role\": \"root\"}", owner))
        .isEqualTo("role is 'root', expected reader, member or admin");
    assertThat(problem("{\"user\": \" \", \"role\": \"member\"}", owner))
        .isEqualTo(
            "user is ' ', expected 1 to 200 characters without controls, without blanks at its ends"
                + " and not *");
    assertThat(problem("{\"role\": \"member\"}", owner)).isEqualTo("user is missing");
    assertThat(problem("{\"user\": \"a\", \"role\": \"member\", \"life\": \"999d\"}", owner))
        .startsWith("life is 86313600 s, expected at most auth.token.longest");
    assertThat(problem("{\"user\": \"a\", \"rolle\": \"member\"}", owner))
        .startsWith("rolle is not a known member");
    assertThat(problem("{\"user\": \"a\", \"user\": \"b\"}", owner)).contains("Duplicate");
    assertThat(problem("[", owner)).contains("not the JSON expected");
  }

  private String problem(String wish, String token) {
    Answer answer = platform.post("/api/tokens", wish, bearer(token));
    assertThat(answer.status()).isIn(400, 422);
    return answer.json().get("detail").asString();
  }

  @Test
  void aLoginSetsACookieThatNoScriptAndNoOtherSitesFormCanUse() {
    Answer login = login(token("ada", "member"));
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.header("Set-Cookie"))
        .matches("troth_session_[0-9a-f]{8}=.*")
        .contains("; HttpOnly; SameSite=Lax")
        .contains("Max-Age=43200");
    assertThat(platform.get("/api/me", "Cookie", cookie(login)).json().get("user").asString())
        .isEqualTo("ada");
  }

  @Test
  void tokensComeInPagesEachOnceTheNewestFirst() {
    String owner = platform.ownersToken();
    for (int i = 0; i < 7; i++) {
      issue("ada", "member", "1d");
      issue("bob", "reader", "1d");
      if (i % 3 == 0) {
        platform.clock().advance(Duration.ofSeconds(1));
      }
    }
    String ada = token("ada", "member");
    JsonNode whole = platform.get("/api/tokens?limit=500", bearer(owner)).json();
    assertThat(whole.has("next")).isFalse();
    List<String> all = ids(whole);
    assertThat(all).hasSize(15).doesNotHaveDuplicates();
    assertThat(pages(owner)).isEqualTo(all);
    assertThat(pages(ada)).hasSize(8).isSubsetOf(all);

    JsonNode bobs = platform.get("/api/tokens", bearer(token("bob", "reader"))).json();
    String strange = "/api/tokens?before=" + bobs.at("/tokens/0/id").asString();
    assertThat(platform.get(strange, bearer(ada)).json().get("detail").asString())
        .as("of somebody else, as of nobody")
        .endsWith("expected the next of another page");
    assertThat(platform.get("/api/tokens?limit=0", bearer(ada)).json().get("detail").asString())
        .isEqualTo("limit is '0', expected 1 to 500");
  }

  private List<String> pages(String token) {
    List<String> found = new ArrayList<>();
    String before = "";
    do {
      JsonNode page = platform.get("/api/tokens?limit=3" + before, bearer(token)).json();
      assertThat(page.get("tokens").size()).isBetween(1, 3);
      found.addAll(ids(page));
      before = page.has("next") ? "&before=" + page.get("next").asString() : "";
    } while (!before.isEmpty());
    return found;
  }

  private static List<String> ids(JsonNode page) {
    return page.get("tokens").valueStream().map(token -> token.get("id").asString()).toList();
  }

  @Test
  void aCookieAloneCannotWriteButOurPageWithItCan() {
    String cookie = cookie(login(token("ada", "admin")));
    String wish = "{\"user\": \"bob\", \"role\": \"reader\"}";
    assertThat(platform.post("/api/tokens", wish, "Cookie", cookie).status()).isEqualTo(403);
    assertThat(
            platform
                .post("/api/tokens", wish, "Cookie", cookie, "Origin", "https://evil.example")
                .status())
        .isEqualTo(403);
    assertThat(platform.post("/api/tokens", wish, "Cookie", cookie, "Origin", origin()).status())
        .isEqualTo(201);
  }

  @Test
  void aLoginEndsWithItsTokenAndByItself() {
    JsonNode issued = issue("ada", "member", "30d");
    String cookie = cookie(login(issued.get("token").asString()));
    platform.clock().advance(Duration.ofHours(12));
    assertThat(platform.get("/api/me", "Cookie", cookie).status()).isEqualTo(401);

    String second = cookie(login(issued.get("token").asString()));
    platform.delete("/api/tokens/" + issued.get("id").asString(), bearer(platform.ownersToken()));
    assertThat(platform.get("/api/me", "Cookie", second).status()).isEqualTo(401);
  }

  @Test
  void aLogoutEndsTheLoginEvenForWhoKeptTheCookie() {
    String cookie = cookie(login(token("ada", "member")));
    Answer out = platform.delete("/api/session", "Cookie", cookie, "Origin", origin());
    assertThat(out.status()).isEqualTo(204);
    assertThat(out.header("Set-Cookie")).contains("Max-Age=0");
    assertThat(platform.get("/api/me", "Cookie", cookie).status()).isEqualTo(401);
  }

  @Test
  void aCookiesTokenIsNotABearersNorTheOtherWayRound() {
    String token = token("ada", "member");
    String[] cookie = cookie(login(token)).split("=", 2);
    String session = cookie[1];
    assertThat(platform.get("/api/me", bearer(session)).status()).isEqualTo(401);
    assertThat(platform.get("/api/me", "Cookie", cookie[0] + "=" + token).status()).isEqualTo(401);
    assertThat(login(session).status()).isEqualTo(401);
  }

  @Test
  void theSigningKeyIsItsOwnersAlone() throws IOException {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(platform.folder().resolve("token.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void inDevelopmentTheCallerIsTheDeveloperAndShownAsSuch() {
    try (TestPlatform development = TestPlatform.start()) {
      JsonNode me = development.get("/api/me").json();
      assertThat(me.get("user").asString()).isEqualTo("developer");
      assertThat(me.get("role").asString()).isEqualTo("admin");
      assertThat(me.get("development").asBoolean()).isTrue();
      assertThat(development.get("/api/tokens", bearer("x.y.z")).status()).isEqualTo(401);
    }
  }
}
