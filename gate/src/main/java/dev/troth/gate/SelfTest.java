package dev.troth.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.Keyring;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks a good and several bad tokens before a host listens: a host that runs other code than it
 * should (a stale cache, a broken module) does not start.
 */
public final class SelfTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private SelfTest() {}

  /** Throws an {@link IllegalStateException} that names the token on which the engine errs. */
  public static void run(Engine engine) {
    Gate gate =
        new Gate(
            Keyring.secret(SECRET),
            Policy.DEFAULT.withIssuers("self").withAudiences("test"),
            engine,
            InstantSource.fixed(NOW));
    String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    String claims = "{\"iss\":\"self\",\"aud\":[\"x\",\"test\"],\"exp\":1700000001}";
    String good = token(header, claims);
    expect(gate, "a good token", good, Reason.VALID);
    expect(gate, "a changed signature", changed(good), Reason.SIGNATURE_INVALID);
    expect(gate, "alg none", token("{\"alg\":\"none\"}", claims), Reason.ALG_NONE);
    expect(gate, "another alg", token("{\"alg\":\"RS256\"}", claims), Reason.ALG_NOT_ALLOWED);
    expect(
        gate,
        "an expired token",
        token(header, claims.replace("1700000001", "1700000000")),
        Reason.EXPIRED);
    expect(
        gate,
        "another audience",
        token(header, claims.replace("\"test\"", "\"other\"")),
        Reason.AUDIENCE_NOT_ALLOWED);
    expect(
        gate,
        "two members of one name",
        token(header, claims.replace("{", "{\"\\u0069ss\":\"self\",")),
        Reason.MEMBER_DUPLICATE);
    expect(gate, "no token", "a.b", Reason.TOKEN_MALFORMED);
  }

  private static void expect(Gate gate, String name, String token, Reason expected) {
    Reason reason = gate.check(token).reason();
    if (reason != expected) {
      throw new IllegalStateException(
          "self-test: the verdict on %s is %s, expected %s"
              .formatted(name, reason.code(), expected.code()));
    }
  }

  private static String changed(String token) {
    int at = token.lastIndexOf('.') + 1;
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }

  private static String token(String header, String claims) {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    String signed =
        encoder.encodeToString(header.getBytes(UTF_8))
            + "."
            + encoder.encodeToString(claims.getBytes(UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
      return signed + "." + encoder.encodeToString(mac.doFinal(signed.getBytes(US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }
}
