package dev.troth.server.console.page;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
  private static final byte[] DOCTYPE = utf8("<!doctype html>");
  private static final byte[] STATE_BEGIN =
      utf8("<script type=\"application/json\" id=\"troth-state\">");
  private static final byte[] STATE_END = utf8("</script>");

  private final List<Part<V>> parts;
  private final Map<String, Part<V>> fragments = new LinkedHashMap<>();
  private final Optional<Part<V>> state;
  private final String policy;
  private final int expected;

  private BuiltPage(List<Part<V>> parts, String policy, int expected) {
    this.parts = parts;
    this.state = parts.stream().filter(part -> part instanceof Part.Block).findFirst();
    for (Part<V> part : parts) {
      if (part instanceof Part.Fragment<V>(String key, var _)) {
        fragments.put(key, part);
      }
    }
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

  /** The keys of the page's fragments: the elements marked {@code data-fragment}. */
  public Set<String> keys() {
    return Set.copyOf(fragments.keySet());
  }

  /**
   * Some fragments of the page for one view, after the page's state if it has one: a document to be
   * parsed, whose elements take the place of those with the same keys.
   *
   * @throws IllegalArgumentException if the page has no fragment of such a key
   */
  public byte[] fill(V view, Collection<String> keys) {
    PageBytes out = new PageBytes(expected);
    out.bytes(DOCTYPE);
    state.ifPresent(block -> {
      out.bytes(STATE_BEGIN);
      block.write(view, out);
      out.bytes(STATE_END);
    });
    for (String key : keys) {
      Part<V> fragment = fragments.get(key);
      if (fragment == null) {
        throw new IllegalArgumentException(
            "fragment is '%s', expected one of %s".formatted(key, fragments.keySet()));
      }
      fragment.write(view, out);
    }
    return out.toBytes();
  }

  /** The {@code Content-Security-Policy} that lets this page run its own scripts and no other. */
  public String policy() {
    return policy;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
