package dev.troth.gate.host;

import static dev.troth.gate.Tokens.SECRET;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.Signer;
import dev.troth.gate.Tokens;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.serve.ConfiguredHostContract;
import dev.troth.gate.serve.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code troth-gate-all} with a configuration file. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfiguredNativeTest extends ConfiguredHostContract {
  @TempDir private static Path shared = Path.of("");
  private NativeGate gate;

  @BeforeAll
  void start() throws IOException {
    gate = start(shared, CONFIG);
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
  void eachIssuerHasItsKeysAndItsPolicy(@TempDir Path folder) throws Exception {
    Signer a = Signer.of(Algorithm.ES256);
    Signer b = Signer.of(Algorithm.EdDSA);
    Files.writeString(folder.resolve("a.json"), a.jwks("k"));
    Files.writeString(folder.resolve("b.json"), b.jwks("k"));
    String config =
        "{\"issuers\":[{\"issuer\":\"a\",\"keys\":\"a.json\",\"audiences\":\"orders\"},"
            + "{\"issuer\":\"b\",\"keys\":\"b.json\",\"algorithms\":\"EdDSA\"},"
            + "{\"issuer\":\"c\",\"secretFile\":\"secret\"}]}";
    try (NativeGate host = start(folder, config);
        RawClient client = new RawClient(host.port())) {
      assertThat(ask(client, a.token("{\"iss\":\"a\",\"aud\":\"orders\"}"))).contains("true");
      assertThat(ask(client, a.token("{\"iss\":\"a\"}"))).contains("audience_not_allowed");
      assertThat(ask(client, b.token("{\"iss\":\"b\"}"))).contains("true");
      assertThat(ask(client, a.token("{\"iss\":\"b\"}"))).contains("alg_not_allowed");
      assertThat(ask(client, Tokens.hs256("{\"iss\":\"c\"}"))).contains("true");
      assertThat(ask(client, Tokens.hs256("{\"iss\":\"a\"}"))).contains("alg_not_allowed");
      assertThat(ask(client, a.token("{\"iss\":\"d\"}"))).contains("issuer_not_allowed");
      Files.writeString(folder.resolve("b.json"), a.jwks("k"));
      assertThat(host.line()).startsWith("the former keys stay: key file " + folder);
      assertThat(ask(client, b.token("{\"iss\":\"b\"}"))).contains("true");
    }
  }

  @Test
  void whatItCannotDoItRefusesAtItsStart(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("gate.json");
    Files.writeString(file, "{\"issuers\":[{\"jwksUrl\":\"https://id.example\"}]}");
    Map<String, String> environment = Map.of("GATE_CONFIG", file.toString());
    assertThat(NativeGate.refusalOfAll(environment)).contains("troth gate keys sync keeps a file");
    Files.writeString(file, "{\"issuers\":[{\"keys\":\"k\",\"audience\":\"x\"}]}");
    assertThat(NativeGate.refusalOfAll(environment))
        .contains("issuers[0] has no member 'audience'");
    assertThat(
            NativeGate.refusalOfAll(Map.of("GATE_CONFIG", file.toString(), "GATE_AUDIENCE", "x")))
        .contains("GATE_AUDIENCE and GATE_CONFIG: expected one of them");
  }

  private static NativeGate start(Path folder, String config) throws IOException {
    Files.write(folder.resolve("secret"), SECRET);
    Path file = Files.write(folder.resolve("gate.json"), config.getBytes(US_ASCII));
    return NativeGate.startAll(Map.of("GATE_CONFIG", file.toString()));
  }

  private static String ask(RawClient client, String token) throws IOException {
    return client
        .send("POST /validate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n")
        .read()
        .body();
  }
}
