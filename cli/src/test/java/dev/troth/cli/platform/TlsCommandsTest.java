package dev.troth.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.cli.Ran;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a platform that speaks TLS with a certificate that nobody else vouches for. */
@Timeout(120)
final class TlsCommandsTest {
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void certificates() throws Exception {
    make("elsewhere", "DNS:troth.example.org");
    make("here", "IP:127.0.0.1");
    use("elsewhere");
  }

  private void make(String name, String names) throws Exception {
    Path log = folder.resolve("openssl.log");
    Process openssl =
        new ProcessBuilder(
                List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-nodes",
                    "-days",
                    "30",
                    "-subj",
                    "/CN=" + name,
                    "-addext",
                    "subjectAltName=" + names,
                    "-newkey",
                    "ed25519",
                    "-keyout",
                    folder.resolve(name + ".key").toString(),
                    "-out",
                    crt(name)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(openssl.exitValue()).as(Files.readString(log)).isZero();
  }

  private void use(String name) throws Exception {
    for (String kind : List.of(".key", ".crt")) {
      Files.copy(
          folder.resolve(name + kind),
          folder.resolve("used" + kind),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private String crt(String name) {
    return folder.resolve(name + ".crt").toString();
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Platform start() {
    Map<String, String> settings =
        Map.of(
            "data", data().toString(),
            "http.listen", "0",
            "registry.listen", "off",
            "otlp.http", "off",
            "otlp.grpc", "off",
            "auth.mode", "token",
            "tls.certificate-file", crt("used"),
            "tls.key-file", folder.resolve("used.key").toString(),
            "tls.listeners", "http");
    return Main.start(Config.load(Inputs.flagsOnly(settings)), Clock.systemUTC());
  }

  private Path token(String role) throws Exception {
    Ran made = Ran.troth("token", "create", "--data", data(), "--user", "ada", "--role", role);
    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isEqualTo(ExitCode.OK);
    return Files.writeString(folder.resolve(role + ".token"), made.out());
  }

  private static String address(Platform platform) {
    return "https://127.0.0.1:" + platform.port("http").orElseThrow();
  }

  @Test
  void theOwnerOfTheDataFolderKnowsThePlatformAlsoAfterARenewal() throws Exception {
    try (Platform platform = start()) {
      token("admin");
      String before = Files.readString(data().resolve("troth.address"));
      assertThat(before).startsWith(address(platform) + "\nsha256 ");
      use("here");
      await().until(() -> !Files.readString(data().resolve("troth.address")).equals(before));
      token("reader");
      assertThat(Ran.troth("token", "list", "--data", data()).out().lines()).hasSize(2);
    }
    assertThat(data().resolve("troth.address")).doesNotExist();
  }

  @Test
  void anotherCertificateThanThatInTheFolderIsNotTheOwners() throws Exception {
    try (Platform platform = start()) {
      Files.writeString(
          data().resolve("troth.address"),
          address(platform) + "\nsha256 " + "00".repeat(32) + "\n");
      Ran ran = Ran.troth("token", "list", "--data", data());
      assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(ran.err()).contains(address(platform) + ": its certificate is not trusted: ");
    }
  }

  @Test
  void othersNameWhoVouchesForThePlatformAndItsNameCounts() throws Exception {
    try (Platform platform = start()) {
      Path token = token("admin");
      String server = address(platform);
      Ran unknown = Ran.troth("audit", "--server", server, "--token-file", token);
      assertThat(unknown.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(unknown.err())
          .contains("its certificate is not trusted: ", "--ca-file or TROTH_CA_FILE names a file");
      Ran otherName =
          Ran.troth(
              "audit", "--server", server, "--token-file", token, "--ca-file", crt("elsewhere"));
      assertThat(otherName.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(otherName.err()).contains("its certificate is not trusted: ", "127.0.0.1");
      Ran none = Ran.troth("audit", "--server", server, "--token-file", token, "--ca-file", token);
      assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(none.err()).contains("--ca-file " + token + ": has no certificates");
    }
    use("here");
    try (Platform platform = start()) {
      String server = address(platform);
      Path token = token("admin");
      for (String command :
          List.of("audit", "token list", "watch list", "watch source list", "slo status")) {
        List<String> words = List.of(command.split(" "));
        Object[] more =
            Stream.concat(
                    words.stream().skip(1),
                    Stream.of("--server", server, "--token-file", token, "--ca-file", crt("here")))
                .toArray();
        Ran ran = Ran.troth(words.getFirst(), more);
        assertThat(ran.exitCode()).as(command + ": " + ran.err()).isEqualTo(ExitCode.OK);
      }
      Ran other =
          Ran.troth(
              "audit", "--server", server, "--token-file", token, "--ca-file", crt("elsewhere"));
      assertThat(other.err()).contains("its certificate is not trusted: ");
    }
  }
}
