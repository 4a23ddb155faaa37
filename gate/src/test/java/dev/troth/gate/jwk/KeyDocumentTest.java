package dev.troth.gate.jwk;

import static dev.troth.gate.Tokens.base64;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.PublicMatter;
import dev.troth.gate.Signer;
import dev.troth.gate.Tokens;
import dev.troth.gate.arithmetic.LimbArithmetic;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.PublicKeySet;
import dev.troth.gate.keys.SecretSet;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key document is what it was declared to be, or it is refused. */
class KeyDocumentTest {
  private static final Signer RSA = Signer.of(Algorithm.RS256);
  private static final Signer EC = Signer.of(Algorithm.ES256);
  private static final Signer ED = Signer.of(Algorithm.EdDSA);

  @Test
  void whatIsPublicIsNeverASecret() {
    PublicMatter.forms()
        .forEach((name, text) ->
            assertThatThrownBy(() -> SecretSet.parse(text, Set.of(), SecretDocument.Form.ANY))
                .as(name)
                .isInstanceOf(KeyException.class));
  }

  @Test
  void noTokenThatIsSignedWithAPublicTextIsValid() {
    String claims = "{\"sub\":\"attacker\"}";
    PublicMatter.forms()
        .forEach((name, text) -> {
          byte[] stripped = new String(text, ISO_8859_1).stripTrailing().getBytes(ISO_8859_1);
          for (byte[] secret : List.of(text, stripped)) {
            String forged = Tokens.signed("{\"alg\":\"HS256\"}", claims, secret);
            try {
              Gate gate = Gate.of(PublicKeySet.parse(text).keys(), Policy.DEFAULT);
              assertThat(gate.check(forged).reason()).as(name).isEqualTo(Reason.ALG_NOT_ALLOWED);
            } catch (KeyException refused) {
              // As good: there is no gate to ask.
            }
          }
        });
  }

  @Test
  void whatIsNotRecognisedIsRefusedWithTheCure() {
    assertThat(problem(RSA.pair().getPublic().getEncoded())).contains("openssl pkey -pubin");
    assertThat(problem("ssh-ed25519 AAAA".getBytes(US_ASCII))).contains("ssh-keygen -e");
    assertThat(problem("[]".getBytes(US_ASCII))).contains("is a JSON array");
    assertThat(problem("<html>".getBytes(US_ASCII))).contains("is markup");
    assertThat(problem(new byte[0])).contains("is empty");
    assertThat(problem("a secret of more than thirty-two bytes".getBytes(US_ASCII)))
        .contains("JWT_SECRET_FILE");
  }

  @Test
  void aSecretAmongPublicKeysRefusesThemAll() {
    String jwks =
        RSA.jwks("r")
            .replace(
                "[", "[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"" + base64(Tokens.SECRET) + "\"},");
    assertThat(problem(jwks.getBytes(US_ASCII))).contains("kty oct").contains("key s");
  }

  @Test
  void pemIsReadWhateverStandsAroundIt() throws Exception {
    RSAPublicKey rsa = (RSAPublicKey) RSA.pair().getPublic();
    String pkcs1 = PublicMatter.pem("RSA PUBLIC KEY", PublicMatter.pkcs1(rsa));
    String spki = PublicMatter.pem("PUBLIC KEY", rsa.getEncoded());
    for (String text :
        List.of(
            spki,
            pkcs1,
            "\u00ef\u00bb\u00bf" + spki,
            "subject=CN = idp\n" + spki + "trailing words\n",
            spki.replace("\n", "\r\n"))) {
      Gate gate = Gate.of(PublicKeySet.parse(text.getBytes(ISO_8859_1)).keys(), Policy.DEFAULT);
      assertThat(gate.check(RSA.token("{}")).isValid()).as(text).isTrue();
    }
    for (Signer signer : List.of(EC, Signer.of(Algorithm.ES384), Signer.of(Algorithm.ES512), ED)) {
      byte[] text =
          PublicMatter.pem("PUBLIC KEY", signer.pair().getPublic().getEncoded()).getBytes(US_ASCII);
      Gate gate = Gate.of(PublicKeySet.parse(text).keys(), Policy.DEFAULT);
      assertThat(gate.check(signer.token("{}")).isValid()).as("%s", signer.algorithm()).isTrue();
    }
    byte[] secret =
        PublicMatter.pem("PRIVATE KEY", RSA.pair().getPrivate().getEncoded()).getBytes(US_ASCII);
    assertThat(problem(secret)).contains("is a private key");
  }

  @Test
  void oneIdMayNameKeysOfOtherKindsAndAlgorithms() {
    String three =
        set(
            jwk(RSA, "a", "\"alg\":\"RS256\""),
            jwk(RSA, "a", "\"alg\":\"RS384\""),
            jwk(EC, "a", "\"alg\":\"ES256\""));
    Gate gate = Gate.of(PublicKeySet.parse(three.getBytes(US_ASCII)).keys(), Policy.DEFAULT);
    assertThat(gate.check(token(RSA, "RS256", "a")).isValid()).isTrue();
    assertThat(gate.check(token(EC, "ES256", "a")).isValid()).isTrue();
    String two = set(jwk(EC, "a", ""), jwk(freshEc(), "a", ""));
    assertThat(problem(two.getBytes(US_ASCII))).contains("two keys of one kid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kty\":\"RSA\",\"kid\":7}",
        "{\"kty\":\"RSA\",\"kid\":\"x\",\"x5c\":[\"MIIB\"]}",
        "{\"kty\":\"new\",\"kid\":\"x\"}",
        "{\"kty\":\"RSA\",\"kid\":\"x\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
        "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":5}",
        "{\"use\":\"enc\",\"kty\":\"RSA\"}",
        "{\"key_ops\":[\"sign\"],\"kty\":\"RSA\"}",
        "{\"kty\":null}",
        "7",
        "null",
        "[]"
      })
  void anOddMemberIsIgnoredAlone(String odd) {
    byte[] text = set(odd, jwk(EC, "good", "\"use\":null,\"key_ops\":null")).getBytes(US_ASCII);
    PublicKeySet set = PublicKeySet.parse(text);
    assertThat(set.ignored()).hasSize(1);
    assertThat(Gate.of(set.keys(), Policy.DEFAULT).check(token(EC, "ES256", "good")).isValid())
        .isTrue();
    LimbArithmetic limbs = new LimbArithmetic(2);
    long good =
        KeyDocument.read(text, 0).keys().stream().filter(key -> limbs.add(key).isEmpty()).count();
    assertThat(good).as("the native host ignores the same").isEqualTo(1);
  }

  @Test
  void aTokenWithoutKidIsTriedWithEveryKeyOfTwelve() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      keys.add(jwk(freshEc(), "k" + i, ""));
    }
    keys.add(jwk(EC, "k11", ""));
    byte[] text = set(keys.toArray(new String[0])).getBytes(US_ASCII);
    Gate gate = Gate.of(PublicKeySet.parse(text).keys(), Policy.DEFAULT);
    assertThat(gate.check(EC.token("{}")).isValid()).isTrue();
  }

  @Test
  void aHundredKeysWithIdsAreRead() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add(jwk(EC, "k" + i, ""));
    }
    byte[] text = set(keys.toArray(new String[0])).getBytes(US_ASCII);
    Gate gate = Gate.of(PublicKeySet.parse(text).keys(), Policy.DEFAULT);
    assertThat(gate.check(token(EC, "ES256", "k99")).isValid()).isTrue();
    assertThat(gate.check(freshEc().token("{}")).reason())
        .as("more keys than one token is tried with")
        .isEqualTo(Reason.LIMIT_EXCEEDED);
  }

  @Test
  void edwardsKeysKnowBothNamesOfTheirAlgorithm() {
    for (String alg : List.of("", "\"alg\":\"EdDSA\"", "\"alg\":\"Ed25519\"")) {
      byte[] text = set(jwk(ED, "e", alg)).getBytes(US_ASCII);
      Gate gate = Gate.of(PublicKeySet.parse(text).keys(), Policy.DEFAULT);
      assertThat(gate.check(token(ED, "EdDSA", "e")).isValid()).as(alg).isTrue();
      assertThat(gate.check(token(ED, "Ed25519", "e")).isValid()).as(alg).isTrue();
      assertThat(gate.check(token(ED, "Ed448", "e")).reason())
          .as(alg)
          .isEqualTo(Reason.ALG_NOT_ALLOWED);
    }
    assertThat(problem(set(jwk(ED, "e", "\"alg\":\"Ed448\"")).getBytes(US_ASCII)))
        .contains("alg does not fit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "7P_______________________________________38",
        "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU"
      })
  void anEdwardsKeyOfSmallOrderIsRefused(String x) {
    String jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x + "\"}";
    assertThatThrownBy(() -> PublicKeySet.parse(jwk.getBytes(US_ASCII)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("small order");
  }

  @Test
  void anEd448KeyOfSmallOrderIsRefused() {
    for (int y : new int[] {0, 1}) {
      byte[] point = new byte[57];
      point[0] = (byte) y;
      String jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"" + base64(point) + "\"}";
      assertThatThrownBy(() -> PublicKeySet.parse(jwk.getBytes(US_ASCII)))
          .hasMessageContaining("small order");
    }
  }

  private static String problem(byte[] text) {
    return KeyDocument.read(text, 0).problem();
  }

  private static Signer freshEc() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return new Signer(Algorithm.ES256, generator.generateKeyPair());
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String set(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  /** The key with other members beside those of its kind. */
  private static String jwk(Signer signer, String id, String members) {
    String jwks = signer.jwks(id);
    String jwk = jwks.substring(jwks.indexOf('[') + 1, jwks.lastIndexOf(']'));
    jwk = jwk.replace("\"use\":\"sig\",", "").replaceFirst("\"alg\":\"[^\"]*\",", "");
    return members.isEmpty() ? jwk : jwk.replaceFirst("\\{", "{" + members + ",");
  }

  private static String token(Signer signer, String algorithm, String id) {
    String header = "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(algorithm, id);
    return signer.token(header.getBytes(US_ASCII), "{}".getBytes(US_ASCII));
  }
}
