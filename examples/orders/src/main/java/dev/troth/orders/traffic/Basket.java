package dev.troth.orders.traffic;

import dev.troth.orders.order.OrderLine;
import dev.troth.orders.order.OrderRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes up orders of a small shop: mostly a line or two, now and then a big one. */
final class Basket {
  private static final List<OrderLine> SHELF =
      List.of(
          new OrderLine("TEA-EARL-GREY", 1, 690),
          new OrderLine("TEA-SENCHA", 1, 1_250),
          new OrderLine("COFFEE-HOUSE-1KG", 1, 1_890),
          new OrderLine("COFFEE-YIRGACHEFFE", 1, 1_495),
          new OrderLine("MUG-BLUE", 1, 1_200),
          new OrderLine("MUG-WHITE", 1, 1_100),
          new OrderLine("KETTLE-1L", 1, 4_990),
          new OrderLine("FILTER-100", 1, 450),
          new OrderLine("GRINDER-HAND", 1, 7_900),
          new OrderLine("ESPRESSO-MACHINE", 1, 64_900));
  private static final List<String> CUSTOMERS =
      List.of("ada", "barbara", "dennis", "edsger", "grace", "ken", "leslie", "margaret", "radia");

  private final RandomGenerator random;

  Basket(RandomGenerator random) {
    this.random = random;
  }

  OrderRequest next() {
    int lines = 1 + (int) Math.min(3, Math.abs(random.nextGaussian()) * 1.2);
    List<OrderLine> items = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      // The dear things at the end of the shelf are taken less often.
      int place = (int) (SHELF.size() * random.nextDouble() * Math.sqrt(random.nextDouble()));
      OrderLine one = SHELF.get(place);
      items.add(new OrderLine(one.sku(), 1 + random.nextInt(3), one.unitCents()));
    }
    String customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
    return new OrderRequest(customer, random.nextInt(4) == 0 ? "GBP" : "EUR", items);
  }
}
