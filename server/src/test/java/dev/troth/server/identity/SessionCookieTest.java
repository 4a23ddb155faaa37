package dev.troth.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.RawHttp;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two platforms on one host, and a browser's one jar of cookies: it knows hosts and no ports. */
class SessionCookieTest {
  private final Map<String, String> jar = new LinkedHashMap<>();

  @Test
  void aLoginAtOnePlatformLeavesThatAtAnotherAlone() {
    try (TestPlatform one = TestPlatform.start("auth.mode", "token");
        TestPlatform other = TestPlatform.start("auth.mode", "token")) {
      logIn(one, "ada");
      logIn(other, "bob");
      assertThat(user(one)).isEqualTo("ada");
      assertThat(user(other)).isEqualTo("bob");

      one.restart();
      assertThat(user(one)).as("after a restart, on another port").isEqualTo("ada");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/troth"})
  void overTlsALoginIsACookieOfThisHostThatNobodyElseCanPlant(String base) throws IOException {
    try (TestPlatform shop =
        TestPlatform.start(
            "auth.mode",
            "token",
            "http.hosts",
            "troth.example",
            "http.proxies",
            "127.0.0.0/8",
            "http.public-url",
            "https://troth.example",
            "http.base-path",
            base)) {
      String token = "{\"token\": \"" + shop.ownersToken() + "\"}";
      String[] browser = {"X-Forwarded-Host", "troth.example", "Origin", "https://troth.example"};
      Answer login = shop.post("/api/session", token, browser);
      assertThat(login.status()).as(login.body()).isEqualTo(200);
      String prefix = base.isEmpty() ? "__Host-" : "__Secure-";
      assertThat(login.header("Set-Cookie"))
          .matches(prefix + "troth_session_[0-9a-f]{8}=.*")
          .contains("; Path=" + (base.isEmpty() ? "/" : base) + ";", "; Secure")
          .doesNotContain("Domain");
      String cookie = login.header("Set-Cookie").split(";", 2)[0];
      assertThat(status(shop, cookie)).as("by a name of this machine").isEqualTo(200);
      assertThat(status(shop, cookie, "X-Forwarded-Host", "troth.example")).isEqualTo(200);

      String planted = cookie.substring(prefix.length());
      assertThat(status(shop, planted)).as("without TLS, where no prefix is").isEqualTo(200);
      assertThat(status(shop, planted, "X-Forwarded-Host", "TROTH.example")).isEqualTo(401);
      assertThat(status(shop, planted, "X-Forwarded-Proto", "https")).isEqualTo(401);
      assertThat(status(shop, planted, "Origin", "https://troth.example")).isEqualTo(401);
      try (RawHttp direct = new RawHttp(shop.port())) {
        String request = "GET /api/me HTTP/1.1\nHost: troth.example\nCookie: %s\n\n";
        assertThat(direct.say(request.formatted(planted)).readAnswer()).contains(" 401 ");
        assertThat(direct.say(request.formatted(cookie)).readAnswer()).contains(" 200 ");
      }
      assertThat(status(shop, planted + "x; " + cookie)).as("a worse one beside").isEqualTo(200);

      Answer out =
          shop.send(
              "DELETE",
              "/api/session",
              null,
              "Cookie",
              cookie,
              "X-Forwarded-Host",
              "troth.example",
              "Origin",
              "https://troth.example");
      assertThat(out.header("Set-Cookie")).startsWith(prefix).contains("=; ", "Max-Age=0");
      assertThat(status(shop, cookie)).isEqualTo(401);
    }
  }

  private static int status(TestPlatform at, String cookie, String... headers) {
    List<String> all = new ArrayList<>(List.of("Cookie", cookie));
    all.addAll(List.of(headers));
    return at.get("/api/me", all.toArray(String[]::new)).status();
  }

  private void logIn(TestPlatform at, String user) {
    String wish = "{\"user\": \"%s\", \"role\": \"member\"}".formatted(user);
    String token =
        at.post("/api/tokens", wish, "Authorization", "Bearer " + at.ownersToken())
            .json()
            .path("token")
            .asString();
    Answer login = at.post("/api/session", "{\"token\": \"" + token + "\"}");
    String[] cookie = login.header("Set-Cookie").split(";", 2)[0].split("=", 2);
    jar.put(cookie[0], cookie[1]);
  }

  private String user(TestPlatform at) {
    String cookies =
        jar.entrySet().stream()
            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
            .collect(Collectors.joining("; "));
    return at.get("/api/me", "Cookie", cookies).json().path("user").asString("nobody");
  }
}
