package dev.troth.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BuiltPageTest {
  private record Line(String name, List<String> tags) {}

  private record Basket(String owner, List<Line> lines) {}

  private static final Slots<Basket> SLOTS =
      new Slots<Basket>()
          .text("owner", Basket::owner)
          .each(
              "lines",
              Basket::lines,
              new Slots<Line>()
                  .text("name", Line::name)
                  .each("tags", Line::tags, new Slots<String>().text("tag", tag -> tag)))
          .state(basket -> JsonMapper.shared().writeValueAsString(basket));

  private static String slot(String name) {
    return PageCutter.OPEN + name + PageCutter.CLOSE;
  }

  private static String fill(String html, Basket basket) {
    return new String(BuiltPage.cut("test.html", html, SLOTS).fill(basket), StandardCharsets.UTF_8);
  }

  private static void check(String html, Basket basket, String expected) {
    assertThat(fill(html, basket)).isEqualTo(expected);
  }

  private static Basket of(String owner) {
    return new Basket(owner, List.of());
  }

  @Test
  void aSlotIsFilledInTextAndInAttributes() {
    String html = "<p title=\"of " + slot("owner") + "!\">" + slot("owner") + "</p>";
    check(html, of("Ada"), "<p title=\"of Ada!\">Ada</p>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<script>x</script> | &lt;script&gt;x&lt;/script&gt;",
        "a\" onload=\"x | a&quot; onload=&quot;x",
        "it's & co | it&#39;s &amp; co",
        "Zoë → 日本 😀 | Zoë → 日本 😀",
      })
  void valuesAreEscaped(String value, String written) {
    check("<p>" + slot("owner") + "</p>", of(value), "<p>" + written + "</p>");
  }

  @Test
  void carriageReturnsSurviveAndNulIsReplaced() {
    check("<p>" + slot("owner") + "</p>", of("a\r\nb\0c"), "<p>a&#13;\nb\uFFFDc</p>");
  }

  @Test
  void aValueThatLooksLikeASlotIsNotFilledAgain() {
    check("<p>" + slot("owner") + "</p>", of(slot("owner")), "<p>" + slot("owner") + "</p>");
  }

  @Test
  void anElementWithRowsRepeatsItsOneRow() {
    String html = "<ol data-each=\"lines\"><li><ol><b>" + slot("name") + "</b></ol></li></ol>";
    Basket two = new Basket("", List.of(new Line("x", List.of()), new Line("y", List.of())));
    check(
        html,
        two,
        "<ol data-each=\"lines\"><li><ol><b>x</b></ol></li><li><ol><b>y</b></ol></li></ol>");
    check(html, of(""), "<ol data-each=\"lines\"></ol>");
  }

  @Test
  void rowsHaveRowsAndTheMarksAroundThemStandOnce() {
    String html =
        "<ul data-each=\"lines\"><!--[--><li>%s<ul data-each=\"tags\"><li>%s<br></li></ul></li><!--]--></ul>"
            .formatted(slot("name"), slot("tag"));
    check(
        html,
        new Basket("", List.of(new Line("x", List.of("1", "2")), new Line("y", List.of()))),
        "<ul data-each=\"lines\"><!--[--><li>x<ul"
            + " data-each=\"tags\"><li>1<br></li><li>2<br></li></ul></li><li>y<ul"
            + " data-each=\"tags\"></ul></li><!--]--></ul>");
    check(html, of(""), "<ul data-each=\"lines\"><!--[--><!--]--></ul>");
  }

  @Test
  void theStateBlockStaysJsonAndCannotEndItsScript() {
    String hostile = "</script><script>alert(1)</script><!-- & \u2028\u2029 " + slot("owner");
    String html = "<script type=\"application/json\">" + slot("@state") + "</script>";
    String filled = fill(html, of(hostile));
    String json = filled.substring(filled.indexOf('>') + 1, filled.lastIndexOf("</script>"));
    assertThat(json).doesNotContain("<", ">", "&", "\u2028", "\u2029", slot("owner"));
    assertThat(JsonMapper.shared().readTree(json).path("owner").asString()).isEqualTo(hostile);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p>%s</p>~nobody~page test.html: slot nobody is not known here",
        "<ul data-each=\"nothing\"><li></li></ul>~~loop nothing is not known here",
        "<ul data-each=\"lines\"><li>a</li><li>b</li></ul>~~loop lines has 2 rows, expected one",
        "<ul data-each=\"lines\"><li>%s</li></ul>~owner~slot owner is not known here",
        "<script>%s</script>~owner~slot owner stands in",
        "<style>%s</style>~owner~slot owner stands in",
        "<!-- %s -->~owner~slot owner stands in",
        "<p onclick=\"%s\">~owner~the attribute onclick, where no value is safe",
        "<p style=\"%s\">~owner~the attribute style, where no value is safe",
        "<p title=%s>~owner~the attribute title, where no value is safe",
        "<a href=\"%s\">~owner~the address in href does not begin with a path of this site",
        "<a href=\"/%s\">~owner~the address in href does not begin with a path of this site",
        "<ul data-each=\"lines\"><li>~~loop lines has no end",
      })
  void whatCannotBeFilledSafelyIsRefused(String example) {
    String[] parts = example.split("~");
    String html = parts[0].replace("%s", slot(parts[1]));
    assertThatThrownBy(() -> BuiltPage.cut("test.html", html, SLOTS))
        .isInstanceOf(PageException.class)
        .hasMessageContaining(parts[2]);
  }

  @Test
  void anAddressBelowAPathOfThisSiteMayHaveASlot() {
    String html = "<a href=\"/records/" + slot("owner") + "\">x</a>";
    check(html, of("7"), "<a href=\"/records/7\">x</a>");
  }

  @Test
  void thePolicyNamesTheInlineBlocksByTheirHashes() {
    String html = "<style>p{}</style><script>let a</script><script src=\"/x.js\"></script>";
    assertThat(BuiltPage.cut("test.html", html, SLOTS).policy())
        .startsWith("default-src 'none';")
        .contains("script-src 'self' 'sha256-IfEXP/8HLuXoAiy0hZVrCAcjcLsZqYFpLOHDGj8enqE='; ")
        .contains("style-src 'self' 'sha256-")
        .contains("require-trusted-types-for 'script'");
  }

  @Test
  void noValueLeavesItsPlace() {
    Property.of("a page has the same markup whatever the values")
        .runs(2_000, 100_000)
        .check(random -> {
          String html = "<p title=\"" + slot("owner") + "\">" + slot("owner") + "</p>";
          String value = hostile(random);
          String filled = fill(html, of(value));
          assertThat(filled.chars().filter(c -> c == '<' || c == '>').count()).isEqualTo(4);
          assertThat(filled.chars().filter(c -> c == '"').count()).isEqualTo(2);
          String text = filled.substring(filled.indexOf('>') + 1, filled.length() - 4);
          assertThat(unescaped(text)).isEqualTo(value.replace('\0', '\uFFFD'));
        });
  }

  private static String hostile(RandomGenerator random) {
    String alphabet = "<>&\"'/=! \r\n\0a;#39\u2028é\uE000\uE001";
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#13;", "\r")
        .replace("&amp;", "&");
  }

  @Test
  void aFragmentIsWrittenWithItsPageAndByItself() {
    String html =
        "<script type=\"application/json\">%s</script><p>%s</p><p data-fragment=\"who\" id=\"a\"><b>%s</b><br></p><ol data-fragment=\"all\" data-each=\"lines\"><li>%s</li></ol>"
            .formatted(slot("@state"), slot("owner"), slot("owner"), slot("name"));
    BuiltPage<Basket> page = BuiltPage.cut("test.html", html, SLOTS);
    Basket basket =
        new Basket("A<", List.of(new Line("one", List.of()), new Line("two", List.of())));
    String who = "<p data-fragment=\"who\" id=\"a\"><b>A&lt;</b><br></p>";
    String all = "<ol data-fragment=\"all\" data-each=\"lines\"><li>one</li><li>two</li></ol>";
    assertThat(new String(page.fill(basket), StandardCharsets.UTF_8))
        .endsWith("<p>A&lt;</p>" + who + all);
    assertThat(page.keys()).containsExactlyInAnyOrder("who", "all");
    assertThat(new String(page.fill(basket, List.of("who")), StandardCharsets.UTF_8))
        .startsWith("<!doctype html><script type=\"application/json\" id=\"troth-state\">{")
        .endsWith("</script>" + who);
    assertThat(new String(page.fill(basket, List.of("all", "who")), StandardCharsets.UTF_8))
        .endsWith(all + who);
    assertThatThrownBy(() -> page.fill(basket, List.of("none")))
        .hasMessageContaining("fragment is 'none', expected one of [who, all]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<p data-fragment=\"a\"></p><p data-fragment=\"a\"></p> | fragment a is there twice",
        "<p data-fragment=\"a\"><b data-fragment=\"b\"></b></p> | stands in a row or in another"
            + " fragment",
        "<ol data-each=\"lines\"><li data-fragment=\"a\"></li></ol> | stands in a row",
        "<table><tbody data-fragment=\"a\"></tbody></table> | fragment a is a tbody, which needs"
            + " its table",
        "<p data-fragment=\"a\"><b> | fragment a has no end",
      })
  void aFragmentThatCouldNotStandAloneIsRefused(String html, String why) {
    assertThatThrownBy(() -> BuiltPage.cut("test.html", html, SLOTS))
        .isInstanceOf(PageException.class)
        .hasMessageContaining(why);
  }
}
