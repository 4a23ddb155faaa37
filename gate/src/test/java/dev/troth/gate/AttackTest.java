package dev.troth.gate;

import static dev.troth.gate.Tokens.HS256;
import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.base64;
import static dev.troth.gate.Tokens.hs256;
import static dev.troth.gate.Tokens.signed;
import static dev.troth.gate.Tokens.signedBytes;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.keys.PublicKeySet;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried against validators of tokens. */
class AttackTest {
  private static final String CLAIMS = "{\"sub\":\"alice\",\"exp\":1900000000}";
  private static final long NOW = Tokens.NOW.getEpochSecond();

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", "n\\u006fne"})
  void algNoneIsRefusedInEverySpelling(String alg) {
    String header = "{\"alg\":\"" + alg + "\"}";
    String unsigned = base64(header.getBytes(UTF_8)) + "." + base64(CLAIMS.getBytes(UTF_8)) + ".";
    assertThat(verdict(unsigned)).isEqualTo(Reason.SIGNATURE_MISSING);
    assertThat(verdict(signed(header, CLAIMS, SECRET))).isEqualTo(Reason.ALG_NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hs256",
        "HS256 ",
        "HS255",
        "HS384",
        "RS256",
        "",
        "HS256\\u0000",
        "ES256",
        "EdDSA"
      })
  void onlyTheKeysOwnAlgorithmIsTaken(String alg) {
    assertThat(verdict(signed("{\"alg\":\"" + alg + "\"}", CLAIMS, SECRET)))
        .isEqualTo(Reason.ALG_NOT_ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"alg\":null}", "{\"alg\":5}", "{\"alg\":[\"HS256\"]}", "[]", "x"})
  void aHeaderWithoutAnAlgorithmIsNone(String header) {
    assertThat(verdict(signed(header, CLAIMS, SECRET))).isEqualTo(Reason.HEADER_INVALID);
  }

  @Test
  void aPublicKeyIsNeverTakenForASecret() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Keyring keys =
        new Keyring(List.of(new GateKey.Public("", EnumSet.of(Algorithm.RS256), pair.getPublic())));
    for (byte[] secret :
        List.of(
            pair.getPublic().getEncoded(),
            ((RSAPublicKey) pair.getPublic()).getModulus().toByteArray())) {
      assertThat(gate(keys, Policy.DEFAULT).check(signed(HS256, CLAIMS, secret)).reason())
          .isEqualTo(Reason.ALG_NOT_ALLOWED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../dev/null",
        "/etc/passwd",
        "' OR '1'='1",
        "http://evil.example/key",
        "a\\u0000",
        "",
        "A"
      })
  void aKidIsCompared_neverFollowed(String kid) {
    Keyring keys =
        new Keyring(List.of(new GateKey.Secret("a", EnumSet.of(Algorithm.HS256), SECRET)));
    String token = signed("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}", CLAIMS, SECRET);
    assertThat(gate(keys, Policy.DEFAULT).check(token).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    String good = signed("{\"alg\":\"HS256\",\"kid\":\"a\"}", CLAIMS, SECRET);
    assertThat(gate(keys, Policy.DEFAULT).check(good).isValid()).isTrue();
  }

  @Test
  void keysThatATokenBringsAreNotLookedAt() {
    byte[] own = new byte[64];
    String jwk = "{\"kty\":\"oct\",\"k\":\"" + base64(own) + "\"}";
    for (String member :
        List.of(
            "\"jwk\":" + jwk,
            "\"jku\":\"http://evil.example/jwks\"",
            "\"x5u\":\"http://evil.example/cert\"",
            "\"x5c\":[\"MIIB\"]")) {
      assertThat(verdict(signed("{\"alg\":\"HS256\"," + member + "}", CLAIMS, own)))
          .as(member)
          .isEqualTo(Reason.SIGNATURE_INVALID);
      assertThat(verdict(signed("{\"alg\":\"HS256\"," + member + "}", CLAIMS, SECRET)))
          .as(member)
          .isEqualTo(Reason.VALID);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"exp\"]", "[\"b64\"]", "[]", "\"exp\"", "null", "[1]"})
  void criticalExtensionsAreRefused(String crit) {
    assertThat(verdict(signed("{\"alg\":\"HS256\",\"crit\":" + crit + "}", CLAIMS, SECRET)))
        .isEqualTo(Reason.CRIT_NOT_UNDERSTOOD);
  }

  @Test
  void shortAndEmptySecretsAreRefusedWithTheirLength() {
    for (int length : new int[] {0, 1, 16, 31}) {
      assertThatThrownBy(() -> Keyring.secret(new byte[length]))
          .isInstanceOf(KeyException.class)
          .hasMessageContaining(length + " bytes")
          .hasMessageContaining("openssl rand -base64 48");
    }
    assertThat(
            gate(Keyring.secret(new byte[1_000_000]), Policy.DEFAULT).check(hs256(CLAIMS)).reason())
        .isEqualTo(Reason.SIGNATURE_INVALID);
  }

  @Test
  void giantRsaKeysAreRefused() {
    String modulus = base64(BigInteger.ONE.shiftLeft(16_384).setBit(0).toByteArray());
    assertThatThrownBy(() ->
            PublicKeySet.parse(
                ("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + modulus + "\"}").getBytes(US_ASCII)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("bits");
  }

  @Test
  void everyTruncationAndEveryFlippedBitIsRefused() {
    String token = hs256(CLAIMS);
    Gate gate = gate(Keyring.secret(SECRET), Policy.DEFAULT);
    for (int length = 0; length < token.length(); length++) {
      assertThat(gate.check(token.substring(0, length)).isValid()).as("first " + length).isFalse();
    }
    byte[] bytes = token.getBytes(US_ASCII);
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(gate.check(flipped, 0, flipped.length).isValid()).as("bit " + bit).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
        "{\"alg\":\"none\",\"\\u0061lg\":\"HS256\"}",
        "{\"alg\":\"HS256\",\"x\":{\"a\":1,\"a\":1}}"
      })
  void duplicateMembersOfTheHeaderAreRefused(String header) {
    assertThat(verdict(signed(header, CLAIMS, SECRET))).isEqualTo(Reason.MEMBER_DUPLICATE);
  }

  @Test
  void duplicateClaimsAreRefused() {
    assertThat(verdict(hs256("{\"sub\":\"a\",\"\\u0073ub\":\"b\"}")))
        .isEqualTo(Reason.MEMBER_DUPLICATE);
  }

  @Test
  void deepAndManyValuedDocumentsAreRefused() {
    String deep = "{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    assertThat(verdict(hs256(deep))).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(verdict(signed(deep, CLAIMS, SECRET))).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(verdict(hs256("{\"a\":[" + "1,".repeat(600) + "1]}")))
        .isEqualTo(Reason.LIMIT_EXCEEDED);
  }

  @Test
  void aTokenOfAMegabyteIsRefusedUnread() {
    assertThat(verdict("a".repeat(1 << 20))).isEqualTo(Reason.TOKEN_TOO_LARGE);
    assertThat(verdict(hs256("{\"a\":\"" + "x".repeat(1 << 20) + "\"}")))
        .isEqualTo(Reason.TOKEN_TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource({
    "'', TOKEN_MISSING",
    "., TOKEN_MALFORMED",
    ".., TOKEN_MALFORMED",
    "..., TOKEN_MALFORMED",
    "a.b, TOKEN_MALFORMED",
    "a.b.c.d.e, TOKEN_MALFORMED",
    "{}, TOKEN_MALFORMED",
    "a.b.c, ENCODING_INVALID",
    "' a.b.c', ENCODING_INVALID",
    "é.é.é, ENCODING_INVALID"
  })
  void whatIsNotACompactTokenIsRefused(String text, Reason expected) {
    assertThat(verdict(text)).isEqualTo(expected);
  }

  @Test
  void base64urlHasOneSpelling() {
    // A header of 26 bytes leaves two characters whose last four bits encode nothing.
    String token = signed("{\"alg\":\"HS256\",\"typ\":\"JWT\"} ".strip() + " ", CLAIMS, SECRET);
    int end = token.indexOf('.');
    for (String suffix : List.of("=", "==", "\n", " ", "%3D")) {
      String padded = token.substring(0, end) + suffix + token.substring(end);
      assertThat(verdict(padded)).as(suffix).isEqualTo(Reason.ENCODING_INVALID);
      assertThat(verdict(token + suffix)).as(suffix).isEqualTo(Reason.ENCODING_INVALID);
    }
    char last = token.charAt(token.length() - 1);
    String other = token.substring(0, token.length() - 1) + (char) (last + 1);
    assertThat(verdict(other)).isIn(Reason.ENCODING_INVALID, Reason.SIGNATURE_INVALID);
    assertThat(verdict(token.replace('-', '+').replace('_', '/') + "+")).isNotEqualTo(Reason.VALID);
  }

  @Test
  void invalidUtf8IsRefusedEvenWhenItIsSigned() {
    byte[] claims = "{\"sub\":\"a\u00FF\"}".getBytes(ISO_8859_1);
    assertThat(verdict(signedBytes(HS256.getBytes(UTF_8), claims)))
        .isEqualTo(Reason.CLAIMS_INVALID);
    byte[] header = "{\"alg\":\"HS256\",\"x\":\"\u00C0\u0080\"}".getBytes(ISO_8859_1);
    assertThat(verdict(signedBytes(header, CLAIMS.getBytes(UTF_8))))
        .isEqualTo(Reason.HEADER_INVALID);
  }

  @Test
  void datesHoldAtTheirBorders() {
    assertThat(verdict(claim("exp", NOW))).isEqualTo(Reason.EXPIRED);
    assertThat(verdict(claim("exp", NOW + 1))).isEqualTo(Reason.VALID);
    assertThat(verdict("exp", NOW + ".001")).isEqualTo(Reason.VALID);
    assertThat(verdict("exp", NOW + ".0001")).isEqualTo(Reason.EXPIRED);
    assertThat(verdict(claim("nbf", NOW))).isEqualTo(Reason.VALID);
    assertThat(verdict(claim("nbf", NOW + 1))).isEqualTo(Reason.NOT_ACTIVE);
    assertThat(verdict("nbf", NOW + ".5")).isEqualTo(Reason.NOT_ACTIVE);
    assertThat(verdict(claim("iat", NOW + 60))).isEqualTo(Reason.VALID);
    assertThat(verdict(claim("iat", NOW + 61))).isEqualTo(Reason.ISSUED_IN_FUTURE);
    assertThat(verdict("exp", "9007199254740993")).isEqualTo(Reason.VALID);
    for (String beyond : List.of("1e300", "1e999", "-1e300", "9223372036854775.808e3")) {
      assertThat(verdict("exp", beyond)).as(beyond).isEqualTo(Reason.EXP_INVALID);
      assertThat(verdict("nbf", beyond)).as(beyond).isEqualTo(Reason.NBF_INVALID);
      assertThat(verdict("iat", beyond)).as(beyond).isEqualTo(Reason.IAT_INVALID);
    }
    assertThat(verdict("exp", "1e-999")).isEqualTo(Reason.EXPIRED);
    assertThat(verdict("exp", "1e15")).isEqualTo(Reason.VALID);
    assertThat(verdict("exp", "-0")).isEqualTo(Reason.EXPIRED);
    assertThat(verdict("exp", "0")).isEqualTo(Reason.EXPIRED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"exp\":\"1900000000\"}|EXP_INVALID",
        "{\"exp\":null}|EXP_INVALID",
        "{\"exp\":true}|EXP_INVALID",
        "{\"exp\":[1900000000]}|EXP_INVALID",
        "{\"nbf\":\"0\"}|NBF_INVALID",
        "{\"iat\":\"0\"}|IAT_INVALID",
        "{\"sub\":1}|CLAIMS_INVALID",
        "{\"iss\":{}}|CLAIMS_INVALID",
        "{\"aud\":[1]}|CLAIMS_INVALID",
        "{\"jti\":[]}|CLAIMS_INVALID",
        "[1]|CLAIMS_INVALID",
        "text|CLAIMS_INVALID"
      })
  void claimsHaveTheirTypes(String claims, Reason expected) {
    assertThat(verdict(hs256(claims))).isEqualTo(expected);
  }

  @Test
  void leewayShiftsTheBordersBothWays() {
    Gate gate = gate(Keyring.secret(SECRET), Policy.DEFAULT.withLeeway(Duration.ofSeconds(30)));
    assertThat(gate.check(claim("exp", NOW - 29)).isValid()).isTrue();
    assertThat(gate.check(claim("exp", NOW - 30)).reason()).isEqualTo(Reason.EXPIRED);
    assertThat(gate.check(claim("nbf", NOW + 30)).isValid()).isTrue();
    assertThat(gate.check(claim("nbf", NOW + 31)).reason()).isEqualTo(Reason.NOT_ACTIVE);
  }

  @Test
  void aLifetimeThatIsTooLongOrUnknownIsRefused() {
    Gate gate = gate(Keyring.secret(SECRET), Policy.DEFAULT.withMaxLifetime(Duration.ofHours(1)));
    String claims = "{\"iat\":" + NOW + ",\"exp\":" + (NOW + 3600) + "}";
    assertThat(gate.check(hs256(claims)).isValid()).isTrue();
    assertThat(gate.check(hs256(claims.replace("" + (NOW + 3600), "" + (NOW + 3601)))).reason())
        .isEqualTo(Reason.LIFETIME_EXCEEDED);
    assertThat(gate.check(claim("exp", NOW + 5)).reason()).isEqualTo(Reason.CLAIM_MISSING);
    assertThat(gate.check(hs256("{\"iat\":-9e15,\"exp\":9e15}")).reason())
        .isEqualTo(Reason.LIFETIME_EXCEEDED);
  }

  @Test
  void aRevokedTokenIsRefused() {
    Gate gate =
        gate(Keyring.secret(SECRET), Policy.DEFAULT.withRevoked(Set.of("one", "two", "three")));
    assertThat(gate.check(hs256("{\"jti\":\"two\"}")).reason()).isEqualTo(Reason.REVOKED);
    assertThat(gate.check(hs256("{\"jti\":\"t\\u0077o\"}")).reason()).isEqualTo(Reason.REVOKED);
    assertThat(gate.check(hs256("{\"jti\":\"four\"}")).isValid()).isTrue();
  }

  private static String claim(String name, long value) {
    return hs256("{\"" + name + "\":" + value + "}");
  }

  private static Reason verdict(String name, String number) {
    return verdict(hs256("{\"" + name + "\":" + number + "}"));
  }

  private static Reason verdict(String token) {
    return gate(Keyring.secret(SECRET), Policy.DEFAULT).check(token).reason();
  }

  private static Gate gate(Keyring keys, Policy policy) {
    return new Gate(keys, policy, Gate.javaEngine(), InstantSource.fixed(Tokens.NOW));
  }
}
