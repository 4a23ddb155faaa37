package dev.troth.server.console.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The names that a page may leave open, and how each is filled from a view.
 *
 * <pre>{@code
 * Slots<Order> order = new Slots<Order>().text("id", Order::id);
 * Slots<Basket> basket =
 *     new Slots<Basket>().text("owner", Basket::owner).each("orders", Basket::orders, order);
 * }</pre>
 *
 * @param <V> what the page shows
 */
public final class Slots<V> {
  private final Map<String, Function<V, String>> texts = new LinkedHashMap<>();
  private final Map<String, Loop<V, ?>> loops = new LinkedHashMap<>();
  private Optional<Function<V, String>> state = Optional.empty();

  /** An element whose content is repeated for each row. */
  record Loop<V, R>(Function<V, List<R>> rows, Slots<R> row) {}

  /** A slot for text; whatever the function returns is escaped. */
  public Slots<V> text(String name, Function<V, String> value) {
    put(texts, name, value);
    return this;
  }

  /**
   * A loop: the element marked {@code data-each} with this name holds one row of the given slots.
   */
  public <R> Slots<V> each(String name, Function<V, List<R>> rows, Slots<R> row) {
    put(loops, name, new Loop<>(rows, row));
    return this;
  }

  /** The page's state as JSON text, for the block that islands read. */
  public Slots<V> state(Function<V, String> json) {
    state = Optional.of(json);
    return this;
  }

  /** All slots and loops of a part of the view; the names of its slots follow the prefix. */
  public <P> Slots<V> with(String prefix, Function<V, P> part, Slots<P> slots) {
    slots.texts.forEach((name, value) -> text(prefix + name, part.andThen(value)));
    slots.loops.forEach((name, loop) -> put(loops, name, narrowed(part, loop)));
    return this;
  }

  private static <V, P, R> Loop<V, R> narrowed(Function<V, P> part, Loop<P, R> loop) {
    return new Loop<>(part.andThen(loop.rows()), loop.row());
  }

  private static <T> void put(Map<String, T> names, String name, T value) {
    if (names.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("slot " + name + " is given twice");
    }
  }

  Optional<Function<V, String>> textOf(String name) {
    return Optional.ofNullable(texts.get(name));
  }

  Optional<Loop<V, ?>> loopOf(String name) {
    return Optional.ofNullable(loops.get(name));
  }

  Optional<Function<V, String>> stateBlock() {
    return state;
  }
}
