package dev.troth.cart;

import dev.troth.server.console.page.Slots;
import dev.troth.server.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The page for one cart. What its slots hold, the site's {@code views} derive from the same cart
 * once the page lives.
 *
 * @param notice what to say above the page, or empty
 */
record CartPage(Cart cart, String notice) {

  /** The items of one product. */
  private record Row(String id, String title, int count, long price) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("id", Row::id)
            .text("title", Row::title)
            .text("count", row -> row.count + " ×")
            .text("price", row -> money(row.price))
            .text("remove", row -> "Remove one " + row.title);

    Row plus(CartItem item) {
      return new Row(id, title, count + 1, price + item.price());
    }
  }

  static Slots<CartPage> slots(Catalogue catalogue) {
    Slots<CartPage> slots =
        new Slots<CartPage>()
            .text("header.count", CartPage::count)
            .text("header.total", CartPage::total)
            .text("header.opens", page -> yes(!page.cart.isDrawerOpen()))
            .text("drawer.open", page -> yes(page.cart.isDrawerOpen()))
            .text("drawer.state", page -> page.cart.items().isEmpty() ? "empty" : "ok")
            .text("drawer.count", CartPage::count)
            .text("drawer.total", CartPage::total)
            .each("rows", CartPage::rows, Row.SLOTS)
            .text("card.full", page -> String.valueOf(page.isFull()))
            .text("card.label", page -> page.isFull() ? "Cart is full" : "Add to cart")
            .text("notice.text", CartPage::notice)
            .text("notice.hidden", page -> yes(page.notice.isEmpty()))
            .state(page -> Json.mapper().writeValueAsString(page.cart));
    for (Catalogue.Product product : catalogue.products()) {
      slots.text("card." + product.id() + ".held", page -> page.held(product.id()));
    }
    return slots;
  }

  private String count() {
    int count = cart.items().size();
    return count + (count == 1 ? " item" : " items");
  }

  private String total() {
    return money(cart.total());
  }

  private boolean isFull() {
    return cart.items().size() >= Cart.LIMIT;
  }

  private String held(String product) {
    long count = cart.items().stream().filter(item -> item.id().equals(product)).count();
    return count == 0 ? "Not in your cart" : count + " in your cart";
  }

  private List<Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (CartItem item : cart.items()) {
      Row none = new Row(item.id(), item.title(), 0, 0);
      rows.put(item.id(), rows.getOrDefault(item.id(), none).plus(item));
    }
    return List.copyOf(rows.values());
  }

  /** Cents as people read them: {@code $1,234.50}. */
  private static String money(long cents) {
    return "$%s.%02d"
        .formatted(
            Long.toString(cents / 100).replaceAll("\\B(?=(\\d{3})+(?!\\d))", ","), cents % 100);
  }

  private static String yes(boolean flag) {
    return flag ? "yes" : "no";
  }
}
