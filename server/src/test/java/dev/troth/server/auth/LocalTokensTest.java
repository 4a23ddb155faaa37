package dev.troth.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.http.Json;
import dev.troth.testkit.ManualClock;
import dev.troth.testkit.Property;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class LocalTokensTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private final ManualClock clock = ManualClock.at(NOW);
  private final LocalTokens tokens = tokens("troth", (byte) 1);

  private LocalTokens tokens(String issuer, byte key) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, key);
    return new LocalTokens(new SecretKeySpec(bytes, "HmacSHA256"), issuer, clock, Json.mapper());
  }

  private static Claims claims() {
    return new Claims(
        "troth",
        new Caller("ada", Role.MEMBER, false),
        NOW,
        NOW.plusSeconds(60),
        "abc",
        Optional.empty());
  }

  private String reason(String token) {
    return tokens.check(token) instanceof Verdict.Refused(String reason) ? reason : "genuine";
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatWasSignedIsGenuineAndSaysTheSame() {
    assertThat(tokens.check(tokens.sign(claims()))).isEqualTo(new Verdict.Genuine(claims()));
  }

  @Test
  void itEndsAtItsLastSecond() {
    String token = tokens.sign(claims());
    clock.advance(Duration.ofSeconds(59));
    assertThat(reason(token)).isEqualTo("genuine");
    clock.advance(Duration.ofSeconds(1));
    assertThat(reason(token)).isEqualTo("the token has expired");
  }

  @Test
  void anotherKeysSignatureDoesNotMatch() {
    assertThat(reason(tokens("troth", (byte) 2).sign(claims())))
        .isEqualTo("the signature of the token does not match");
  }

  @Test
  void anotherIssuersTokenIsRefused() {
    Claims other =
        new Claims(
            "other",
            new Caller("ada", Role.ADMIN, false),
            NOW,
            NOW.plusSeconds(9),
            "a",
            Optional.empty());
    assertThat(reason(tokens.sign(other))).isEqualTo("the token was issued by another");
  }

  @Test
  void theAlgorithmIsOursAndNotTheTokens() {
    String body = tokens.sign(claims()).split("\\.", -1)[1];
    assertThat(reason(encode("{\"alg\":\"none\"}") + "." + body + "."))
        .isEqualTo("the signature of the token does not match");
    assertThat(reason(encode("{\"alg\":\"none\"}") + "." + body + ".AA"))
        .isEqualTo("the token is not signed with HS256");
    assertThat(reason(encode("{\"alg\":\"hs256\"}") + "." + body + ".AA"))
        .isEqualTo("the token is not signed with HS256");
    assertThat(reason(encode("{\"alg\":\"HS256\",\"crit\":[\"x\"]}") + "." + body + ".AA"))
        .isEqualTo("the token is not signed with HS256");
  }

  @Test
  void noChangeOfOneCharacterStaysGenuine() {
    String token = tokens.sign(claims());
    Property.of("a changed character is noticed")
        .runs(2_000, 200_000)
        .check(random -> {
          int at = random.nextInt(token.length());
          char other = (char) (33 + random.nextInt(94));
          if (other != token.charAt(at)) {
            String changed = token.substring(0, at) + other + token.substring(at + 1);
            assertThat(reason(changed)).isNotEqualTo("genuine");
          }
        });
  }

  @Test
  void noTextMakesTheCheckThrow() {
    Property.of("any text gets a verdict")
        .runs(5_000, 1_000_000)
        .check(random -> {
          StringBuilder text = new StringBuilder();
          int length = random.nextInt(60);
          for (int i = 0; i < length; i++) {
            text.append("..=-_aZ9{}\"\u00e9\u0000".charAt(random.nextInt(13)));
          }
          assertThat(tokens.check(text.toString())).isInstanceOf(Verdict.Refused.class);
        });
  }

  @Test
  void claimsThatMakeNoSenseAreRefused() {
    for (String body :
        new String[] {
          "{}",
          "[]",
          "null",
          "{\"iss\":\"troth\",\"sub\":\"a\",\"role\":\"root\",\"iat\":1,\"exp\":9999999999,\"jti\":\"x\"}",
          "{\"iss\":\"troth\",\"sub\":\"\",\"role\":\"admin\",\"iat\":1,\"exp\":9999999999,\"jti\":\"x\"}",
          "{\"iss\":\"troth\",\"sub\":\"a\",\"role\":\"admin\",\"iat\":1,\"exp\":9999999999}",
          "{\"iss\":\"troth\",\"sub\":\"a\",\"role\":\"admin\",\"iat\":9,\"exp\":5,\"jti\":\"x\"}",
          "{\"iss\":\"troth\",\"sub\":\"a\",\"role\":\"admin\",\"iat\":1,\"exp\":1e300,\"jti\":\"x\"}"
        }) {
      assertThat(tokens.check(tokens.signText(body))).as(body).isInstanceOf(Verdict.Refused.class);
    }
  }
}
