package dev.troth.contracts.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The prover and generated code trust that a format lies between its two expressions. */
class FormatGrammarTest {
  private static final List<String> TEXTS =
      List.of(
          "2024-02-29",
          "2023-02-28T12:00:00.25Z",
          "2016-12-31T23:59:60+00:00",
          "23:59:60Z",
          "01:00:60+01:01",
          "P1Y2M3DT4H5M6S",
          "a.b@example.com",
          "\"a b\\\\\"@xn--a.example",
          "x@[IPv6:::1]",
          "a@aa--a.b",
          "a-b.example",
          "127.0.0.1",
          "1:2:3:4:5:6:7:8",
          "1::8",
          "::ffff:1.2.3.4",
          "https://user@example.com:80/a/%41?b=c#d",
          "//[v1.x]:8/a",
          "urn:a:b",
          "a/b:c",
          "a:b",
          "\u4e00%41b:c",
          "/a/{+b,c*}/{d:3}",
          "/a~0/b~1",
          "0#",
          "12/a",
          "123e4567-e89b-12d3-a456-426614174000");
  private static final String LETTERS = "az09AZ.:/@-_%[]#?+~ {}\u4e00\ue000,;=x!*'\"\\\\^|TZPW";

  @Test
  void everyFormatLiesBetweenItsExpressions() {
    Property.of("formats lie between their expressions")
        .runs(20_000, 1_000_000)
        .check(random -> {
          String text = near(random);
          int length = text.codePointCount(0, text.length());
          for (Format format : Format.values()) {
            boolean valid = format.test(text);
            FormatGrammar.of(format)
                .ifPresent(grammar -> {
                  boolean upper = grammar.upper().find(text) && length <= grammar.longest();
                  boolean lower = grammar.lower().find(text) && length <= grammar.shorter();
                  assertThat(valid && !upper).as("%s: '%s' is above", format, text).isFalse();
                  assertThat(lower && !valid).as("%s: '%s' is below", format, text).isFalse();
                  if (grammar.exact()) {
                    assertThat(upper).as("%s: '%s'", format, text).isEqualTo(valid);
                  }
                });
          }
        });
  }

  private static String near(RandomGenerator random) {
    StringBuilder text = new StringBuilder(TEXTS.get(random.nextInt(TEXTS.size())));
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(text.length() + 1);
      char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, letter);
        case 1 -> text.replace(at, Math.min(text.length(), at + 1), "");
        case 2 -> text.replace(at, Math.min(text.length(), at + 1), String.valueOf(letter));
        default -> text.insert(at, TEXTS.get(random.nextInt(TEXTS.size())));
      }
    }
    return text.toString();
  }

  /** A reference whose first segment has a colon would read as a scheme, whatever is before it. */
  @Test
  void aColonInTheFirstSegmentIsNoReference() {
    assertThat(Format.URI_REFERENCE.test("a%41b:c")).isFalse();
    assertThat(Format.IRI_REFERENCE.test("\u4e00b:c")).isFalse();
    assertThat(Format.IRI_REFERENCE.test("./\u4e00b:c")).isTrue();
  }
}
