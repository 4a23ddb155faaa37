package dev.troth.gate.host;

import static dev.troth.gate.Tokens.hs256;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.PublicMatter;
import dev.troth.gate.Signer;
import dev.troth.gate.Tokens;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.JwkWriter;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.serve.HttpHostContract;
import dev.troth.gate.serve.RawClient;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code troth-gate-all}: what the small host does, and keys that are not secrets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AllAlgorithmsHostTest extends HttpHostContract {
  private static final String CLAIMS = "{\"sub\":\"alice\",\"exp\":9900000000}";
  private NativeGate gate;

  @BeforeAll
  void start() throws IOException {
    gate = NativeGate.startAll(Map.of());
  }

  @AfterAll
  void stop() {
    if (gate != null) {
      gate.close();
    }
  }

  @Override
  protected int port() {
    return gate.port();
  }

  @Test
  void everyAlgorithmHasTheLibrarysVerdictOnMutatedTokens(@TempDir Path folder) throws Exception {
    List<GateKey> keys = new ArrayList<>();
    for (Algorithm algorithm : Signer.ALGORITHMS) {
      keys.add(Signer.of(algorithm).key(algorithm.name()));
    }
    Keyring ring = new Keyring(keys);
    Path file = Files.writeString(folder.resolve("keys.json"), JwkWriter.write(ring));
    Gate library = Gate.of(ring, Policy.DEFAULT);
    long seed = Long.getLong("troth.seed", System.nanoTime());
    int count = Size.count(600, 50_000);
    System.out.printf("%,d tokens of public keys from seed %d%n", count, seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int valid = 0;
    try (NativeGate host = NativeGate.startAll(Map.of("GATE_KEYS", file.toString()));
        RawClient client = new RawClient(host.port())) {
      for (int i = 0; i < count; i++) {
        String token = token(random);
        Verdict expected = library.check(token);
        valid += expected.isValid() ? 1 : 0;
        assertThat(ask(client, token))
            .as("seed %d, token %s", seed, token)
            .contains(
                expected.isValid()
                    ? "\"valid\":true"
                    : "\"reason\":\"" + expected.reason().code() + "\"");
      }
    }
    assertThat(valid).isBetween(count / 10, count * 9 / 10);
  }

  /** Right, with a kid of another key, or with one character changed. */
  private static String token(RandomGenerator random) {
    Algorithm algorithm = Signer.ALGORITHMS.get(random.nextInt(Signer.ALGORITHMS.size()));
    Algorithm named =
        random.nextInt(4) > 0
            ? algorithm
            : Signer.ALGORITHMS.get(random.nextInt(Signer.ALGORITHMS.size()));
    String header = "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(algorithm, named);
    String token = Signer.of(algorithm).token(header.getBytes(US_ASCII), CLAIMS.getBytes(US_ASCII));
    if (random.nextBoolean()) {
      return token;
    }
    byte[] changed = token.getBytes(ISO_8859_1);
    int from = random.nextBoolean() ? 0 : token.lastIndexOf('.') + 1;
    String letters = "ABCabc012-_";
    changed[from + random.nextInt(changed.length - from)] =
        (byte) letters.charAt(random.nextInt(letters.length()));
    return new String(changed, ISO_8859_1);
  }

  @Test
  void keysOfAllKindsAreReadAgainWhileItServes(@TempDir Path folder) throws Exception {
    Signer first = Signer.of(Algorithm.ES256);
    Signer second = Signer.of(Algorithm.RS256);
    Path file = Files.writeString(folder.resolve("keys.json"), first.jwks("a"));
    try (NativeGate host = NativeGate.startAll(Map.of("GATE_KEYS", file.toString()));
        RawClient client = new RawClient(host.port())) {
      assertThat(ask(client, first.token(CLAIMS))).contains("\"valid\":true");
      assertThat(ask(client, second.token(CLAIMS))).contains("alg_not_allowed");
      assertThat(ask(client, hs256(CLAIMS))).contains("alg_not_allowed");
      Files.writeString(
          file, JwkWriter.write(new Keyring(List.of(first.key("a"), second.key("b")))));
      await()
          .until(() -> {
            assertThat(ask(client, first.token(CLAIMS))).contains("\"valid\":true");
            return ask(client, second.token(CLAIMS)).contains("\"valid\":true");
          });
      Files.writeString(file, first.jwks("a").replace("\"use\":\"sig\"", "\"use\":\"enc\""));
      assertThat(host.line()).isEqualTo("keys read again");
      assertThat(host.line())
          .startsWith("the former keys stay: key file")
          .endsWith("key a: use is not sig");
      assertThat(ask(client, second.token(CLAIMS))).contains("\"valid\":true");
    }
  }

  @Test
  void whatItCannotVerifyItRefusesAtItsStart(@TempDir Path folder) throws Exception {
    NativeGate.require("troth-gate-all-x86_64");
    Path file = folder.resolve("keys.json");
    byte[] ed448 = new byte[57];
    ed448[0] = 5;
    Files.writeString(
        file, "{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"" + Tokens.base64(ed448) + "\"}");
    Map<String, String> environment = Map.of("GATE_KEYS", file.toString());
    assertThat(NativeGate.refusalOfAll(environment))
        .endsWith("has no usable key: an Ed448 key is verified by the JVM hosts alone");
    String mixed = Signer.of(Algorithm.ES256).jwks("a");
    Files.writeString(
        file, mixed.replace("[", "[{\"kty\":\"oct\",\"k\":\"" + "A".repeat(43) + "\"},"));
    assertThat(NativeGate.refusalOfAll(environment)).contains("has a secret (kty oct)");
    Files.writeString(file, Signer.of(Algorithm.ES256).jwks("a"));
    assertThat(NativeGate.refusal(environment))
        .contains("is of public keys: this host verifies HS256")
        .endsWith("troth-gate-all the others");
  }

  @Test
  void aTokenThatIsSignedWithAPublicTextIsNeverValid(@TempDir Path folder) throws Exception {
    NativeGate.require("troth-gate-all-x86_64");
    Path file = folder.resolve("keys");
    int serving = 0;
    for (Map.Entry<String, byte[]> form : PublicMatter.forms().entrySet()) {
      Files.write(file, form.getValue());
      Map<String, String> environment = Map.of("GATE_KEYS", file.toString());
      if (!isKey(form.getKey())) {
        assertThat(NativeGate.refusalOfAll(environment))
            .as(form.getKey())
            .startsWith("2 troth-gate: key file " + file);
        continue;
      }
      serving++;
      String text = new String(form.getValue(), ISO_8859_1);
      try (NativeGate host = NativeGate.startAll(environment);
          RawClient client = new RawClient(host.port())) {
        for (String secret : List.of(text, text.strip())) {
          String forged = Tokens.signed("{\"alg\":\"HS256\"}", CLAIMS, secret.getBytes(ISO_8859_1));
          assertThat(ask(client, forged)).as(form.getKey()).contains("alg_not_allowed");
        }
        Signer signer = Signer.of(form.getKey().contains("EC") ? Algorithm.ES256 : Algorithm.RS256);
        assertThat(ask(client, signer.token(CLAIMS)))
            .as("the genuine token of %s", form.getKey())
            .contains("\"valid\":true");
      }
    }
    assertThat(serving).isEqualTo(5);
  }

  private static boolean isKey(String form) {
    return form.startsWith("PEM") || form.equals("JWK set");
  }

  @Test
  void aHundredKeysAndPkcs1AreRead(@TempDir Path folder) throws Exception {
    Signer rsa = Signer.of(Algorithm.RS256);
    Signer ec = Signer.of(Algorithm.ES256);
    Path pem =
        Files.writeString(
            folder.resolve("rsa.pem"),
            PublicMatter.pem(
                "RSA PUBLIC KEY", PublicMatter.pkcs1((RSAPublicKey) rsa.pair().getPublic())));
    List<GateKey> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add(ec.key("k" + i));
    }
    Path set = Files.writeString(folder.resolve("set.json"), JwkWriter.write(new Keyring(keys)));
    try (NativeGate ofPem = NativeGate.startAll(Map.of("GATE_KEYS", pem.toString()));
        RawClient first = new RawClient(ofPem.port());
        NativeGate ofSet = NativeGate.startAll(Map.of("GATE_KEYS", set.toString()));
        RawClient second = new RawClient(ofSet.port())) {
      assertThat(ask(first, rsa.token(CLAIMS))).contains("\"valid\":true");
      byte[] last = "{\"alg\":\"ES256\",\"kid\":\"k99\"}".getBytes(US_ASCII);
      assertThat(ask(second, ec.token(last, CLAIMS.getBytes(US_ASCII)))).contains("\"valid\":true");
    }
  }

  private static String ask(RawClient client, String token) throws IOException {
    return client
        .send("POST /validate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n")
        .read()
        .body();
  }
}
