package dev.troth.server.console.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a built page from left to right and cuts it. It knows as much HTML as is needed to tell
 * where a slot stands: in text, in a quoted attribute, in the state block, or where none may be.
 */
final class PageCutter {
  static final char OPEN = '\uE000';
  static final char CLOSE = '\uE001';
  private static final String STATE = "@state";

  /** Svelte's marks around the rows of a loop; they stand once, whatever the number of rows. */
  private static final String ROWS_BEGIN = "<!--[-->";

  private static final String ROWS_END = "<!--]-->";

  private static final Pattern TAG = Pattern.compile("<([a-zA-Z][a-zA-Z0-9-]*)");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("\\s+([^\\s=>/\"']+)(?:=(\"[^\"]*\"|'[^']*'|[^\\s>\"']+))?|\\s*/?>");
  private static final Set<String> VOID =
      Set.of("br", "hr", "img", "input", "link", "meta", "source", "wbr");
  private static final Set<String> URLS = Set.of("href", "src", "action", "formaction");
  private static final Set<String> CODE = Set.of("style", "srcdoc", "srcset", "ping");

  private static final Set<String> TABLE_PARTS = Set.of("thead", "tbody", "tr", "th", "td");

  private final String name;
  private final String html;
  private final Set<String> keys = new HashSet<>();
  private int at;

  PageCutter(String name, String html) {
    this.name = name;
    this.html = html;
  }

  <V> List<Part<V>> cut(Slots<V> slots) {
    Cut<V> cut = new Cut<>(slots, -1);
    while (at < html.length()) {
      step(cut);
    }
    return cut.finished();
  }

  private <V> void step(Cut<V> cut) {
    char c = html.charAt(at);
    if (c == OPEN) {
      cut.slot(slotName());
    } else if (c != '<') {
      cut.literal(html, at, ++at);
    } else if (html.startsWith("<!--", at)) {
      through(cut, "-->");
    } else if (html.startsWith("</", at)) {
      through(cut, ">");
      cut.close();
    } else if (html.startsWith("<!", at)) {
      through(cut, ">");
    } else {
      element(cut);
    }
  }

  /** Copies up to and including an end; a slot on the way would not be filled. */
  private <V> void through(Cut<V> cut, String end) {
    int found = html.indexOf(end, at);
    int to = found < 0 ? html.length() : found + end.length();
    int slot = html.indexOf(OPEN, at);
    if (slot >= 0 && slot < to) {
      at = slot;
      throw failure("slot %s stands in %s".formatted(slotName(), html.substring(at, to)));
    }
    cut.literal(html, at, to);
    at = to;
  }

  private <V> void element(Cut<V> cut) {
    Matcher tag = TAG.matcher(html).region(at, html.length());
    if (!tag.lookingAt()) {
      cut.literal(html, at, ++at);
      return;
    }
    String element = tag.group(1).toLowerCase(Locale.ROOT);
    String key = fragmentKey(tag.end());
    if (!key.isEmpty() && cut.begin != at) {
      fragment(cut, element, key);
      return;
    }
    cut.literal(html, at, tag.end());
    at = tag.end();
    String loop = "";
    boolean json = false;
    boolean closed = false;
    Matcher attribute = ATTRIBUTE.matcher(html);
    while (true) {
      if (!attribute.region(at, html.length()).lookingAt()) {
        throw failure("the tag %s cannot be read at character %d".formatted(element, at));
      }
      if (attribute.group(1) == null) {
        closed = attribute.group().contains("/");
        cut.literal(html, at, attribute.end());
        at = attribute.end();
        break;
      }
      String name = attribute.group(1).toLowerCase(Locale.ROOT);
      String value = attribute.group(2) == null ? "" : attribute.group(2);
      if (name.equals("data-each")) {
        loop = value.replace("\"", "");
      }
      json |= name.equals("type") && value.contains("application/json");
      attribute(cut, name, attribute);
      at = attribute.end();
    }
    if (element.equals("script") || element.equals("style")) {
      rawText(cut, element, json);
      return;
    }
    cut.open();
    if (closed || VOID.contains(element)) {
      cut.close();
    } else if (!loop.isEmpty()) {
      loop(cut, element, loop);
    }
  }

  /** The value of the tag's {@code data-fragment}, or empty; the tag is only looked at. */
  private String fragmentKey(int from) {
    Matcher attribute = ATTRIBUTE.matcher(html);
    int look = from;
    while (attribute.region(look, html.length()).lookingAt() && attribute.group(1) != null) {
      if (attribute.group(1).equalsIgnoreCase("data-fragment")) {
        return attribute.group(2) == null ? "" : attribute.group(2).replaceAll("[\"']", "");
      }
      look = attribute.end();
    }
    return "";
  }

  /** An element that is written by itself too, so its tag has to make sense outside of the page. */
  private <V> void fragment(Cut<V> cut, String element, String key) {
    if (cut.begin >= 0) {
      throw failure("fragment %s stands in a row or in another fragment".formatted(key));
    }
    if (TABLE_PARTS.contains(element)) {
      throw failure("fragment %s is a %s, which needs its table".formatted(key, element));
    }
    if (!keys.add(key) || key.indexOf(OPEN) >= 0) {
      throw failure("fragment %s is there twice, or its key is a slot".formatted(key));
    }
    Cut<V> inner = new Cut<>(cut.slots, at);
    while (inner.elements == 0) {
      if (at >= html.length()) {
        throw failure("fragment %s has no end".formatted(key));
      }
      step(inner);
    }
    cut.flush();
    cut.parts.add(new Part.Fragment<>(key, inner.finished()));
  }

  private <V> void attribute(Cut<V> cut, String key, Matcher attribute) {
    String whole = attribute.group();
    int slot = whole.indexOf(OPEN);
    if (slot < 0) {
      cut.literal(html, at, attribute.end());
      return;
    }
    String value = attribute.group(2) == null ? "" : attribute.group(2);
    boolean quoted = value.startsWith("\"") || value.startsWith("'");
    if (!quoted || key.startsWith("on") || CODE.contains(key) || key.indexOf(OPEN) >= 0) {
      throw failure("a slot stands in the attribute %s, where no value is safe".formatted(key));
    }
    // "/x/" and a value is a path of this site; a value alone could be javascript: or //elsewhere.
    if (URLS.contains(key) && !value.matches("(?s)[\"']/[^/\uE000].*")) {
      throw failure("the address in %s does not begin with a path of this site".formatted(key));
    }
    int end = attribute.end();
    while (at < end) {
      if (html.charAt(at) == OPEN) {
        cut.slot(slotName());
      } else {
        cut.literal(html, at, ++at);
      }
    }
  }

  private <V> void rawText(Cut<V> cut, String element, boolean json) {
    if (json && html.startsWith(OPEN + STATE + CLOSE, at)) {
      at += STATE.length() + 2;
      cut.state();
    }
    through(cut, "</" + element + ">");
  }

  /** The rows of an element: one is in the built page, and stands for all. */
  private <V> void loop(Cut<V> cut, String element, String loop) {
    if (html.startsWith(ROWS_BEGIN, at)) {
      cut.literal(html, at, at + ROWS_BEGIN.length());
      at += ROWS_BEGIN.length();
    }
    cut.each(loop, element);
  }

  private String slotName() {
    int end = html.indexOf(CLOSE, at);
    if (end < 0) {
      throw failure("a slot at character %d has no end".formatted(at));
    }
    String slot = html.substring(at + 1, end);
    at = end + 1;
    return slot;
  }

  private PageException failure(String what) {
    return new PageException("page %s: %s".formatted(name, what));
  }

  /** The parts of a page, or of one row, while they are cut. */
  private final class Cut<V> {
    private final Slots<V> slots;
    private final List<Part<V>> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    /** Where the fragment begins that this is; below zero for the page, beyond it for a row. */
    private final int begin;

    private int level;
    private int elements;

    Cut(Slots<V> slots, int begin) {
      this.slots = slots;
      this.begin = begin;
    }

    void literal(String text, int from, int to) {
      literal.append(text, from, to);
    }

    void open() {
      level++;
    }

    void close() {
      if (--level == 0) {
        elements++;
      }
    }

    void slot(String slot) {
      Function<V, String> value =
          slots
              .textOf(slot)
              .orElseThrow(() -> failure("slot %s is not known here".formatted(slot)));
      flush();
      parts.add(new Part.Text<>(value));
    }

    void state() {
      Function<V, String> json =
          slots.stateBlock().orElseThrow(() -> failure("this page has no state to put in"));
      flush();
      parts.add(new Part.Block<>(json));
    }

    void each(String loop, String element) {
      flush();
      parts.add(
          rows(
              slots
                  .loopOf(loop)
                  .orElseThrow(() -> failure("loop %s is not known here".formatted(loop))),
              loop,
              element));
    }

    private <R> Part<V> rows(Slots.Loop<V, R> loop, String name, String element) {
      Cut<R> row = new Cut<>(loop.row(), Integer.MAX_VALUE);
      String end = "</" + element + ">";
      while (row.level > 0 || !(html.startsWith(end, at) || html.startsWith(ROWS_END + end, at))) {
        if (at >= html.length()) {
          throw failure("loop %s has no end".formatted(name));
        }
        step(row);
      }
      if (row.elements != 1) {
        throw failure("loop %s has %d rows, expected one".formatted(name, row.elements));
      }
      return new Part.Each<>(loop.rows(), row.finished());
    }

    List<Part<V>> finished() {
      flush();
      return List.copyOf(parts);
    }

    private void flush() {
      if (!literal.isEmpty()) {
        parts.add(new Part.Chunk<>(literal.toString().getBytes(StandardCharsets.UTF_8)));
        literal.setLength(0);
      }
    }
  }
}
