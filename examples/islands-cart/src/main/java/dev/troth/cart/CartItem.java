package dev.troth.cart;

/**
 * One thing in a cart; as often there as it was added.
 *
 * @param id the product
 * @param price in cents
 */
record CartItem(String id, String title, long price) {
  CartItem {
    if (price < 0) {
      throw new IllegalArgumentException("price is " + price + ", expected 0 or more");
    }
  }
}
