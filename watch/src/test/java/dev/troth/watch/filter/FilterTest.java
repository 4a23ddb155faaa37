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
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          price < 10                                     ~ true
          price<10                                       ~ true
          price < 9.5                                    ~ false
          price <= 9.5                                   ~ true
          price >= 9.50 && price == 9.500                ~ true
          before.price > 10                              ~ true
          price > -1e1                                   ~ true
          name == 'tea'                                  ~ true
          name == "tea"                                  ~ true
          name != 'tea'                                  ~ false
          name.contains('EA')                            ~ true
          tags.contains('hot')                           ~ true
          tags.contains(3)                               ~ true
          tags.contains(4)                               ~ false
          stock == 7                                     ~ true
          stock > 8                                      ~ false
          name > 'tab'                                   ~ true
          name > 3                                       ~ false
          name < 3                                       ~ false
          customer.city == 'Oslo'                        ~ true
          customer.street == null                        ~ true
          missing == null                                ~ true
          missing != null                                ~ false
          missing < 3                                    ~ false
          sold == false                                  ~ true
          sold == true                                   ~ false
          changed(price)                                 ~ true
          changed(name)                                  ~ false
          changed(name, price)                           ~ true
          changed(stock)                                 ~ true
          !changed(name)                                 ~ true
          !(price < 10 || name == 'x')                   ~ false
          price > 10 || name == 'tea' && sold == false   ~ true
          (price > 10 || name == 'tea') && sold == true  ~ false
          name in ['tea', 'milk']                        ~ true
          price in [9.5, 10]                             ~ true
          price in [9, 10]                               ~ false
          change.type == 'record.updated'                ~ true
          change.actor == 'ann'                          ~ false
          changed == null                                ~ true
          after.price == price                           ~ true
          price - before.price == -2.5                   ~ true
          price * 3 == 28.5                              ~ true
          0.1 + 0.2 == 0.3                               ~ true
          after['price'] < 10                            ~ true
          tags.exists(t, t == 'hot')                     ~ true
          tags.all(t, t == 'hot')                        ~ false
          'hot' in tags                                  ~ true
          size(tags) == 2                                ~ true
          tags[1] == 3                                   ~ true
          tags[7] == null                                ~ true
          has(customer.city) && !has(customer.zip)       ~ true
          missing.deep.er == null                        ~ true
          missing.startsWith('a')                        ~ false
          sold ? price > 1 : price < 1                   ~ false
          !sold                                          ~ true
          !missing                                       ~ true
          stock == '007'                                 ~ true
          stock == '7'                                   ~ false
          price == '9.5'                                 ~ false
          changed(after.price)                           ~ true
          name.startsWith('te') && name.endsWith('a')    ~ true
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
          price << 10      | wrong at character 8: unexpected '<'
          price <          | wrong at character 8: it ends too early
          price < 10 name  | wrong at character 12: unexpected 'name'
          name == 'tea     | a text without its closing quote
          (price < 10      | wrong at character 12: expected ')'
          price ; 10       | wrong at character 7: unexpected ';'
          changed(1)       | expected the name of a field
          changed()        | the function 'changed' is not supported
          name.matches('a+') | the method 'matches' is not supported, expected one of [contains, endsWith, size, startsWith]
          chnged(price)    | expected one of [changed, double, duration, int, size, string, timestamp]
          price < 1e9999   | out of range, expected at most 40 digits
          name in 'tea'    | has 'in' without a list, expected x in [1, 2]
          """)
  void aTextThatIsNoFilterIsRefusedWithThePlace(String filter, String message) {
    assertThatThrownBy(() -> Filter.parse(filter))
        .isInstanceOf(FilterException.class)
        .hasMessageContaining("filter '" + filter + "'")
        .hasMessageContaining(message);
  }

  @Test
  void aFilterTooDeepOrTooLongIsRefused() {
    assertThatThrownBy(() -> Filter.parse("(".repeat(900) + "a == 1"))
        .hasMessageContaining("deeper than 100 levels");
    assertThatThrownBy(() -> Filter.parse("a == 1 || ".repeat(300) + "a == 1"))
        .hasMessageContaining("at most 2,000");
  }

  @Test
  void anyTextIsReadOrRefusedWithAReason() {
    String alphabet = "ab1 .<>=!()[]&|?:',\"-+eEandorint\n\té";
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
            assertThat(refused).hasMessageStartingWith("filter '");
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          price < 10 and changed(price)      ~ is not CEL, expected price < 10 && changed(price)
          name = 'tea' or not (a in (1, +2)) ~ is not CEL, expected name == "tea" || !(a in [1, 2])
          not a != null                      ~ is not CEL, expected !(a != null)
          name contains 'x'                  ~ is not CEL, expected name.contains("x")
          a in (1)                           ~ is not CEL, expected a in [1]
          unit-price < 10                    ~ has a minus within a name, expected after["unit-price"] < 10
          after.x = 1                        ~ is not CEL, expected after.after.x == 1
          """)
  void theFormerSpellingIsAnsweredWithCel(String former, String message) {
    assertThatThrownBy(() -> Filter.parse(former))
        .isInstanceOf(FilterException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFilterThatCannotDecideLetsTheChangePass() {
    String costly = "tags.all(a, tags.all(b, tags.all(c, tags.all(d, tags.all(e, a != 'x')))))";
    Change wide =
        new Change(
            1,
            1,
            Instant.EPOCH,
            NewChange.of(Subject.parse("record/1"), "t", "bob")
                .after(Fields.of("tags", java.util.Collections.nCopies(50, "y"))));
    assertThat(Filter.parse("!" + costly).test(wide)).isTrue();
    assertThat(Filter.parse("!" + costly).test(CHANGE)).isFalse();
  }

  @Test
  void filtersOfOneTextAreReadOnceAndTheOldestAreForgotten() {
    Filters filters = new Filters();
    Filter first = filters.parse("a == 0");
    assertThat(filters.parse("a == 0")).isSameAs(first);
    for (int i = 1; i <= 1_000; i++) {
      assertThat(filters.parse("a == " + i)).isNotNull();
    }
    assertThat(filters.parse("a == 0")).isNotSameAs(first).isEqualTo(first);
  }
}
