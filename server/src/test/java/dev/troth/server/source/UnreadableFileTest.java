package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that the platform may not read holds nothing else up. It runs in a process without the
 * right to read everything, which root has.
 */
final class UnreadableFileTest {
  @TempDir Path folder;

  @Test
  void oneFileThatMayNotBeReadIsSaidAndTheOthersGoOn() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv");
    String rights = "-dac_override,-dac_read_search";
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--bounding-set=" + rights,
                "--inh-caps=" + rights,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                UnreadableFileTest.class.getName(),
                folder.toRealPath().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
    assumeTrue(process.exitValue() != 127 && !said.startsWith("setpriv:"), said);
    assertThat(process.exitValue()).as(said).isZero();
  }

  /** In the process with fewer rights. */
  public static void main(String... args) throws Exception {
    Path folder = Path.of(args[0]);
    Path one = Files.writeString(folder.resolve("one.json"), "{\"x\":1}");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(inner.resolve("in.json"), "{\"x\":1}");
    try (TestPlatform platform = TestPlatform.start("watch.folders", args[0])) {
      var added =
          platform.post(
              "/api/sources",
              Json.mapper()
                  .writeValueAsString(Map.of("name", "conf", "kind", "files", "url", args[0])));
      assertThat(added.status()).as(added.body()).isEqualTo(201);
      await()
          .until(() ->
              platform.get("/api/sources/conf").json().at("/stream/place").asString().equals("1"));
      Path secret = folder.resolve("secret.json");
      Files.createFile(
          secret,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
      assertThat(Files.isReadable(secret)).as("the process may read everything").isFalse();
      Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("---------"));
      Files.writeString(one, "{\"x\":2}");
      told(platform, "file/conf/one.json", List.of("file.changed"));
      await()
          .untilAsserted(() ->
              assertThat(platform.get("/api/subjects/changes?target=source/conf").body())
                  .contains("secret.json cannot be read: permission denied")
                  .contains("inner cannot be read: permission denied"));
      Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwx------"));
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
      told(platform, "file/conf/secret.json", List.of("file.created"));
      told(platform, "file/conf/inner/in.json", List.of());
      assertThat(platform.get("/api/sources/conf").json().get("health").asString()).isEqualTo("ok");
    }
    System.exit(0);
  }

  private static void told(TestPlatform platform, String subject, List<String> types) {
    await()
        .untilAsserted(() ->
            assertThat(
                    platform
                        .get("/api/subjects/changes?target=" + subject)
                        .json()
                        .get("items")
                        .findValuesAsString("type"))
                .isEqualTo(types));
  }
}
