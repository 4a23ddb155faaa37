package dev.troth.bench.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.bench.release.Shell.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release signed by a key made here, verified by the very commands of docs/install.md. */
class SigningTest {
  private static final Path ROOT =
      Path.of(System.getProperty("troth.root", "..")).toAbsolutePath().normalize();
  private static final String TARBALL = "troth-0.1.0-linux-x64.tar.gz";

  @TempDir Path folder;
  private Path packaging;
  private Path release;

  @BeforeEach
  void releaseAndKeys() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-keygen")), "ssh-keygen is not installed");
    packaging = Files.createDirectories(folder.resolve("tree/packaging"));
    release = Files.createDirectories(folder.resolve("a release"));
    Files.copy(ROOT.resolve("packaging/sign.sh"), packaging.resolve("sign.sh"));
    key("ours");
    key("theirs");
    Files.writeString(
        packaging.resolve("allowed_signers"),
        Files.readString(ROOT.resolve("packaging/allowed_signers")) + line("ours"));
    Files.writeString(release.resolve(TARBALL), "a tarball");
    Shell.bash(release, Map.of(), "sha256sum " + TARBALL + " >SHA256SUMS");
  }

  private void key(String name) throws Exception {
    Ran ran =
        Shell.run(
            folder,
            Map.of(),
            List.of(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-C",
                name,
                "-f",
                folder.resolve(name).toString()));
    assertThat(ran.status()).as(ran.out()).isZero();
  }

  private String line(String key) throws IOException {
    return "release@troth.dev namespaces=\"troth-release\" "
        + Files.readString(folder.resolve(key + ".pub"));
  }

  private Ran sign(String key) throws Exception {
    Map<String, String> environment =
        key.isEmpty() ? Map.of() : Map.of("TROTH_SIGNING_KEY", folder.resolve(key).toString());
    return Shell.run(
        folder,
        environment,
        List.of("bash", packaging.resolve("sign.sh").toString(), release.toString()));
  }

  private Ran verify() throws Exception {
    Files.writeString(
        release.resolve("allowed_signers"), Files.readString(packaging.resolve("allowed_signers")));
    Matcher block =
        Pattern.compile("## Verify\n.*?```sh\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("docs/install.md")));
    assertThat(block.find()).as("docs/install.md says how to verify").isTrue();
    assertThat(block.group(1)).contains("ssh-keygen -Y verify", "sha256sum");
    return Shell.bash(release, Map.of(), block.group(1));
  }

  private void alter(String file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(release.resolve(file));
    bytes[at] ^= 1;
    Files.write(release.resolve(file), bytes);
  }

  @Test
  void whatTheKeySignedIsAccepted() throws Exception {
    assertThat(sign("ours").status()).isZero();
    Ran ran = verify();
    assertThat(ran.status()).as(ran.out()).isZero();
    assertThat(ran.out())
        .contains("Good \"troth-release\" signature for release@troth.dev")
        .contains(TARBALL + ": OK");
  }

  @Test
  void oneOtherByteAnywhereIsRefused() throws Exception {
    assertThat(sign("ours").status()).isZero();
    for (String file : List.of(TARBALL, "SHA256SUMS", "SHA256SUMS.sig")) {
      byte[] right = Files.readAllBytes(release.resolve(file));
      alter(file, file.endsWith(".sig") ? 60 : 3);
      Ran ran = verify();
      assertThat(ran.status()).as("%s altered: %s", file, ran.out()).isNotZero();
      if (file.equals(TARBALL)) {
        assertThat(ran.out()).contains(TARBALL + ": FAILED");
      } else {
        assertThat(ran.out()).doesNotContain("Good", ": OK");
      }
      Files.write(release.resolve(file), right);
    }
    assertThat(verify().status()).isZero();
  }

  /** Who signs with a key that is not published would learn of it from the first user. */
  @Test
  void aKeyThatIsNotPublishedSignsNothing() throws Exception {
    assertThat(sign("ours").status()).isZero();
    Ran ran = sign("theirs");
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out())
        .contains("packaging/allowed_signers has no valid line for the key SHA256:")
        .contains(Files.readString(folder.resolve("theirs.pub")).split(" ")[1]);
    assertThat(release.resolve("SHA256SUMS.sig")).doesNotExist();
  }

  @Test
  void aStrangersSignatureOfAnotherReleaseIsRefused() throws Exception {
    assertThat(sign("ours").status()).isZero();
    Shell.bash(
        release,
        Map.of(),
        "ssh-keygen -Y sign -q -f ../theirs -n troth-release <SHA256SUMS >SHA256SUMS.sig");
    assertThat(verify().status()).isNotZero();
    // Our key, but a signature that was made for something else.
    Shell.bash(
        release, Map.of(), "ssh-keygen -Y sign -q -f ../ours -n git <SHA256SUMS >SHA256SUMS.sig");
    assertThat(verify().status()).isNotZero();
  }

  @Test
  void withoutAKeyNoOlderSignatureStays() throws Exception {
    assertThat(sign("ours").status()).isZero();
    Ran ran = sign("");
    assertThat(ran.status()).isZero();
    assertThat(ran.out()).isEqualTo("sign: no signature, because TROTH_SIGNING_KEY names no key\n");
    assertThat(release.resolve("SHA256SUMS.sig")).doesNotExist();
    assertThat(sign("missing").out()).contains("expected a file that can be read");
  }
}
