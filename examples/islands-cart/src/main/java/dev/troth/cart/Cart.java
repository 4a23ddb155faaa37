package dev.troth.cart;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.troth.server.error.DomainException;
import java.util.ArrayList;
import java.util.List;

/**
 * A cart. Its JSON is what the islands of the page share: the members are those of the site's
 * {@code model.ts}.
 *
 * @param epoch names the cart's history; empty for one that was never changed
 * @param rev grows by one with each change
 * @param items at most {@value #LIMIT}
 */
record Cart(
    String epoch,
    long rev,
    List<CartItem> items,
    @JsonProperty("isDrawerOpen") boolean isDrawerOpen) {
  static final int LIMIT = 10;
  static final Cart EMPTY = new Cart("", 0, List.of(), false);

  Cart {
    items = List.copyOf(items);
    if (items.size() > LIMIT) {
      throw new IllegalArgumentException(
          "the cart holds %d items, expected at most %d".formatted(items.size(), LIMIT));
    }
  }

  /** What all of it costs, in cents. */
  long total() {
    return items.stream().mapToLong(CartItem::price).sum();
  }

  /**
   * With one more, and its drawer open.
   *
   * @throws DomainException.Conflict when it is full
   */
  Cart with(CartItem item) {
    if (items.size() >= LIMIT) {
      throw new DomainException.Conflict(full());
    }
    List<CartItem> more = new ArrayList<>(items);
    more.add(item);
    return new Cart(epoch, rev, more, true);
  }

  static String full() {
    return "Your cart holds %d items, which is the limit.".formatted(LIMIT);
  }

  /** Without the one of this product that was added last; the same if there is none. */
  Cart without(String product) {
    List<CartItem> fewer = new ArrayList<>(items);
    for (int i = fewer.size() - 1; i >= 0; i--) {
      if (fewer.get(i).id().equals(product)) {
        fewer.remove(i);
        break;
      }
    }
    return new Cart(epoch, rev, fewer, isDrawerOpen);
  }

  Cart withDrawer(boolean open) {
    return new Cart(epoch, rev, items, open);
  }

  /** The same cart as the next one of its history. */
  Cart at(String epoch, long rev) {
    return new Cart(epoch, rev, items, isDrawerOpen);
  }
}
