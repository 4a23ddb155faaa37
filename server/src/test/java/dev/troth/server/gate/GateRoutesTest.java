package dev.troth.server.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GateRoutesTest {
  @Test
  void thePlatformsTokensAreGoodUntilTheyAreRevoked() {
    try (TestPlatform platform = TestPlatform.start()) {
      String token = platform.ownersToken();
      String body = "{\"token\":\"" + token + "\"}";
      Answer valid = platform.post("/gate/validate", body);
      assertThat(valid.status()).isEqualTo(200);
      assertThat(valid.body()).isEqualTo("{\"valid\":true}");
      Answer passed = platform.get("/gate/auth", "Authorization", "Bearer " + token);
      assertThat(passed.status()).isEqualTo(200);
      assertThat(passed.header("X-Auth-Role")).isEqualTo("admin");
    }
  }

  @Test
  void badTokensAreRefusedInTheUsualWords() {
    try (TestPlatform platform = TestPlatform.start()) {
      assertThat(platform.post("/gate/validate", "").status()).isEqualTo(400);
      assertThat(platform.post("/gate/validate", "{").body()).contains("No token provided");
      Answer malformed = platform.post("/gate/validate", "{\"token\":\"x\"}");
      assertThat(malformed.status()).isEqualTo(401);
      assertThat(malformed.body())
          .isEqualTo(
              "{\"valid\":false,\"error\":\"jwt malformed\",\"reason\":\"token_malformed\"}");
      assertThat(malformed.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
      Answer nobody = platform.get("/gate/auth");
      assertThat(nobody.status()).isEqualTo(401);
      assertThat(nobody.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"troth\"");
      String token = platform.ownersToken();
      platform.clock().advance(Duration.ofDays(4000));
      assertThat(platform.post("/gate/validate", "{\"token\":\"" + token + "\"}").body())
          .contains("jwt expired");
    }
  }
}
