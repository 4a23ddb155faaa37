package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A client of the registry that others wrote, run by Node. */
final class ForeignClient {
  private ForeignClient() {}

  private static boolean hasNode() {
    try {
      Process process = new ProcessBuilder("node", "--version").start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What the script of a folder says of a platform's registry; skipped where it cannot run. */
  static JsonNode said(TestPlatform platform, String name) throws Exception {
    Path folder = Path.of("src", "test", name);
    assumeTrue(hasNode(), "the client needs node");
    assumeTrue(
        Files.isDirectory(folder.resolve("node_modules")),
        "the client is not installed: npm ci --ignore-scripts in server/" + folder);
    Process process =
        new ProcessBuilder(
                List.of(
                    "node",
                    folder.resolve("client.mjs").toString(),
                    "http://127.0.0.1:" + platform.port("registry")))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return Json.mapper().readTree(said);
  }
}
