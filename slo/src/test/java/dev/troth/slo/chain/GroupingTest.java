package dev.troth.slo.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.chain.Grouping.AlertOn;
import dev.troth.testkit.Property;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of senders as names of groups. */
final class GroupingTest {
  private static final Grouping BY_TENANT = new Grouping("tenant", 100, AlertOn.TOTAL);

  @Test
  void aRequestWithoutTheAttributeHasAGroupOfItsOwn() {
    assertThat(BY_TENANT.groupOf(Map.of("region", "eu"))).isEqualTo("(none)");
    assertThat(BY_TENANT.groupOf(Map.of("tenant", ""))).isEqualTo("(none)");
    assertThat(BY_TENANT.groupOf(Map.of("tenant", "acme"))).isEqualTo("acme");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /orders/{id} | /orders/{id}
          Köln 東京 | Köln 東京
          (none) | \\(none)
          (others) | \\(others)
          a\\b | a\\\\b
          ` acme` | \\u0020acme
          `acme ` | acme\\u0020
          ` ` | \\u0020
          """)
  void aValueIsItsOwnNameUnlessItWouldMislead(String value, String name) {
    assertThat(Grouping.named(value)).isEqualTo(name);
  }

  @Test
  void whatCannotBeSeenIsWrittenOut() {
    assertThat(Grouping.named("a\nb\u0000c\u202ed\u2028\ud800e"))
        .isEqualTo("a\\u000ab\\u0000c\\u202ed\\u2028\\ud800e");
  }

  @Test
  void aLongValueIsCutAndStillToldFromOthersLikeIt() {
    String one = Grouping.named("x".repeat(4_000) + "1");
    assertThat(one).hasSizeLessThan(130).startsWith("x".repeat(100) + "…");
    assertThat(Grouping.named("x".repeat(4_000) + "2")).isNotEqualTo(one);
    String pairs = Grouping.named("x" + "😀".repeat(200));
    assertThat(pairs.codePoints().noneMatch(point -> Character.getType(point) == 19)).isTrue();
  }

  @Test
  void noValueIsTheNameOfAnotherThatIsCut() {
    String cut = Grouping.named("L".repeat(150));
    assertThat(cut).hasSize(113);
    assertThat(Grouping.named(cut)).isNotEqualTo(cut).contains("\\u2026");
    assertThat(Grouping.named("more…")).isEqualTo("more…");
  }

  @Test
  void valuesThatLookAlikeHaveNamesThatDoNot() {
    assertThat(List.of("a b", "a\u00a0b", "a  b", "a\u2003b").stream().map(Grouping::named))
        .containsExactly("a b", "a\\u00a0b", "a \\u0020b", "a\\u2003b");
    assertThat(List.of("a", "a\ufe0f", "\u3164", "a\u034f").stream().map(Grouping::named))
        .containsExactly("a", "a\\ufe0f", "\\u3164", "a\\u034f");
    assertThat(Grouping.named("\u00e9")).isEqualTo("\u00e9");
    assertThat(Grouping.named("e\u0301")).isEqualTo("e\\u0301");
    // A script whose marks have no letter of their own stays as it is.
    assertThat(Grouping.named("\u0939\u093f")).isEqualTo("\u0939\u093f");
  }

  @Test
  void differentValuesHaveDifferentNamesAndNoneHasOneThatIsReserved() {
    List<String> alphabet =
        List.of("(", ")", "none", "others", "\\", "u000a", "\n", " ", "a", "\u202e", "…");
    Property.of("names of groups")
        .runs(200, 20_000)
        .check(random -> {
          Map<String, String> values = new HashMap<>();
          for (int i = 0; i < 200; i++) {
            StringBuilder value = new StringBuilder();
            for (int n = random.nextInt(1, 5); n > 0; n--) {
              value.append(alphabet.get(random.nextInt(alphabet.size())));
            }
            String before = values.put(Grouping.named(value.toString()), value.toString());
            assertThat(before).isIn(null, value.toString());
          }
          assertThat(values).doesNotContainKeys(Grouping.NONE, Grouping.OTHERS);
        });
  }
}
