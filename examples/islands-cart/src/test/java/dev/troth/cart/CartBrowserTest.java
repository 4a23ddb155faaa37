package dev.troth.cart;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.console.site.Site;
import dev.troth.testkit.NodeScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shop in Chromium, with scripts and without: {@code test/browser/checks.mjs}, a test a check.
 */
class CartBrowserTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> theCartInABrowser() throws IOException, InterruptedException {
    NodeScript.requireChromium();
    Site site = Site.in("islands-cart");
    assumeFalse(site.isAbsent(), "no page in this build: " + site.absence());
    try (TestShop shop = new TestShop(folder, 1_000)) {
      return NodeScript.in("examples/islands-cart")
          .checks("test/browser/checks.mjs", shop.address());
    }
  }
}
