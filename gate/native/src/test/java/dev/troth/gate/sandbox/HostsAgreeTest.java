package dev.troth.gate.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.Engine;
import dev.troth.gate.Gate;
import dev.troth.gate.SelfTest;
import dev.troth.gate.Tokens;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.host.NativeGate;
import dev.troth.gate.serve.RawClient;
import dev.troth.testkit.Size;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One core, four hosts, one verdict. */
class HostsAgreeTest {
  private static final int BATCH = 200;

  private static Engine sandbox() {
    NativeGate.require("gate.wasm");
    return SandboxEngine.builtIn()
        .orElseThrow(() -> new AssertionError("gate.wasm is there, its classes are not"));
  }

  @Test
  void theSandboxPassesTheSelfTest() {
    SelfTest.run(sandbox());
  }

  @Test
  void libraryAndSandboxAndNativeHostGiveOneVerdictOnMutatedTokens() throws Exception {
    Engine.Validator plain = Gate.javaEngine().create(settings(), SignatureArithmetic.NONE);
    Engine.Validator inside = sandbox().create(settings(), SignatureArithmetic.NONE);
    long seed = Long.getLong("troth.seed", System.nanoTime());
    int count = Size.count(20_000, 1_000_000);
    System.out.printf("%,d mutated tokens from seed %d%n", count, seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int[] reasons = new int[Reason.count()];
    try (NativeGate host = NativeGate.start(Map.of());
        RawClient client = new RawClient(host.port())) {
      for (int done = 0; done < count; done += BATCH) {
        List<byte[]> tokens = new ArrayList<>();
        List<Reason> expected = new ArrayList<>();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < BATCH; i++) {
          byte[] token = MutatedToken.next(random);
          long now = System.currentTimeMillis();
          Reason reason = plain.validate(token, 0, token.length, now);
          plain.forget();
          assertThat(inside.validate(token, 0, token.length, now))
              .as("sandbox, seed %d, token %s", seed, new String(token, ISO_8859_1))
              .isEqualTo(reason);
          inside.forget();
          reasons[reason.number()]++;
          tokens.add(token);
          expected.add(reason);
          requests.append("POST /validate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ");
          requests.append(new String(token, ISO_8859_1)).append("\r\n\r\n");
        }
        client.send(requests.toString());
        for (int i = 0; i < BATCH; i++) {
          String body = client.read().body();
          String code = expected.get(i).code();
          assertThat(body)
              .as("native, seed %d, token %s", seed, new String(tokens.get(i), ISO_8859_1))
              .contains(expected.get(i) == Reason.VALID ? "\"valid\":true" : "\"" + code + "\"");
        }
      }
    }
    // A mutation that never passes or never fails would test nothing.
    assertThat(reasons[Reason.VALID.number()]).isPositive();
    assertThat(reasons[Reason.VALIDATOR_FAILED.number()]).isZero();
    for (Reason reason :
        List.of(
            Reason.SIGNATURE_INVALID,
            Reason.ENCODING_INVALID,
            Reason.CLAIMS_INVALID,
            Reason.HEADER_INVALID,
            Reason.MEMBER_DUPLICATE,
            Reason.EXPIRED,
            Reason.ALG_NOT_ALLOWED,
            Reason.TOKEN_MALFORMED)) {
      assertThat(reasons[reason.number()]).as(reason.code()).isPositive();
    }
  }

  @Test
  void nodeRunsTheModuleToTheSameVerdicts(@TempDir Path folder) throws Exception {
    Path module = NativeGate.require("gate.wasm");
    Engine.Validator plain = Gate.javaEngine().create(settings(), SignatureArithmetic.NONE);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
    int count = Size.count(2_000, 1_000_000);
    long now = Tokens.NOW.toEpochMilli();
    Path corpus = folder.resolve("corpus");
    try (BufferedWriter lines = Files.newBufferedWriter(corpus, US_ASCII)) {
      for (int i = 0; i < count; i++) {
        byte[] token = MutatedToken.next(random);
        Reason reason = plain.validate(token, 0, token.length, now);
        plain.forget();
        lines.write(reason.number() + " " + HexFormat.of().formatHex(token) + "\n");
      }
    }
    Path settings = Files.write(folder.resolve("settings"), settings());
    Process node;
    try {
      node =
          new ProcessBuilder(
                  "node",
                  "src/test/node/host.mjs",
                  module.toString(),
                  settings.toString(),
                  corpus.toString(),
                  Long.toString(now))
              .redirectErrorStream(true)
              .start();
    } catch (IOException absent) {
      Assumptions.abort("no node here to run the module in");
      throw absent;
    }
    String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor()).as(output).isZero();
    assertThat(output).contains(count + " verdicts, all the same");
  }

  @Test
  void nodeRunsTheWasiCommandToTheSameVerdicts(@TempDir Path folder) throws Exception {
    Path command = NativeGate.require("gate-wasi.wasm");
    Engine.Validator plain = Gate.javaEngine().create(settings(), SignatureArithmetic.NONE);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(43);
    int count = Size.count(200, 5_000);
    Path corpus = folder.resolve("corpus");
    try (BufferedWriter lines = Files.newBufferedWriter(corpus, US_ASCII)) {
      lines.write("1\t{\"valid\":false,\"error\":\"No token provided\",");
      lines.write("\"reason\":\"token_missing\"}\t\n");
      for (int i = 0; i < count; i++) {
        byte[] token = MutatedToken.next(random);
        Reason reason = plain.validate(token, 0, token.length, System.currentTimeMillis());
        plain.forget();
        // The command takes a line end at the end for none of the token.
        if (token.length > 0 && token[token.length - 1] != '\n') {
          lines.write((reason == Reason.VALID ? 0 : 1) + "\t" + words(reason) + "\t");
          lines.write(HexFormat.of().formatHex(token) + "\n");
        }
      }
    }
    assertThat(wasi(command, corpus, folder, new String(Tokens.SECRET, US_ASCII)))
        .contains("verdicts, all the same");
    String refusal = "2\tgate: JWT_SECRET is too short: 6 bytes for HS256, expected at least 32";
    Files.writeString(corpus, refusal + ": make one with openssl rand -base64 48\t\n");
    assertThat(wasi(command, corpus, folder, "secret")).contains("1 verdicts, all the same");
  }

  private static String wasi(Path command, Path corpus, Path folder, String secret)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "node",
            "--no-warnings",
            // Node 20 to 22 fault when V8 has compiled WASI's calls as its fast ones.
            "--no-turbo-fast-api-calls",
            "src/test/node/wasi.mjs",
            command.toString(),
            corpus.toString(),
            folder.toString());
    builder.environment().put("JWT_SECRET", secret);
    Process node;
    try {
      node = builder.redirectErrorStream(true).start();
    } catch (IOException absent) {
      Assumptions.abort("no node here to run the command in");
      throw absent;
    }
    String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    node.waitFor();
    return output;
  }

  private static String words(Reason reason) {
    return reason == Reason.VALID
        ? "{\"valid\":true}"
        : "{\"valid\":false,\"error\":\"%s\",\"reason\":\"%s\"}"
            .formatted(reason.wording(), reason.code());
  }

  private static byte[] settings() {
    return new SettingsWriter()
        .secret(Algorithm.HS256.bit(), new byte[0], Tokens.SECRET)
        .leewayMillis(0)
        .toBytes();
  }
}
