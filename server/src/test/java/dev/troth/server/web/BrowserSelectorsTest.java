package dev.troth.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.watch.change.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where browsers and readers of selectors differ: what Chromium chooses on the same page. */
final class BrowserSelectorsTest {
  private static final String PAGE =
      """
      <!doctype html><body><input type=TEXT name=A id=a><p lang=EN title='\u212A' id=b>t</p>\
      <p id=c> </p><p id=d><!-- c --></p><script id=e>1</script><p id=f></p>\
      <template id=g><b id=h>x</b></template><div id=i>see<template><b>not</b></template></div>\
      <svg id=j type=TEXT><template id=k><text id=l>y</text></template></svg>\
      <a rel=NoFollow id=m data-x=Ab>z</a><style id=n>p{}</style><p id=o title='\u00C4B'>q</p>\
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[type=text]; a",
        "[name=a];",
        "[lang=en]; b",
        "[lang|=en]; b",
        "[rel=nofollow]; m",
        "[rel~=nofollow]; m",
        "[rel^=nof]; m",
        "[data-x=ab];",
        "[data-x=ab i]; m",
        "[data-x=ab I]; m",
        "[data-x=\"ab\"i]; m",
        "[title=k i];",
        "[title=\"\u00E4b\" i];",
        "[title=\"\u00C4b\" i]; o",
        "p:empty; d f",
        "script:empty;",
        "style:empty;",
        "#g:empty; g",
        "#h;",
        "template b;",
        "div:has(b);",
        "template > *; l",
        "svg text; l"
      })
  void theSameElementsAreChosen(String selector, @Nullable String expected) {
    assertThat(
            new ElementTable(WebPage.parsed(PAGE))
                .chosen(SelectorParser.parse(selector)).stream().map(Element::id).toList())
        .isEqualTo(expected == null ? List.of() : List.of(expected.split(" ")));
  }

  @Test
  void whatIsInATemplateIsNotSeen() {
    Fields read = WebPage.choosing("#i").read(PAGE.getBytes(StandardCharsets.UTF_8), "text/html");
    assertThat(read.at("value")).isEqualTo("see");
  }

  @Test
  void anotherLetterBehindAValueIsRefused() {
    assertThatThrownBy(() -> WebPage.choosing("[lang=en x]"))
        .hasMessageContaining("expected ']', found 'x]'");
  }
}
