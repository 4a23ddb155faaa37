package dev.troth.orders.order;

/** So many of one article; the price of one in hundredths of the order's currency. */
public record OrderLine(String sku, int quantity, long unitCents) {
  public OrderLine {
    if (quantity < 1 || unitCents < 0) {
      throw new IllegalArgumentException(
          "line %s has quantity %d at %d, expected at least 1 at 0 or more"
              .formatted(sku, quantity, unitCents));
    }
  }

  long cents() {
    return Math.multiplyExact(quantity, unitCents);
  }
}
