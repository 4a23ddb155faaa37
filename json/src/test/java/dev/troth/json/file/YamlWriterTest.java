package dev.troth.json.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import dev.troth.testkit.Property;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "a b",
          "a ",
          "null",
          "Yes",
          "~",
          "1",
          "1.0",
          "1.2.3",
          "0x1f",
          "30d",
          "a: b",
          "a #b",
          "- a",
          "[a]",
          "{a",
          "\"",
          "'",
          "\\",
          "a\nb",
          "a\n",
          "\na",
          "a\n\nb\n",
          "a \nb",
          "a\tb",
          "\u0085",
          "\u2028",
          "\ufeff",
          "😀",
          "é",
          "%a",
          "@a",
          "&a",
          "*a",
          "!a",
          "=",
          "<<",
          "2026-01-31",
          "12:30:45",
          "1_000",
          ".inf",
          "a\r\nb",
          "\u0000",
          "x:y",
          "?",
          "-",
          "---");

  private static Json read(String yaml) throws SourceFile.SyntaxException {
    return SourceFile.read("t.yaml", yaml.getBytes(StandardCharsets.UTF_8)).json();
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    Property.of("YAML that was written means the same JSON")
        .runs(2_000, 100_000)
        .check(random -> {
          Json value = value(random, 4);
          String yaml = YamlWriter.write(value);
          assertThat(JsonWriter.compact(read(yaml))).as(yaml).isEqualTo(JsonWriter.compact(value));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1e30,\"b\":-0.5,\"c\":[[],[[1]],{}],\"d\":{\"e\":{\"f\":[{}]}}}",
        "[]",
        "3"
      })
  void numbersAndEmptyThings(String json) throws Exception {
    Json value = JsonReader.read(json);
    assertThat(read(YamlWriter.write(value))).isEqualTo(value);
  }

  private static Json value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> Json.Num.of(random.nextInt(100));
      case 1 -> random.nextBoolean() ? Json.Null.NULL : Json.Bool.of(random.nextBoolean());
      case 4 -> {
        List<Json> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(value(random, depth - 1));
        }
        yield new Json.Arr(items);
      }
      case 5 -> {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.put(text(random), value(random, depth - 1));
        }
        yield new Json.Obj(members);
      }
      default -> new Json.Str(text(random));
    };
  }

  private static String text(RandomGenerator random) {
    String one = TEXTS.get(random.nextInt(TEXTS.size()));
    return random.nextInt(4) == 0 ? one + TEXTS.get(random.nextInt(TEXTS.size())) : one;
  }
}
