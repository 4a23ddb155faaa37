package dev.troth.server.console;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.breakdown.GroupedOrders;
import dev.troth.server.console.ConsoleRoutes.Account;
import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.site.Site;
import dev.troth.server.http.Json;
import dev.troth.testkit.NodeScript;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real platform in Chromium: the scripts of {@code console/test/browser}, a test a check. */
@Timeout(value = 9, unit = TimeUnit.MINUTES)
class ConsoleBrowserTest {
  private static final NodeScript CONSOLE = NodeScript.in("console");
  private static final Duration TICK = Duration.ofMillis(100);
  private static final String DOCUMENTS = "src/test/resources/objectives/documents.yaml";

  /** Where a demo would have its mailbox; the tour names it and nobody opens it. */
  private static final URI MAILBOX = URI.create("http://127.0.0.1:4104");

  @TestFactory
  Stream<DynamicTest> theConsoleInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    return observed(
        DOCUMENTS, "test/browser/checks.mjs", Json.mapper().writeValueAsString(patterns()));
  }

  @TestFactory
  Stream<DynamicTest> whoLooksForACauseInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    return observed(DOCUMENTS, "test/browser/causes.mjs");
  }

  @TestFactory
  Stream<DynamicTest> chartsInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    return observed(DOCUMENTS, "test/browser/charts.mjs");
  }

  @TestFactory
  Stream<DynamicTest> theTourInABrowser(@TempDir Path folder)
      throws IOException, InterruptedException {
    requireABrowser();
    String orders = GroupedOrders.file(folder, "{attribute: tenant}").toString();
    return observed(orders + ",../examples/orders/slo-tokens.yaml", "test/browser/tour.mjs");
  }

  @TestFactory
  Stream<DynamicTest> cutStreamsInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    try (TestPlatform platform = TestPlatform.start("limits.rate", "1000000")) {
      String cuts = String.valueOf(Size.count(4, 500));
      return CONSOLE.checks("test/browser/cuts.mjs", address(platform, "http"), cuts);
    }
  }

  /**
   * A script on a demo's platform with objectives, whose time goes on by itself: requests are
   * judged.
   */
  private static Stream<DynamicTest> observed(String objectives, String script, String... more)
      throws IOException, InterruptedException {
    String[] settings = {
      "slo.files", objectives, "slo.watermark", "5s", "demo.address", MAILBOX.toString()
    };
    try (TestPlatform platform = TestPlatform.start(settings);
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      var _ =
          clock.scheduleAtFixedRate(
              () -> platform.clock().advance(TICK), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
      try {
        List<String> arguments =
            Stream.concat(
                    Stream.of(address(platform, "http"), address(platform, "otlp-http")),
                    Stream.of(more))
                .toList();
        return CONSOLE.checks(script, arguments.toArray(String[]::new));
      } finally {
        clock.shutdownNow();
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> whatReadersDoInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    try (TestPlatform platform = TestPlatform.start()) {
      return CONSOLE.checks(
          "test/browser/reading.mjs", address(platform, "http"), address(platform, "otlp-http"));
    }
  }

  @TestFactory
  Stream<DynamicTest> whoIsSignedInInABrowser() throws IOException, InterruptedException {
    requireABrowser();
    try (TestPlatform platform = TestPlatform.start("auth.mode", "token")) {
      return CONSOLE.checks(
          "test/browser/rights.mjs",
          address(platform, "http"),
          token(platform, "ann", "member"),
          token(platform, "bob", "member"),
          token(platform, "cat", "reader"),
          token(platform, "dan", "admin"));
    }
  }

  private static void requireABrowser() {
    NodeScript.requireChromium();
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
  }

  private static String address(TestPlatform platform, String listener) {
    return "http://127.0.0.1:" + platform.port(listener);
  }

  private static String token(TestPlatform platform, String user, String role) {
    return platform
        .post(
            "/api/tokens",
            "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(user, role),
            "Authorization",
            "Bearer " + platform.ownersToken())
        .json()
        .path("token")
        .asString();
  }

  /**
   * All pages with something of the platform, which capture their services and do not call them.
   */
  @SuppressWarnings("NullAway")
  private static List<String> patterns() {
    Services none =
        new Services(
            null,
            null,
            null,
            null,
            new Account(
                null, null, null, null, null, null, null, new ConsoleRoutes.Team(null, null)),
            null,
            null,
            new ConsoleRoutes.Views(null, null, null, null, null, null, null, null),
            null);
    return Pages.of(none, Optional.of(MAILBOX)).stream()
        .map(Page::path)
        .filter(path -> !path.startsWith("/-/"))
        .toList();
  }
}
