package dev.troth.gate.keys;

import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.base64;
import static dev.troth.gate.Tokens.hs256;
import static dev.troth.gate.Tokens.signed;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Signer;
import dev.troth.gate.Tokens;
import dev.troth.gate.Trust;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change while a gate uses them. */
class KeyFileTest {
  private static final String PAGE = "<html><body><h1>503 Service Unavailable</h1></body></html>";
  private static final Signer FIRST = Signer.of(Algorithm.ES256);
  private static final Signer SECOND = Signer.of(Algorithm.EdDSA);

  @TempDir private Path folder = Path.of("");
  private final ManualClock clock = ManualClock.at(Tokens.NOW);
  private final List<String> problems = new ArrayList<>();

  @Test
  void aPipeInPlaceOfTheKeysIsNotWaitedFor() throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), FIRST.jwks("a"));
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Gate gate = gate(KeyFile.ofPublicKeys(file, Set.of(), clock, problems::add));
    Files.move(pipe, file, StandardCopyOption.REPLACE_EXISTING);
    clock.advance(Duration.ofSeconds(2));
    assertThat(gate.check(hs256("{}")).reason()).isNotEqualTo(Reason.VALID);
    assertThat(problems).singleElement().asString().contains("is no regular file");
  }

  @Test
  void aPageInPlaceOfTheKeysKeepsTheFormerOnes() throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), FIRST.jwks("a"));
    Gate gate = gate(KeyFile.ofPublicKeys(file, Set.of(), clock, problems::add));
    for (String wrong : List.of(PAGE, "", "{}", base64(SECRET), secretJwk())) {
      Files.writeString(file, wrong);
      clock.advance(Duration.ofSeconds(2));
      assertThat(gate.check(FIRST.token("{}")).isValid()).as(wrong).isTrue();
      String forged =
          signed("{\"alg\":\"HS256\"}", "{}", wrong.isEmpty() ? SECRET : wrong.getBytes(US_ASCII));
      assertThat(gate.check(forged).isValid()).as(wrong).isFalse();
      assertThat(gate.problems()).as(wrong).hasSize(1);
    }
    assertThat(problems).hasSize(5).allMatch(words -> words.startsWith("the former keys stay"));
    Files.writeString(file, SECOND.jwks("b"));
    clock.advance(Duration.ofSeconds(2));
    assertThat(gate.check(SECOND.token("{}")).isValid()).isTrue();
    assertThat(gate.problems()).isEmpty();
  }

  @Test
  void aSecretFileStaysWhatItWas() throws Exception {
    Path raw = Files.write(folder.resolve("raw"), SECRET);
    Path jwk = Files.writeString(folder.resolve("jwk"), secretJwk());
    Gate rawGate = gate(KeyFile.ofSecrets(raw, Set.of(), clock, problems::add));
    Gate jwkGate = gate(KeyFile.ofSecrets(jwk, Set.of(), clock, problems::add));
    for (String wrong : List.of(PAGE, FIRST.jwks("a"), "-----BEGIN PUBLIC KEY-----\nAA\n")) {
      Files.writeString(raw, wrong);
      Files.writeString(jwk, wrong);
      clock.advance(Duration.ofSeconds(2));
      String forged = signed("{\"alg\":\"HS256\"}", "{}", wrong.strip().getBytes(US_ASCII));
      for (Gate gate : List.of(rawGate, jwkGate)) {
        assertThat(gate.check(hs256("{}")).isValid()).as(wrong).isTrue();
        assertThat(gate.check(forged).isValid()).as(wrong).isFalse();
      }
    }
    Files.writeString(raw, secretJwk());
    Files.writeString(jwk, "another secret, of more than thirty-two bytes");
    clock.advance(Duration.ofSeconds(2));
    assertThat(rawGate.check(hs256("{}")).isValid()).isTrue();
    assertThat(jwkGate.check(hs256("{}")).isValid()).isTrue();
    assertThat(jwkGate.problems()).singleElement().asString().contains("as it was at the start");
  }

  @Test
  void aFileThatIsSwappedForOneOfTheSameSizeAndTimeIsReadAgain() throws Exception {
    byte[] other = SECRET.clone();
    other[0] ^= 1;
    Path first = Files.write(folder.resolve("first"), SECRET);
    Path second = Files.write(folder.resolve("second"), other);
    FileTime time = FileTime.from(Tokens.NOW);
    Files.setLastModifiedTime(first, time);
    Files.setLastModifiedTime(second, time);
    Path link = Files.createSymbolicLink(folder.resolve("current"), first);
    Gate gate = gate(KeyFile.ofSecrets(link, Set.of(), clock, problems::add));
    assertThat(gate.check(hs256("{}")).isValid()).isTrue();
    Path fresh = Files.createSymbolicLink(folder.resolve("fresh"), second);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    clock.advance(Duration.ofSeconds(2));
    assertThat(gate.check(hs256("{}")).reason()).isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(gate.check(signed(Tokens.HS256, "{}", other)).isValid()).isTrue();
    // The same once more within the file.
    Files.write(second, SECRET);
    Files.setLastModifiedTime(second, time);
    clock.advance(Duration.ofSeconds(2));
    assertThat(gate.check(hs256("{}")).isValid()).isTrue();
  }

  @Test
  void aRevokedTokenIsRefusedASecondLater() throws Exception {
    Path file = Files.writeString(folder.resolve("revoked"), "one\n");
    RevokedFile revoked = new RevokedFile(file, clock, problems::add);
    Gate gate =
        new Gate(
            List.of(new Trust(Keyring.secret(SECRET), Policy.DEFAULT)),
            revoked,
            Gate.javaEngine(),
            clock);
    assertThat(gate.check(hs256("{\"jti\":\"one\"}")).reason()).isEqualTo(Reason.REVOKED);
    assertThat(gate.check(hs256("{\"jti\":\"two\"}")).isValid()).isTrue();
    Files.writeString(file, "one\ntwo\n");
    clock.advance(Duration.ofSeconds(2));
    assertThat(gate.check(hs256("{\"jti\":\"two\"}")).reason()).isEqualTo(Reason.REVOKED);
    Files.delete(file);
    clock.advance(Duration.ofSeconds(2));
    assertThat(gate.check(hs256("{\"jti\":\"two\"}")).reason()).isEqualTo(Reason.REVOKED);
    assertThat(gate.problems()).singleElement().asString().contains("former revocations stay");
  }

  private Gate gate(KeySource keys) {
    return new Gate(keys, Policy.DEFAULT, Gate.javaEngine(), clock);
  }

  private static String secretJwk() {
    return "{\"kty\":\"oct\",\"k\":\"" + base64(SECRET) + "\"}";
  }
}
