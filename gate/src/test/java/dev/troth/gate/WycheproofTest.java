package dev.troth.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.arithmetic.LimbArithmetic;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.core.TokenValidator;
import dev.troth.gate.jwk.KeyDocument;
import dev.troth.gate.jwk.PublicKeyData;
import dev.troth.gate.jwk.SecretDocument;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.keys.PublicKeySet;
import dev.troth.gate.keys.SecretSet;
import dev.troth.testkit.Suites;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Project Wycheproof's JSON Web Signature and JSON Web Key vectors. */
class WycheproofTest {
  /** Vectors on which gate and Wycheproof differ, each reviewed. */
  private static final Map<Integer, String> REVIEWED =
      Map.of(
          346, "RFC 7520 figure 20 beside a key whose alg is PS256; the token says PS384",
          347, "the key's alg is ES521, which RFC 7518 does not have",
          350, "as 346",
          351, "as 347",
          367, "named invalid padding, but the same well-formed token as 357 with a true code",
          370, "as 367",
          372, "named invalid character, has ? in its header, yet is marked valid",
          373, "as 372, in the payload");

  @Test
  void everySignatureVectorHasItsVerdict() throws Exception {
    assertThat(disagreements("json_web_signature_test.json", REVIEWED, WycheproofTest::verdict))
        .isEmpty();
  }

  @Test
  void everyKeyVectorHasItsVerdict() throws Exception {
    assertThat(disagreements("json_web_key_test.json", Map.of(), WycheproofTest::verdict))
        .isEmpty();
  }

  @Test
  void arithmeticOverLimbsGivesTheSameVerdicts() throws Exception {
    assertThat(disagreements("json_web_signature_test.json", REVIEWED, WycheproofTest::limbVerdict))
        .isEmpty();
    assertThat(disagreements("json_web_key_test.json", Map.of(), WycheproofTest::limbVerdict))
        .isEmpty();
  }

  /** Judges one token under one key, in whatever way: {@code valid} or why not. */
  @FunctionalInterface
  private interface Judge {
    String verdict(String key, JsonNode jws);
  }

  private static List<String> disagreements(String file, Map<Integer, String> reviewed, Judge judge)
      throws Exception {
    Path path = Suites.require("wycheproof").resolve(file);
    List<String> wrong = new ArrayList<>();
    for (JsonNode group : JsonMapper.shared().readTree(path.toFile()).get("testGroups")) {
      JsonNode key = group.has("public") ? group.get("public") : group.get("private");
      for (JsonNode test : group.get("tests")) {
        boolean expected = test.get("result").asString().equals("valid");
        String reason = judge.verdict(key.toString(), test.get("jws"));
        int id = test.get("tcId").asInt();
        if (expected == reason.equals("valid") == reviewed.containsKey(id)) {
          wrong.add(id + " " + test.get("comment") + " expected " + expected + ": " + reason);
        }
      }
    }
    return wrong;
  }

  private static String verdict(String key, JsonNode jws) {
    Keyring keys;
    try {
      byte[] json = key.getBytes(US_ASCII);
      keys =
          key.contains("\"oct\"")
              ? SecretSet.parse(json, Set.of(), SecretDocument.Form.JWK).keys()
              : PublicKeySet.parse(json).keys();
    } catch (KeyException refused) {
      return String.valueOf(refused.getMessage());
    }
    return verdict(keys.settings(), keys.arithmetic(), jws);
  }

  private static String limbVerdict(String key, JsonNode jws) {
    byte[] json = key.getBytes(US_ASCII);
    if (key.contains("\"oct\"")) {
      // Secrets are not arithmetic's.
      return verdict(key, jws);
    }
    KeyDocument document = KeyDocument.read(json, 0);
    if (!document.problem().isEmpty()) {
      return document.problem();
    }
    LimbArithmetic limbs = new LimbArithmetic(1);
    PublicKeyData data = document.keys().getFirst();
    String problem = limbs.add(data);
    return problem.isEmpty()
        ? verdict(new SettingsWriter().hostKey(data.algorithms(), data.id(), 0), limbs, jws)
        : problem;
  }

  private static String verdict(
      SettingsWriter writer, SignatureArithmetic arithmetic, JsonNode jws) {
    byte[] token = (jws.isString() ? jws.asString() : jws.toString()).getBytes(US_ASCII);
    byte[] settings = writer.toBytes();
    TokenValidator validator =
        new TokenValidator(requireNonNull(Settings.read(settings, 0, settings.length)), arithmetic);
    Reason reason = validator.verifySignature(token, 0, token.length);
    return reason.code();
  }
}
