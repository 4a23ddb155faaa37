package dev.troth.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

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
