package dev.troth.server.web;

import dev.troth.watch.change.Fields;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jsoup.parser.StreamParser;

/**
 * What chosen elements of a web page say: the text of each, as a reader sees it. No script of the
 * page runs, and nothing that it names is fetched.
 *
 * <pre>{@code
 * WebPage.choosing("#price").read(bytes, "text/html; charset=utf-8").at("value") // "12.50 €"
 * }</pre>
 */
public final class WebPage {
  private static final int LONGEST_SELECTOR = 500;
  private static final int MOST_CHOSEN = 200;
  private static final int MOST_TEXT = 1 << 20;
  private static final int DEEPEST = 256;
  private static final int MOST_ELEMENTS = 50_000;
  private static final Pattern CHARSET =
      Pattern.compile("(?i)charset\\s*=\\s*[\"']?([A-Za-z0-9._:+-]{1,64})");

  /** How much of a page may say what it is written in (HTML, § 4.2.5.4). */
  private static final int HEAD = 1024;

  private final String selector;
  private final Selector.Any chosen;

  private WebPage(String selector, Selector.Any chosen) {
    this.selector = selector;
    this.chosen = chosen;
  }

  /**
   * A page of which a CSS selector chooses elements.
   *
   * @throws IllegalArgumentException when it is none, saying what is wrong
   */
  public static WebPage choosing(String selector) {
    if (selector.isBlank() || selector.length() > LONGEST_SELECTOR) {
      throw new IllegalArgumentException(
          "select has %d characters, expected a CSS selector of 1 to %d"
              .formatted(selector.length(), LONGEST_SELECTOR));
    }
    if (selector.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "select is '%s', expected a CSS selector without controls"
              .formatted(selector.replaceAll("\\p{Cntrl}", "\uFFFD")));
    }
    try {
      return new WebPage(selector, SelectorParser.parse(selector));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "select is '%s', expected a CSS selector such as #price or table.rates td: %s"
              .formatted(selector, e.getMessage()),
          e);
    }
  }

  /**
   * The text of the chosen elements: {@code value}, a text where there is one, else a list.
   *
   * @param type the content type that the server names; empty without
   * @throws IllegalArgumentException when nothing is chosen or too much, saying what was expected
   */
  public Fields read(byte[] page, String type) {
    Document document = parsed(new String(page, charset(page, type)));
    List<String> texts = new ArrayList<>();
    long length = 0;
    for (Element element : new ElementTable(document).chosen(chosen)) {
      if (texts.size() == MOST_CHOSEN) {
        throw new IllegalArgumentException(
            "select %s chooses more than %d elements, expected fewer"
                .formatted(selector, MOST_CHOSEN));
      }
      String text = element.text();
      // An element within a chosen one says its text once more.
      length += text.length();
      if (length > MOST_TEXT) {
        throw new IllegalArgumentException(
            "select %s chooses more than %d characters, expected fewer"
                .formatted(selector, MOST_TEXT));
      }
      texts.add(text);
    }
    if (texts.isEmpty()) {
      throw new IllegalArgumentException(
          "the page has no element for select %s".formatted(selector));
    }
    return texts.size() == 1
        ? Fields.of("value", texts.getFirst())
        : Fields.of("value", List.copyOf(texts));
  }

  /** As browsers read it, but bounded. */
  static Document parsed(String text) {
    Parser parser = Parser.htmlParser().setMaxDepth(DEEPEST);
    try (StreamParser stream = new StreamParser(parser).parse(text, "")) {
      int elements = 0;
      Iterator<Element> each = stream.iterator();
      while (each.hasNext()) {
        Element _ = each.next();
        if (++elements > MOST_ELEMENTS) {
          throw new IllegalArgumentException(
              "the page has more than %d elements, expected fewer".formatted(MOST_ELEMENTS));
        }
      }
      return withoutTemplates(stream.document());
    }
  }

  /**
   * What a template holds is no part of the page: no reader sees it, and no selector chooses it.
   */
  private static Document withoutTemplates(Document document) {
    List<Element> templates = new ArrayList<>();
    document.traverse((node, _) -> {
      if (node instanceof Element element
          && element.normalName().equals("template")
          && element.tag().namespace().equals(Parser.NamespaceHtml)) {
        templates.add(element);
      }
    });
    templates.forEach(Element::empty);
    return document;
  }

  /** By its first bytes, then what the server says, then what the page says of itself. */
  private static Charset charset(byte[] page, String type) {
    if (starts(page, 0xEF, 0xBB, 0xBF)) {
      return StandardCharsets.UTF_8;
    }
    if (starts(page, 0xFE, 0xFF)) {
      return StandardCharsets.UTF_16BE;
    }
    if (starts(page, 0xFF, 0xFE)) {
      return StandardCharsets.UTF_16LE;
    }
    Matcher said = CHARSET.matcher(type);
    if (said.find()) {
      return named(said.group(1));
    }
    String head = new String(page, 0, Math.min(page.length, HEAD), StandardCharsets.ISO_8859_1);
    Matcher meta = Pattern.compile("(?i)<meta[^>]*" + CHARSET.pattern()).matcher(head);
    return meta.find() ? named(meta.group(1)) : StandardCharsets.UTF_8;
  }

  private static boolean starts(byte[] page, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (page.length <= i || (page[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static Charset named(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException(
          "the page is written in %s, expected a charset that Java knows".formatted(name), e);
    }
  }
}
