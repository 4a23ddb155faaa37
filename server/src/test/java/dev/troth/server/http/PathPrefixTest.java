package dev.troth.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.ops.CannotStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathPrefixTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  @Test
  void theApiAnswersBelowTheBasePathAndWithoutIt() {
    try (TestPlatform platform = TestPlatform.start("http.base-path", "/ops/troth")) {
      assertThat(platform.get("/ops/troth/api/me").json().path("user").asString())
          .isEqualTo("developer");
      assertThat(platform.get("/api/me").status()).isEqualTo(200);
      assertThat(platform.get("/ops/troth/api/traces?limit=5").status()).isEqualTo(200);
      assertThat(platform.get("/ops/trothapi/me").status()).isEqualTo(404);
      String registry = "http://127.0.0.1:" + platform.port("registry");
      assertThat(platform.get(registry + "/ops/troth/subjects").body()).isEqualTo("[]");
    }
  }

  @Test
  void whatIsClosedIsClosedBelowTheBasePathToo() {
    try (TestPlatform platform =
        TestPlatform.start("http.base-path", "/troth", "auth.mode", "token")) {
      for (String path : new String[] {"/api/records", "/metrics", "/registry/subjects"}) {
        assertThat(platform.get("/troth" + path).status()).as(path).isEqualTo(401);
      }
    }
  }

  @Test
  void redirectsAndCookiesNameTheBasePath() {
    try (TestPlatform platform = TestPlatform.start("http.base-path", "/troth")) {
      Answer theme = platform.post("/theme", "theme=dark&back=/inbox", "Content-Type", FORM);
      assertThat(theme.header("Location")).isEqualTo("/troth/inbox");
      assertThat(theme.header("Set-Cookie")).contains("; Path=/troth;");
      Answer out = platform.post("/troth/logout", "", "Content-Type", FORM);
      assertThat(out.header("Set-Cookie")).contains("; Path=/troth;");
      assertThat(out.header("Location")).isEqualTo("/troth/login");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api", "/registry", "/-", "/subjects"})
  void aBasePathThatIsAPathOfThePlatformIsRefused(String taken) {
    assertThatThrownBy(() -> TestPlatform.start("http.base-path", taken))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("http.base-path is " + taken);
  }
}
