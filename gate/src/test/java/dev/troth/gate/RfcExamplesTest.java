package dev.troth.gate;

import static dev.troth.gate.Tokens.base64;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.core.Reason;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.TokenValidator;
import dev.troth.gate.jwk.SecretDocument;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.keys.PublicKeySet;
import dev.troth.gate.keys.SecretSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The worked examples of RFC 7515, RFC 7519 and RFC 8037. */
class RfcExamplesTest {
  private static final String CLAIMS =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
          + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  private static final String HS256_KEY =
      "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aK"
          + "tMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}";
  private static final String HS256_TOKEN =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
          + CLAIMS
          + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String RS256_KEY =
      "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W2"
          + "6mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690"
          + "r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapH"
          + "g665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2e"
          + "thFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}";
  private static final String RS256_TOKEN =
      "eyJhbGciOiJSUzI1NiJ9."
          + CLAIMS
          + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
          + "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIA"
          + "RNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPq"
          + "vhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77"
          + "Rw";
  private static final String ES256_KEY =
      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
          + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
  private static final String ES256_TOKEN =
      "eyJhbGciOiJFUzI1NiJ9."
          + CLAIMS
          + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
  private static final String ED25519_KEY =
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
  private static final String ED25519_TOKEN =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg"
          + "3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

  @Test
  void rfc7515A1HmacSha256() {
    assertThat(verdict(HS256_KEY, HS256_TOKEN)).isEqualTo(Reason.VALID);
  }

  @Test
  void rfc7515A2Rsa() {
    assertThat(verdict(RS256_KEY, RS256_TOKEN)).isEqualTo(Reason.VALID);
  }

  @Test
  void rfc7515A3EcdsaP256() {
    assertThat(verdict(ES256_KEY, ES256_TOKEN)).isEqualTo(Reason.VALID);
  }

  @Test
  void rfc7515A5Unsecured() {
    assertThat(verdict(HS256_KEY, "eyJhbGciOiJub25lIn0." + CLAIMS + "."))
        .isEqualTo(Reason.SIGNATURE_MISSING);
    assertThat(verdict(HS256_KEY, "eyJhbGciOiJub25lIn0." + CLAIMS + ".AAAA"))
        .isEqualTo(Reason.ALG_NONE);
  }

  @Test
  void rfc7515A4IsBoundToItsCurve() {
    assertThat(
            verdict(ES256_KEY, ES256_TOKEN.replace("eyJhbGciOiJFUzI1NiJ9", "eyJhbGciOiJFUzUxMiJ9")))
        .isEqualTo(Reason.ALG_NOT_ALLOWED);
  }

  @Test
  void rfc7519Section31ExpiresAtItsSecond() {
    assertThat(at(1_300_819_379)).isEqualTo(Reason.VALID);
    assertThat(at(1_300_819_380)).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void rfc8037A4Ed25519() {
    byte[] settings =
        PublicKeySet.parse(ED25519_KEY.getBytes(US_ASCII)).keys().settings().toBytes();
    TokenValidator validator =
        new TokenValidator(
            requireNonNull(Settings.read(settings, 0, settings.length)),
            PublicKeySet.parse(ED25519_KEY.getBytes(US_ASCII)).keys().arithmetic());
    byte[] token = ED25519_TOKEN.getBytes(US_ASCII);
    assertThat(validator.verifySignature(token, 0, token.length)).isEqualTo(Reason.VALID);
    assertThat(new String(validator.payload(), 0, validator.payloadLength(), UTF_8))
        .isEqualTo("Example of Ed25519 signing");
    byte[] other = (ED25519_TOKEN.substring(0, 100) + base64(new byte[32])).getBytes(US_ASCII);
    assertThat(validator.verifySignature(other, 0, other.length)).isNotEqualTo(Reason.VALID);
  }

  private static Reason at(long second) {
    Gate gate =
        new Gate(
            keys(HS256_KEY),
            Policy.DEFAULT.withIssuers("joe"),
            Gate.javaEngine(),
            InstantSource.fixed(Instant.ofEpochSecond(second)));
    return gate.check(HS256_TOKEN).reason();
  }

  private static Reason verdict(String key, String token) {
    Gate gate =
        new Gate(
            keys(key),
            Policy.DEFAULT,
            Gate.javaEngine(),
            InstantSource.fixed(Instant.ofEpochSecond(1_300_000_000)));
    return gate.check(token).reason();
  }

  private static Keyring keys(String key) {
    byte[] json = key.getBytes(US_ASCII);
    return key.contains("\"oct\"")
        ? SecretSet.parse(json, Set.of(), SecretDocument.Form.JWK).keys()
        : PublicKeySet.parse(json).keys();
  }
}
