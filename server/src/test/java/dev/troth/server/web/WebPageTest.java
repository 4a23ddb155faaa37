package dev.troth.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The text of chosen elements, whatever the page is made of. */
final class WebPageTest {
  private static @Nullable Object read(String selector, String page) {
    return read(selector, page.getBytes(StandardCharsets.UTF_8), "");
  }

  private static @Nullable Object read(String selector, byte[] page, String type) {
    return WebPage.choosing(selector).read(page, type).at("value");
  }

  @Test
  void theTextIsWhatAReaderSees() {
    String page =
        """
        <!doctype html><title>Rates</title><script>var price = '<b id=price>1</b>'</script>
        <p id=price class="big now"> 12.50&nbsp;&euro;<!-- old --> <b>each</b>
        <style>p { color: red }</style>
        <table><tr><td>EUR<td>11.2<tr><td>USD<td>10.4</table>
        """;
    assertThat(read("#price", page)).isEqualTo("12.50 € each");
    assertThat(read("p.big", page)).isEqualTo("12.50 € each");
    assertThat(read("td:nth-child(2)", page)).isEqualTo(List.of("11.2", "10.4"));
    assertThat(read("title", page)).isEqualTo("Rates");
    assertThat(read("p.big > b", page)).isEqualTo("each");
  }

  @Test
  void whatItIsWrittenInIsSaidByItsFirstBytesTheServerOrThePage() {
    Charset latin = StandardCharsets.ISO_8859_1;
    byte[] bare = "<p>gr\u00FC\u00DF</p>".getBytes(latin);
    assertThat(read("p", bare, "text/html; charset=\"iso-8859-1\"")).isEqualTo("grüß");
    byte[] meta = "<meta charset=latin1><p>gr\u00FC\u00DF</p>".getBytes(latin);
    assertThat(read("p", meta, "text/html")).isEqualTo("grüß");
    byte[] equiv =
        "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'><p>мир</p>"
            .getBytes(Charset.forName("windows-1251"));
    assertThat(read("p", equiv, "")).isEqualTo("мир");
    byte[] wide = "\uFEFF<p>мир</p>".getBytes(StandardCharsets.UTF_16LE);
    assertThat(read("p", wide, "text/html; charset=latin1")).isEqualTo("мир");
    assertThat(read("p", "\uFEFF<p>мир</p>")).isEqualTo("мир");
    assertThat(read("p", "<p>мир</p>")).isEqualTo("мир");
    assertThatThrownBy(() -> read("p", bare, "text/html; charset=klingon"))
        .hasMessageContaining("the page is written in klingon");
  }

  @Test
  void whatIsNotThereOrTooMuchIsSaid() {
    assertThatThrownBy(() -> read("#price", "<p>soon</p>"))
        .hasMessage("the page has no element for select #price");
    assertThatThrownBy(() -> read("#price", ""))
        .hasMessage("the page has no element for select #price");
    assertThatThrownBy(() -> read("b", "<b>x</b>".repeat(201)))
        .hasMessageContaining("more than 200 elements");
    assertThatThrownBy(() -> read("b", "<i></i>".repeat(50_001) + "<b>x</b>"))
        .hasMessageContaining("more than 50000 elements");
    assertThat(read("b", "<div>".repeat(40_000) + "<b>deep</b>")).isEqualTo("deep");
  }

  @Test
  void aSelectorThatIsNoneIsRefused() {
    for (String selector :
        List.of(
            "",
            " ",
            "p[",
            "a:matches((x+)+y)",
            "[title~=(x+)+]",
            "p\n",
            "p".repeat(501),
            ":is(p",
            "p,",
            "..a")) {
      assertThatThrownBy(() -> WebPage.choosing(selector))
          .as(selector)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("select ");
    }
  }

  @Test
  void noPageMakesItFailInAnotherWay() {
    String[] pieces = {
      "<p>",
      "</p>",
      "<table>",
      "<tr",
      "<td>",
      "</div>",
      "<svg><p>",
      "<script>",
      "</script",
      "<!--",
      "-->",
      "<![CDATA[",
      "&#x110000;",
      "&amp",
      "\u0000",
      "<b id=x>",
      "<template>",
      "<select><p>",
      "<textarea>",
      "<math><mi>",
      "<a <b>",
      "\uD800",
      "x",
      "<plaintext>",
      "<?xml",
      "<frameset>"
    };
    Property.of("hostile pages")
        .runs(2_000, 50_000)
        .check(random -> {
          StringBuilder page = new StringBuilder();
          for (int i = random.nextInt(40); i >= 0; i--) {
            page.append(pieces[random.nextInt(pieces.length)]);
          }
          try {
            Object _ = read("#x, p td", page.toString());
          } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("the page has no element");
          }
        });
  }

  /** Chosen by a library that asks each element alone; its own names and cases are left out. */
  @Test
  void theSameElementsAreChosenAsByAnotherReaderOfSelectors() {
    String[] tags = {"div", "p", "b", "i"};
    Property.of("selectors")
        .runs(1_500, 100_000)
        .check(random -> {
          StringBuilder page = new StringBuilder("<body>");
          for (int i = random.nextInt(30); i >= 0; i--) {
            String tag = tags[random.nextInt(tags.length)];
            page.append(
                switch (random.nextInt(4)) {
                  case 0 -> "</" + tag + ">";
                  case 1 -> "<" + tag + " class='" + (random.nextBoolean() ? "x" : "x y") + "'>";
                  case 2 -> "<" + tag + " id=n" + random.nextInt(3) + " lang=en-gb>";
                  default -> "<" + tag + ">t";
                });
          }
          String selector = selector(random, 3);
          Document document = Jsoup.parse(page.toString());
          List<Element> expected =
              document.select(selector).stream().filter(e -> !(e instanceof Document)).toList();
          assertThat(new ElementTable(document).chosen(SelectorParser.parse(selector)))
              .as("%s of %s", selector, document.outerHtml())
              .containsExactlyElementsOf(expected);
        });
  }

  private static String selector(RandomGenerator random, int depth) {
    StringBuilder text = new StringBuilder(compound(random, depth));
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append(new String[] {" ", " > ", "+", "~ "}[random.nextInt(4)]);
      text.append(compound(random, depth));
    }
    return random.nextInt(6) == 0 ? text + ", " + compound(random, depth) : text.toString();
  }

  private static String compound(RandomGenerator random, int depth) {
    // Not the outermost element, which the other one takes for nobody's child.
    String tag = new String[] {"div", "p", "b", "i"}[random.nextInt(4)];
    String test =
        switch (random.nextInt(depth > 0 ? 15 : 10)) {
          case 0 -> ".x";
          case 1 -> "#n" + random.nextInt(3);
          case 2 -> "[lang|=en]";
          case 3 -> "[class$=y]";
          case 4 -> ":nth-child(" + (random.nextInt(5) - 1) + "n+" + random.nextInt(3) + ")";
          case 5 -> ":nth-last-of-type(" + (1 + random.nextInt(3)) + ")";
          case 6 -> ":first-of-type";
          case 7 -> ":only-child";
          case 8 -> ":last-child";
          case 10 -> ":not(" + selector(random, depth - 1) + ")";
          case 11 -> ":is(" + selector(random, depth - 1) + ")";
          // Nothing within looks beyond the element that has it, as CSS lets it and the other not.
          case 12 -> ":has(> " + compound(random, 0) + ")";
          case 13 -> ":has(" + compound(random, 0) + ")";
          case 14 -> ":has(+ " + compound(random, 0) + ")";
          default -> "";
        };
    return tag + test;
  }

  @Test
  void noSelectorTakesLongOnAPageThatWantsItTo() {
    String flat = "<ul>" + "<li>x".repeat(49_000) + "</ul>";
    String deep = ("<div>".repeat(240) + "<u></u>" + "</div>".repeat(240)).repeat(190);
    List<String> selectors =
        List.of(
            "li:last-of-type",
            "li:nth-last-of-type(1)",
            "li ~ li ~ li ~ li ~ b, li:last-child",
            "body:has(li ~ li ~ li + li)",
            "div:has(div:has(div:has(div:has(div:has(i))))), body",
            "div div div div div div div div div div div div div div i, body",
            ":not(:has(:not(:has(~ b)))), body");
    // Each took from half a minute to hours where elements were asked one by one.
    for (String selector : selectors) {
      for (String page : List.of(flat, deep)) {
        try {
          assertThat(read(selector, page)).isNotNull();
        } catch (IllegalArgumentException none) {
          assertThat(none).hasMessageContaining(selector);
        }
      }
    }
  }

  @Test
  void whatIsChosenManyTimesOverIsBounded() {
    String page = "<div>".repeat(150) + "x".repeat(10_000);
    assertThatThrownBy(() -> read("div", page))
        .hasMessageContaining("more than 1048576 characters");
  }

  @Test
  void attributesNamesAndEscapesAreReadAsCssHasThem() {
    String page = "<p data-Price='A b' class='now Big' id='1.5'>x</p><p lang=sv>y</p>";
    for (String selector :
        List.of(
            "[data-price]",
            "[DATA-PRICE='A b']",
            "[data-price~=b]",
            "[data-price='a B' i]",
            "[data-price^=\"A\"]",
            ".now.Big",
            "#\\31\\.5",
            "P:not([lang])",
            "p:nth-child( odd )",
            "body > p:first-child",
            ":is(p, b):has(+ [lang=sv])")) {
      assertThat(read(selector, page)).as(selector).isEqualTo("x");
    }
    assertThatThrownBy(() -> read(".big", page)).hasMessageContaining("has no element");
    assertThatThrownBy(() -> WebPage.choosing("p:hover"))
        .hasMessageContaining("at character 3, expected first-child")
        .hasMessageContaining("found 'hover'");
    assertThatThrownBy(() -> WebPage.choosing("p >"))
        .hasMessageContaining(
            "at character 4, expected an element, '#', '.', '[' or ':', found the end");
  }
}
