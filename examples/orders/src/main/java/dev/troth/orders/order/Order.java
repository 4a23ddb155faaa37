package dev.troth.orders.order;

import java.time.Instant;
import java.util.List;

/** An order as it is kept and told of; {@code amountCents} is the sum of its lines. */
public record Order(
    String orderId,
    String customer,
    long amountCents,
    String currency,
    Instant placedAt,
    List<OrderLine> items) {
  public Order {
    items = List.copyOf(items);
    long sum = items.stream().mapToLong(OrderLine::cents).sum();
    if (amountCents != sum) {
      throw new IllegalArgumentException(
          "order %s has amountCents %d, expected %d, the sum of its lines"
              .formatted(orderId, amountCents, sum));
    }
  }

  /** The order made of a request. */
  public static Order of(String id, Instant placedAt, OrderRequest request) {
    return new Order(
        id,
        request.customer(),
        request.items().stream().mapToLong(OrderLine::cents).sum(),
        request.currency(),
        placedAt,
        request.items());
  }
}
