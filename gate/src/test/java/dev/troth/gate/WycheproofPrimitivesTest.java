package dev.troth.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.arithmetic.LimbArithmetic;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.jwk.KeyDocument;
import dev.troth.gate.jwk.PublicKeyData;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.PublicKeySet;
import dev.troth.testkit.Suites;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Project Wycheproof's vectors of the signature schemes themselves, for the JDK's arithmetic and
 * for that over limbs; the keys come as PEM, so its reader is held to them too.
 */
class WycheproofPrimitivesTest {
  @ParameterizedTest
  @CsvSource({
    "ecdsa_secp256r1_sha256_p1363, ES256",
    "ecdsa_secp384r1_sha384_p1363, ES384",
    "ecdsa_secp521r1_sha512_p1363, ES512",
    "ed25519, EdDSA",
    "ed448, EdDSA",
    "rsa_pss_2048_sha256_mgf1_32, PS256",
    "rsa_pss_2048_sha384_mgf1_48, PS384",
    "rsa_pss_3072_sha256_mgf1_32, PS256",
    "rsa_pss_4096_sha256_mgf1_32, PS256",
    "rsa_pss_4096_sha384_mgf1_48, PS384",
    "rsa_pss_4096_sha512_mgf1_64, PS512",
    "rsa_signature_2048_sha256, RS256",
    "rsa_signature_2048_sha384, RS384",
    "rsa_signature_2048_sha512, RS512",
    "rsa_signature_3072_sha256, RS256",
    "rsa_signature_3072_sha384, RS384",
    "rsa_signature_3072_sha512, RS512",
    "rsa_signature_4096_sha256, RS256",
    "rsa_signature_4096_sha384, RS384",
    "rsa_signature_4096_sha512, RS512"
  })
  void everyVectorHasItsVerdict(String file, Algorithm algorithm) throws Exception {
    Path path = Suites.require("wycheproof").resolve(file + "_test.json");
    List<String> wrong = new ArrayList<>();
    int valid = 0;
    for (JsonNode group : JsonMapper.shared().readTree(path.toFile()).get("testGroups")) {
      byte[] pem = group.get("publicKeyPem").asString().getBytes(US_ASCII);
      SignatureArithmetic jdk = jca(pem, algorithm);
      SignatureArithmetic limbs = limbs(pem, algorithm);
      for (JsonNode test : group.get("tests")) {
        byte[] data = HexFormat.of().parseHex(test.get("msg").asString());
        byte[] signature = HexFormat.of().parseHex(test.get("sig").asString());
        String result = test.get("result").asString();
        boolean jca = verify(jdk, algorithm, data, signature);
        valid += jca ? 1 : 0;
        if (!result.equals("acceptable") && jca != result.equals("valid")) {
          wrong.add("JDK " + test.get("tcId") + " " + test.get("comment") + ": " + jca);
        }
        if (!file.equals("ed448") && verify(limbs, algorithm, data, signature) != jca) {
          wrong.add("limbs " + test.get("tcId") + " " + test.get("comment") + ": " + !jca);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(valid).isPositive();
  }

  private static boolean verify(
      SignatureArithmetic arithmetic, Algorithm algorithm, byte[] data, byte[] signature) {
    return arithmetic.verify(0, algorithm, data, 0, data.length, signature, signature.length);
  }

  private static SignatureArithmetic jca(byte[] pem, Algorithm algorithm) {
    try {
      return PublicKeySet.parse(pem, Set.of(algorithm)).keys().arithmetic();
    } catch (KeyException refused) {
      return SignatureArithmetic.NONE;
    }
  }

  private static SignatureArithmetic limbs(byte[] pem, Algorithm algorithm) {
    boolean rsa = algorithm.number() < Algorithm.ES256.number();
    List<PublicKeyData> keys = KeyDocument.read(pem, rsa ? algorithm.bit() : 0).keys();
    LimbArithmetic limbs = new LimbArithmetic(1);
    return keys.isEmpty() || !limbs.add(keys.getFirst()).isEmpty()
        ? SignatureArithmetic.NONE
        : limbs;
  }
}
