package dev.troth.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        List.of("", " ", "p[", "a:matches((x+)+y)", "[title~=(x+)+]", "p\n", "p".repeat(501))) {
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
}
