package dev.troth.watch.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilterTest {
  private static final Change CHANGE =
      new Change(
          1,
          1,
          Instant.EPOCH,
          NewChange.of(Subject.parse("record/1"), "record.updated", "bob")
              .before(Fields.of("price", 12, "name", "tea"))
              .after(
                  Fields.of(
                      "price",
                      9.5,
                      "name",
                      "tea",
                      "stock",
                      "007",
                      "tags",
                      List.of("hot", 3),
                      "customer",
                      Map.of("city", "Oslo"),
                      "sold",
                      false)));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          price < 10                              | true
          price<10                                | true
          price < 9.5                             | false
          price <= 9.5                            | true
          price >= 9.50 and price = 9.500         | true
          before.price > 10                       | true
          price > -1e1                            | true
          name = 'tea'                            | true
          name == "tea"                           | true
          name != 'tea'                           | false
          name contains 'EA'                      | true
          tags contains 'hot'                     | true
          tags contains 3                         | true
          tags contains 4                         | false
          stock = 7                               | true
          stock > 8                               | false
          name > 'tab'                            | true
          name > 3                                | false
          name < 3                                | false
          customer.city = 'Oslo'                  | true
          customer.street = null                  | true
          missing = null                          | true
          missing != null                         | false
          missing < 3                             | false
          sold = false                            | true
          sold = true                             | false
          changed(price)                          | true
          changed(name)                           | false
          changed(name, price)                    | true
          changed(stock)                          | true
          not changed(name)                       | true
          not (price < 10 or name = 'x')          | false
          price > 10 or name = 'tea' and sold = false | true
          (price > 10 or name = 'tea') and sold = true | false
          name in ('tea', 'milk')                 | true
          price in (9.5, 10)                      | true
          price in (9, 10)                        | false
          change.type = 'record.updated'          | true
          change.actor = 'ann'                    | false
          changed = null                          | true
          """)
  void isTrueOrFalseOfAChange(String filter, boolean expected) {
    assertThat(Filter.parse(filter).test(CHANGE)).as(filter).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          price << 10     | '<' at character 8, expected a number, a text in quotes
          price <         | its end at character 8, expected a number, a text in quotes
          price           | its end at character 6, expected =, !=, <
          < 10            | '<' at character 1, expected a condition
          price < 10 name | 'name' at character 12, expected and, or, or the end
          name = 'tea     | a text without its closing quote at character 8, expected
          (price < 10     | its end at character 12, expected ')'
          price < ten     | 'ten' at character 9, expected a number
          price ; 10      | ';' at character 7, expected
          changed(1)      | '1' at character 9, expected the name of a field
          """)
  void aTextThatIsNoFilterIsRefusedWithThePlace(String filter, String message) {
    assertThatThrownBy(() -> Filter.parse(filter))
        .isInstanceOf(FilterException.class)
        .hasMessageContaining("filter '" + filter + "'")
        .hasMessageContaining(message);
  }

  @Test
  void aFilterTooDeepOrTooLongIsRefused() {
    assertThatThrownBy(() -> Filter.parse("(".repeat(900) + "a = 1"))
        .hasMessageContaining("at most 50 conditions within one another");
    assertThatThrownBy(() -> Filter.parse("a = 1 or ".repeat(300) + "a = 1"))
        .hasMessageContaining("at most 2000");
  }

  @Test
  void anyTextIsReadOrRefusedWithAReason() {
    String alphabet = "ab1 .<>=!()',\"-+eEandorint\n\té";
    Property.of("a filter is read or refused")
        .runs(5_000, 500_000)
        .check(random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(30); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
          }
          try {
            Filter filter = Filter.parse(text.toString());
            assertThat(Filter.parse(filter.text())).isEqualTo(filter);
            var _ = filter.test(CHANGE);
          } catch (FilterException refused) {
            assertThat(refused).hasMessageContaining("expected");
          }
        });
  }
}
