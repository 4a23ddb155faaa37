package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Uniqueness;
import dev.troth.json.Json;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Property;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Items of long arrays are equal to compiled schemas as they are to the interpreter. */
class UniqueItemsTest {
  private static final String[] SCALARS = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "0.0",
    "1",
    "1.0",
    "1.00",
    "10",
    "100",
    "1.5",
    "1.50",
    "\"a\"",
    "\"\\u0061\"",
    "\"1\"",
    "\"é\"",
    "\"\\u00e9\"",
    "\"😀\"",
    "\"\\ud83d\\ude00\"",
    "\"a\\n\"",
    "\"\""
  };

  /** Numbers for which an array is looked at in another way, so they are rare. */
  private static final String[] RARE = {"1e1", "123456789012345678901", "100e-2"};

  @Test
  void longArraysHaveEqualItemsWhereTheInterpreterSaysSo() {
    CompiledSchema compiled =
        CompiledSchema.of(
                new SchemaLoader(SchemaLoader.Options.DEFAULT)
                    .load(
                        JsonReader.read("{\"items\":{\"uniqueItems\":true},\"uniqueItems\":true}"),
                        "troth:/schema"),
                JsonLimits.DEFAULT)
            .orElseThrow();
    int[] unique = new int[1];
    Property.of("long arrays are unique for both")
        .runs(3_000, 300_000)
        .check(random -> {
          List<String> items = new ArrayList<>();
          int again = random.nextInt(60);
          // Mostly different ones, so that one pair decides: an item in other words, or equal
          // scalars.
          for (int i = 15 + random.nextInt(30); i > 0; i--) {
            String value = value(random, 1);
            items.add("{\"k\":" + i + ",\"v\":" + value + "}");
            if (i == again) {
              items.add("{\"v\" : " + value + ", \"\\u006b\": " + i + ".0}");
            }
            if (random.nextInt(40) == 0) {
              items.add(value(random, 0));
            }
          }
          String text = "[" + String.join(", ", items) + "]";
          boolean expected = allUnique(JsonReader.read(text));
          unique[0] += expected ? 1 : 0;
          assertThat(compiled.isValid(text.getBytes(StandardCharsets.UTF_8)))
              .as(text)
              .isEqualTo(expected);
        });
    assertThat(unique[0]).isGreaterThan(100);
  }

  private static boolean allUnique(Json value) {
    return value instanceof Json.Arr(List<Json> items)
        && Uniqueness.allDiffer(items)
        && items.stream()
            .allMatch(item ->
                !(item instanceof Json.Arr(List<Json> below)) || Uniqueness.allDiffer(below));
  }

  private static String value(RandomGenerator random, int depth) {
    if (random.nextInt(200) == 0) {
      return RARE[random.nextInt(RARE.length)];
    }
    return switch (random.nextInt(depth > 2 ? 3 : 6)) {
      case 0, 1, 2 -> SCALARS[random.nextInt(SCALARS.length)];
      case 3 -> "[" + value(random, depth + 1) + "," + value(random, depth + 1) + "]";
      case 4 -> "{\"a\": " + value(random, depth + 1) + ", \"b\":1}";
      default -> "{\"\\u0062\":1.0,\"a\":" + value(random, depth + 1) + "}";
    };
  }
}
