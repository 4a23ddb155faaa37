package dev.troth.cart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.http.Json;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at any moment loses nothing that a browser was told is in its cart. */
class KillTest {
  private static final int BROWSERS = 4;

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Browser, Cart> acknowledged = new ConcurrentHashMap<>();
  private volatile String address = "";

  @Test
  void killedAtAnyMomentTheShopKeepsWhatItAcknowledged() throws Exception {
    long seed = Long.getLong("troth.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    System.out.println("kills from seed " + seed);
    List<Browser> browsers = new ArrayList<>();
    for (int round = 0; round < Size.count(3, 30); round++) {
      Process shop = start();
      try {
        while (browsers.size() < BROWSERS) {
          browsers.add(Browser.visiting(client, () -> address));
        }
        assertKept(browsers);
        CountDownLatch enough = new CountDownLatch(random.nextInt(5, 60));
        List<Thread> shoppers =
            browsers.stream()
                .map(browser -> Thread.ofVirtual().start(() -> shop(browser, enough)))
                .toList();
        enough.await();
        shop.destroyForcibly().waitFor();
        for (Thread shopper : shoppers) {
          shopper.join();
        }
      } finally {
        shop.destroyForcibly();
      }
    }
    Process shop = start();
    try {
      assertKept(browsers);
    } finally {
      shop.destroyForcibly();
    }
  }

  private Process start() throws IOException {
    Process shop =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ShopProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String port = shop.inputReader().readLine();
    assertThat(port).as("the port of the shop").matches("\\d+");
    address = "http://127.0.0.1:" + port;
    return shop;
  }

  /** Fills the cart and empties it again until the shop is gone. */
  private void shop(Browser browser, CountDownLatch enough) {
    try {
      for (long n = 0; ; n++) {
        String path = n % 16 < 8 ? "/cart/add" : "/cart/remove";
        HttpResponse<String> answer = browser.post(path, "id=mug", "Accept", "application/json");
        if (answer.statusCode() == 200) {
          acknowledged.put(browser, Json.mapper().readValue(answer.body(), Cart.class));
          enough.countDown();
        }
      }
    } catch (UncheckedIOException killed) {
      // As it was meant to be.
    }
  }

  /** The last cart that was acknowledged, or the one after it, whose answer got lost. */
  private void assertKept(List<Browser> browsers) {
    for (Browser browser : browsers) {
      Cart promised = acknowledged.getOrDefault(browser, Cart.EMPTY);
      Cart kept = browser.cart();
      assertThat(kept.rev()).isBetween(promised.rev(), promised.rev() + 1);
      if (kept.rev() == promised.rev()) {
        assertThat(kept).isEqualTo(promised);
      }
      acknowledged.put(browser, kept);
    }
  }
}
