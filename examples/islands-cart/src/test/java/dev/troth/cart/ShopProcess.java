package dev.troth.cart;

import java.nio.file.Path;
import java.time.Clock;

/** A shop in a process of its own, to be killed: {@code ShopProcess FOLDER} says its port. */
final class ShopProcess {
  private ShopProcess() {}

  public static void main(String[] args) throws InterruptedException {
    try (Shop shop = TestShop.open(Path.of(args[0]), 1_000, Clock.systemUTC())) {
      System.out.println(shop.port());
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
