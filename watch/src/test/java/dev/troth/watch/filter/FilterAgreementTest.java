package dev.troth.watch.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A filter of the former spelling and its form in CEL let the same changes pass. */
final class FilterAgreementTest {
  /** Names of CEL, of other alphabets and with signs; words of the language; dots. */
  private static final List<String> NAMES =
      List.of(
          "price",
          "name",
          "tags",
          "customer",
          "unit-price",
          "größe",
          "in",
          "before",
          "after",
          "change",
          "changed",
          "size",
          "a.b");

  private static final List<String> PATHS =
      List.of(
          "price",
          "name",
          "tags",
          "customer",
          "customer.city",
          "customer.unit-price",
          "unit-price",
          "größe",
          "in",
          "before",
          "before.price",
          "before.customer.city",
          "after",
          "after.price",
          "change.type",
          "change.actor",
          "change.price",
          "changed",
          "size",
          "a.b",
          "a.b.c",
          "missing",
          "before.missing",
          "true");

  private static final List<String> LITERALS =
      List.of(
          "0",
          "-0.0",
          "7",
          "+7",
          "-1e1",
          "7.00",
          "0.1",
          "12345678901234567890123",
          "'7'",
          "'007'",
          "'tea'",
          "'TEA'",
          "\"it's\"",
          "'a\\n\"b'",
          "''",
          "'5'",
          "true",
          "false",
          "null",
          "1e-3");

  private static @Nullable Object value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 1 ? 9 : 11)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt(-2, 10);
      case 3 -> new BigDecimal(List.of("7.0", "0.1", "1E-3", "-10").get(random.nextInt(4)));
      case 4 -> 0.1 * random.nextInt(5);
      case 5 -> List.of("7", " 7.0 ", "007", "-1e1", "0.1", "7x").get(random.nextInt(6));
      case 6, 7 -> List.of("tea", "Green TEA", "it's", "a\\n\"b", "", "é").get(random.nextInt(6));
      case 8 -> 12345678901L * random.nextInt(3);
      case 9 -> {
        List<@Nullable Object> list = new java.util.ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
      default -> {
        SequencedMap<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String name : List.of("city", "unit-price", "price", "b")) {
          if (random.nextBoolean()) {
            map.put(name, value(random, depth + 1));
          }
        }
        yield map;
      }
    };
  }

  private static Fields fields(RandomGenerator random) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (String name : NAMES) {
      if (random.nextInt(3) > 0) {
        fields.put(name, value(random, 0));
      }
    }
    return Fields.of(fields);
  }

  private static Change change(RandomGenerator random) {
    Fields before = fields(random);
    Fields after = random.nextInt(4) == 0 ? before : fields(random);
    return new Change(
        1,
        1,
        Instant.EPOCH,
        NewChange.of(Subject.parse("record/1"), "tea", random.nextBoolean() ? "bob" : "7")
            .before(before)
            .after(after));
  }

  private static <T> T one(RandomGenerator random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static String filter(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 2 ? 6 : 10)) {
      case 0 -> "changed(%s, %s)".formatted(one(random, NAMES), one(random, PATHS));
      case 1 ->
          "%s in (%s, %s)"
              .formatted(one(random, PATHS), one(random, LITERALS), one(random, LITERALS));
      case 2, 3, 4, 5 ->
          one(random, PATHS)
              + " "
              + one(random, List.of("=", "==", "!=", "<", "<=", ">", ">=", "contains"))
              + " "
              + one(random, LITERALS);
      case 6 -> "not " + filter(random, depth + 1);
      case 7 -> "(" + filter(random, depth + 1) + ")";
      default ->
          filter(random, depth + 1)
              + one(random, List.of(" and ", " or "))
              + filter(random, depth + 1);
    };
  }

  @Test
  void bothSpellingsLetTheSameChangesPass() {
    int[] passed = new int[2];
    Property.of("both spellings agree")
        .runs(10_000, 1_000_000)
        .check(random -> {
          String former = filter(random, 0);
          String cel = FormerFilter.inCel(former).orElseThrow();
          Change change = change(random);
          boolean expected = FormerParser.parse(former).holds(change);
          passed[expected ? 1 : 0]++;
          assertThat(Filter.parse(cel).test(change))
              .as("%s%n%s%n%s%n%s", former, cel, change.before(), change.after())
              .isEqualTo(expected);
        });
    assertThat(passed[0]).isGreaterThan(2_000);
    assertThat(passed[1]).isGreaterThan(2_000);
  }

  @Test
  void whatIsNoFilterOfTheFormerSpellingIsLeftAlone() {
    for (String text : List.of("price == ", "a && b", "x.contains('a')", "price", "a in [1]", "")) {
      assertThat(FormerFilter.inCel(text)).as(text).isEmpty();
    }
    assertThat(FormerFilter.inCel("price < 10")).contains("price < 10");
  }
}
