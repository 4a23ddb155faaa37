package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleLoginTest {

  @Test
  void aTokenLogsABrowserInUntilItLogsOut() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    try (TestPlatform platform = TestPlatform.start("auth.mode", "token")) {
      String origin = "http://127.0.0.1:" + platform.port();
      assertThat(platform.get("/settings").header("Location")).isEqualTo("/login?back=%2Fsettings");
      assertThat(platform.get("/settings", "Accept", "application/json").status()).isEqualTo(401);
      assertThat(platform.get("/login?back=//elsewhere").body())
          .contains("name=\"back\" value=\"/\"");
      Answer refused = form(platform, "/login", "token=wrong", "Origin", origin);
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.body()).contains("the token is not a compact JWS");

      String token = URLEncoder.encode(platform.ownersToken(), StandardCharsets.UTF_8);
      Answer in = form(platform, "/login", "back=/settings&token=" + token, "Origin", origin);
      assertThat(in.header("Location")).isEqualTo("/settings");
      String cookie = in.header("Set-Cookie").split(";", 2)[0];
      assertThat(platform.get("/settings", "Cookie", cookie).body()).contains("admin");

      assertThat(form(platform, "/records/1", "do=update&value=x", "Cookie", cookie).status())
          .as("a write that names no origin")
          .isEqualTo(403);
      assertThat(
              form(platform, "/records/1", "do=update&value=x", "Cookie", cookie, "Origin", origin)
                  .status())
          .isEqualTo(303);

      var _ = form(platform, "/logout", "", "Cookie", cookie, "Origin", origin);
      assertThat(platform.get("/settings", "Cookie", cookie).header("Location"))
          .isEqualTo("/login?back=%2Fsettings");
    }
  }

  private static Answer form(TestPlatform platform, String path, String body, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Content-Type";
    all[1] = "application/x-www-form-urlencoded";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return platform.send("POST", path, body, all);
  }
}
