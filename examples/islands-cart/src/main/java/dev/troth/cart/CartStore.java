package dev.troth.cart;

import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * Carts on disk: one transaction a change, so the limit holds however many come at once, and what
 * was answered survives a crash. Carts nobody changes are forgotten; there are at most so many.
 */
final class CartStore {
  /** How long a cart is kept after its last change. */
  static final Duration KEPT = Duration.ofDays(30);

  private final Database database;
  private final InstantSource clock;
  private final int most;
  private final AtomicLong refused = new AtomicLong();

  CartStore(Database database, InstantSource clock, int most) {
    this.database = database;
    this.clock = clock;
    this.most = most;
  }

  /** The cart as it stands; empty if nobody has put anything into it. */
  Cart read(String id) {
    return database.read(handle -> find(handle, id).orElse(Cart.EMPTY));
  }

  /**
   * Changes a cart, which is made if there is none.
   *
   * @param change gives the cart as it is to be, or throws and changes nothing
   * @throws DomainException.TooMany when it would be one more than are kept
   */
  Cart change(String id, UnaryOperator<Cart> change) {
    return database.write(handle -> {
      Optional<Cart> found = find(handle, id);
      Cart before = found.orElse(Cart.EMPTY);
      Cart after = change.apply(before);
      if (found.isEmpty()) {
        makeRoom(handle);
        // Of another history than a cart of this id that was forgotten.
        handle.execute("DELETE FROM cart WHERE id = ?", id);
      }
      String epoch = found.isEmpty() ? Long.toString(clock.millis(), 36) : before.epoch();
      return save(handle, id, after.at(epoch, before.rev() + 1));
    });
  }

  /** How many carts were refused since the start, because the shop keeps no more. */
  long refusals() {
    return refused.get();
  }

  private Optional<Cart> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT epoch, rev, open FROM cart WHERE id = ? AND changed >= ?")
        .bind(0, id)
        .bind(1, oldest())
        .map((row, context) ->
            new Cart(row.getString(1), row.getLong(2), items(handle, id), row.getBoolean(3)))
        .findOne();
  }

  private static List<CartItem> items(Handle handle, String id) {
    return handle
        .createQuery("SELECT product, title, price FROM cart_item WHERE cart = ? ORDER BY position")
        .bind(0, id)
        .map((row, context) -> new CartItem(row.getString(1), row.getString(2), row.getLong(3)))
        .list();
  }

  private Cart save(Handle handle, String id, Cart cart) {
    handle.execute(
        """
        INSERT INTO cart (id, epoch, rev, open, changed) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, open = excluded.open,
          changed = excluded.changed
        """,
        id,
        cart.epoch(),
        cart.rev(),
        cart.isDrawerOpen(),
        clock.instant().getEpochSecond());
    handle.execute("DELETE FROM cart_item WHERE cart = ?", id);
    for (int i = 0; i < cart.items().size(); i++) {
      CartItem item = cart.items().get(i);
      handle.execute(
          "INSERT INTO cart_item (cart, position, product, title, price) VALUES (?, ?, ?, ?, ?)",
          id,
          i,
          item.id(),
          item.title(),
          item.price());
    }
    return cart;
  }

  private void makeRoom(Handle handle) {
    handle.execute("DELETE FROM cart WHERE changed < ?", oldest());
    int carts = handle.createQuery("SELECT count(*) FROM cart").mapTo(int.class).one();
    if (carts >= most) {
      refused.incrementAndGet();
      throw new DomainException.TooMany(
          "the shop keeps %d carts at a time, and that many are in use".formatted(most));
    }
  }

  private long oldest() {
    return clock.instant().minus(KEPT).getEpochSecond();
  }
}
