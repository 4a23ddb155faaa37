package dev.troth.server.console.page;

import java.util.List;

/**
 * A built page, cut once into bytes, slots and loops. Filling it copies bytes and escapes values;
 * nothing is parsed per request. Immutable.
 *
 * <pre>{@code
 * BuiltPage<Basket> page = BuiltPage.cut("basket.html", html, basketSlots);
 * byte[] answer = page.fill(basket);
 * }</pre>
 *
 * @param <V> what the page shows
 */
public final class BuiltPage<V> {
  private final List<Part<V>> parts;
  private final String policy;
  private final int expected;

  private BuiltPage(List<Part<V>> parts, String policy, int expected) {
    this.parts = parts;
    this.policy = policy;
    this.expected = expected;
  }

  /**
   * Cuts a page.
   *
   * @throws PageException if the page has a slot or loop without a name in {@code slots}, or one at
   *     a place where a value could not be made safe
   */
  public static <V> BuiltPage<V> cut(String name, String html, Slots<V> slots) {
    return new BuiltPage<>(
        new PageCutter(name, html).cut(slots), ContentPolicy.of(html), html.length() * 2);
  }

  /** The page for one view. */
  public byte[] fill(V view) {
    PageBytes out = new PageBytes(expected);
    for (Part<V> part : parts) {
      part.write(view, out);
    }
    return out.toBytes();
  }

  /** The {@code Content-Security-Policy} that lets this page run its own scripts and no other. */
  public String policy() {
    return policy;
  }
}
