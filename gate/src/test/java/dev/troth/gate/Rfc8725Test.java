package dev.troth.gate;

import static dev.troth.gate.Tokens.HS256;
import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.hs256;
import static dev.troth.gate.Tokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.keys.PublicKeySet;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The best current practices of RFC 8725 §3, one test a point. */
class Rfc8725Test {
  @Test
  void section31AlgorithmIsVerifiedAgainstTheKeysOwn() {
    Keyring keys =
        new Keyring(List.of(new GateKey.Secret("", EnumSet.of(Algorithm.HS512), SECRET)));
    assertThat(reason(keys, Policy.DEFAULT, hs256("{}"))).isEqualTo(Reason.ALG_NOT_ALLOWED);
    assertThat(reason(keys, Policy.DEFAULT, signed("{\"alg\":\"HS512\"}", "{}", SECRET)))
        .isEqualTo(Reason.VALID);
  }

  @Test
  void section32OnlyAppropriateAlgorithms() {
    assertThat(reason(signed("{\"alg\":\"none\"}", "{}", SECRET))).isEqualTo(Reason.ALG_NONE);
    assertThat(reason(signed("{\"alg\":\"RS1\"}", "{}", SECRET))).isEqualTo(Reason.ALG_NOT_ALLOWED);
    assertThat(reason(signed("{\"alg\":\"ES256K\"}", "{}", SECRET)))
        .isEqualTo(Reason.ALG_NOT_ALLOWED);
  }

  @Test
  void section33EveryCryptographicOperationIsValidated() {
    String token = hs256("{\"sub\":\"a\"}");
    assertThat(reason(token.substring(0, token.lastIndexOf('.') + 1)))
        .isEqualTo(Reason.SIGNATURE_MISSING);
    assertThat(
            reason(
                signed(
                    HS256,
                    "{}",
                    "another secret of more than 32 bytes".getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(Reason.SIGNATURE_INVALID);
  }

  @Test
  void section34PointsMustLieOnTheirCurve() {
    String off =
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
            + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4\"}";
    assertThatThrownBy(() -> PublicKeySet.parse(off.getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(KeyException.class);
  }

  @Test
  void section35KeysHaveEnoughEntropy() {
    assertThatThrownBy(() -> Keyring.secret("secret".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("6 bytes");
  }

  @Test
  void section36NothingIsDecompressed() {
    // There is no JWE here, and zip in a JWS header means nothing.
    assertThat(
            reason(signed("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}", "{}", SECRET)))
        .isEqualTo(Reason.ALG_NOT_ALLOWED);
    assertThat(reason("a.b.c.d.e")).isEqualTo(Reason.TOKEN_MALFORMED);
  }

  @Test
  void section37OnlyUtf8() {
    byte[] claims = "{\"sub\":\"\u00E9\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(reason(Tokens.signedBytes(HS256.getBytes(StandardCharsets.US_ASCII), claims)))
        .isEqualTo(Reason.CLAIMS_INVALID);
  }

  @Test
  void section38IssuerAndSubjectAreValidated() {
    Policy policy = Policy.DEFAULT.withIssuers("https://id.example").withSubjects("alice");
    assertThat(verdict(policy, "{\"iss\":\"https://id.example\",\"sub\":\"alice\"}"))
        .isEqualTo(Reason.VALID);
    assertThat(verdict(policy, "{\"iss\":\"https://id.example/\",\"sub\":\"alice\"}"))
        .isEqualTo(Reason.ISSUER_NOT_ALLOWED);
    assertThat(verdict(policy, "{\"sub\":\"alice\"}")).isEqualTo(Reason.ISSUER_NOT_ALLOWED);
    assertThat(verdict(policy, "{\"iss\":\"https://id.example\",\"sub\":\"bob\"}"))
        .isEqualTo(Reason.SUBJECT_NOT_ALLOWED);
  }

  @Test
  void section39AudienceIsValidated() {
    Policy policy = Policy.DEFAULT.withAudiences("orders", "carts");
    assertThat(verdict(policy, "{\"aud\":\"orders\"}")).isEqualTo(Reason.VALID);
    assertThat(verdict(policy, "{\"aud\":[\"x\",\"carts\"]}")).isEqualTo(Reason.VALID);
    assertThat(verdict(policy, "{\"aud\":[]}")).isEqualTo(Reason.AUDIENCE_NOT_ALLOWED);
    assertThat(verdict(policy, "{\"aud\":\"order\"}")).isEqualTo(Reason.AUDIENCE_NOT_ALLOWED);
    assertThat(verdict(policy, "{}")).isEqualTo(Reason.AUDIENCE_NOT_ALLOWED);
  }

  @Test
  void section310ReceivedClaimsAreNotTrustedToFindKeys() {
    assertThat(
            reason(
                signed("{\"alg\":\"HS256\",\"jku\":\"http://127.0.0.1:1/\"}", "{}", new byte[32])))
        .isEqualTo(Reason.SIGNATURE_INVALID);
  }

  @Test
  void section311ExplicitTypes() {
    assertThat(reason(signed("{\"alg\":\"HS256\",\"typ\":\"logout+jwt\"}", "{}", SECRET)))
        .isEqualTo(Reason.TYP_NOT_ALLOWED);
    assertThat(reason(signed("{\"alg\":\"HS256\",\"typ\":\"jwt\"}", "{}", SECRET)))
        .isEqualTo(Reason.VALID);
    Policy events = Policy.DEFAULT.withTypes("application/secevent+jwt");
    Keyring keys = Keyring.secret(SECRET);
    assertThat(
            reason(
                keys, events, signed("{\"alg\":\"HS256\",\"typ\":\"SecEvent+JWT\"}", "{}", SECRET)))
        .isEqualTo(Reason.VALID);
    assertThat(reason(keys, events, hs256("{}"))).isEqualTo(Reason.TYP_NOT_ALLOWED);
    assertThat(reason(keys, events, signed("{\"alg\":\"HS256\"}", "{}", SECRET)))
        .isEqualTo(Reason.TYP_NOT_ALLOWED);
    assertThat(
            reason(
                keys,
                Policy.DEFAULT.withTypes("*"),
                signed("{\"alg\":\"HS256\",\"typ\":5}", "{}", SECRET)))
        .isEqualTo(Reason.VALID);
  }

  @Test
  void section312DifferentKindsOfTokensExcludeEachOther() {
    Policy strict =
        Policy.DEFAULT.withTypes("at+jwt").withRequired("exp", "iss", "aud", "sub", "iat", "jti");
    String access = "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}";
    assertThat(reason(Keyring.secret(SECRET), strict, signed(access, "{\"sub\":\"a\"}", SECRET)))
        .isEqualTo(Reason.CLAIM_MISSING);
    assertThat(reason(Keyring.secret(SECRET), strict, hs256("{\"sub\":\"a\"}")))
        .isEqualTo(Reason.TYP_NOT_ALLOWED);
  }

  private static Reason verdict(Policy policy, String claims) {
    return reason(Keyring.secret(SECRET), policy, hs256(claims));
  }

  private static Reason reason(String token) {
    return reason(Keyring.secret(SECRET), Policy.DEFAULT, token);
  }

  private static Reason reason(Keyring keys, Policy policy, String token) {
    return new Gate(keys, policy, Gate.javaEngine(), InstantSource.fixed(Tokens.NOW))
        .check(token)
        .reason();
  }
}
