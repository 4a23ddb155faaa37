package dev.troth.cart;

import dev.troth.testkit.ManualClock;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;

/** A shop on a free port with a clock of its own, and browsers that come to it. */
final class TestShop implements AutoCloseable {
  private final Path folder;
  private final int carts;
  private final ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
  private final HttpClient client = HttpClient.newHttpClient();
  private Shop shop;

  TestShop(Path folder, int carts) {
    this.folder = folder;
    this.carts = carts;
    this.shop = open(folder, carts, clock);
  }

  /** Tests ask oftener than people do. */
  static Shop open(Path folder, int carts, Clock clock) {
    return Shop.start(new Shop.Settings(folder, 0, carts, 100_000), clock);
  }

  void restart() {
    shop.close();
    shop = open(folder, carts, clock);
  }

  ManualClock clock() {
    return clock;
  }

  String address() {
    return "http://127.0.0.1:" + shop.port();
  }

  /** A browser that has loaded the page, and so has a cookie. */
  Browser browser() {
    return Browser.visiting(client, this::address);
  }

  /** A browser with this cookie. */
  Browser browser(String cookie) {
    return new Browser(client, this::address, cookie);
  }

  @Override
  public void close() {
    client.shutdownNow();
    shop.close();
  }
}
