package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas at and above the sizes at which the compiler writes code in other ways. */
class CompiledSchemaTest {
  private static String names(int count, String format) {
    return IntStream.range(0, count)
        .mapToObj(i -> format.replace("#", String.valueOf(i)))
        .collect(Collectors.joining(","));
  }

  private static void agree(String schema, String document, boolean valid) {
    var loaded =
        new SchemaLoader(SchemaLoader.Options.DEFAULT)
            .load(JsonReader.read(schema), "troth:/schema");
    Json json = JsonReader.read(document);
    assertThat(new Interpreter(loaded).isValid(json)).isEqualTo(valid);
    CompiledSchema compiled = CompiledSchema.of(loaded, JsonLimits.DEFAULT).orElseThrow();
    assertThat(compiled.isValid(document.getBytes(StandardCharsets.UTF_8))).isEqualTo(valid);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 127, 128, 129, 150, 151, 300, 301, 1000})
  void manyPropertiesAndRequiredNames(int count) {
    String schema =
        "{\"properties\":{%s},\"required\":[%s],\"additionalProperties\":{\"type\":\"null\"}}"
            .formatted(
                names(count, "\"property-number-#\":{\"minimum\":#}"),
                names(count / 2, "\"property-number-#\""));
    agree(schema, "{%s}".formatted(names(count, "\"property-number-#\":#")), true);
    agree(schema, "{%s,\"more\":null}".formatted(names(count, "\"property-number-#\":#")), true);
    agree(schema, "{%s,\"more\":1}".formatted(names(count, "\"property-number-#\":#")), false);
    int last = count - 1;
    agree(
        schema,
        "{%s}".formatted(names(count, "\"property-number-#\":#")).replace(":" + last + "}", ":-1}"),
        false);
    agree(schema, "{}", count / 2 == 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 65, 700})
  void longEnums(int count) {
    String schema = "{\"enum\":[%s,7]}".formatted(names(count, "\"choice #\""));
    agree(schema, "\"choice " + (count - 1) + "\"", true);
    agree(schema, "\"choice " + count + "\"", false);
    agree(schema, "\"\\u0063hoice 0\"", true);
    agree(schema, "7.0", true);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 200, 700})
  void longChoices(int count) {
    for (String keyword : new String[] {"anyOf", "oneOf"}) {
      String schema =
          "{\"%s\":[%s]}".formatted(keyword, names(count, "{\"const\":#},{\"const\":\"c#\"}"));
      agree(schema, String.valueOf(count - 1), true);
      agree(schema, "\"c0\"", true);
      agree(schema, String.valueOf(count), false);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 17, 100})
  void uniqueItemsOfEveryLength(int count) {
    String schema = "{\"uniqueItems\":true}";
    String items = names(count, "{\"a\":[#,{\"b\":\"#\"}]}");
    agree(schema, "[" + items + "]", true);
    agree(schema, "[" + items + ",{\"a\":[0.0,{\"b\":\"\\u0030\"}]}]", false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "2.0", "20e-1", "0.2E1", "200000000000000000000e-20"})
  void aNumberIsTheSameHoweverItIsWritten(String two) {
    agree("{\"enum\":[\"2\",[2],1,2.5,2]}", two, true);
    agree("{\"const\":2.0}", two, true);
    agree("{\"enum\":[\"2\",[2],1,2.5,20,-2,2e20]}", two, false);
    agree("{\"enum\":[\"2\",[2],1,2.5,2]}", "\"" + two + "\"", two.equals("2"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 17, 700, 5000})
  void longEnumsOfNumbers(int count) {
    String schema = "{\"enum\":[%s,\"7\",0.25]}".formatted(names(count, "#"));
    agree(schema, String.valueOf(count - 1), true);
    agree(schema, (count - 1) + ".0", true);
    agree(schema, "25e-2", true);
    agree(schema, String.valueOf(count), false);
    agree(schema, "-1", false);
    agree(schema, "\"7\"", true);
    agree(schema, "\"0\"", false);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 200, 1000})
  void textsOfLongArraysDiffer(int count) {
    String schema = "{\"uniqueItems\":true}";
    agree(schema, "[%s,\"a\"]".formatted(names(count, "\"text #\"")), true);
    agree(schema, "[%s,\"text 3\"]".formatted(names(count, "\"text #\"")), false);
    agree(schema, "[%s,\"\\u0074ext 3\"]".formatted(names(count, "\"text #\"")), false);
    agree(schema, "[%s,3]".formatted(names(count, "\"#\"")), true);
    agree(schema, "[%s,3]".formatted(names(count, "#")), false);
  }

  @ParameterizedTest
  @CsvSource({
    "icons/page.png, true",
    "'', true",
    "/a//b, true",
    "//host/a, true",
    "a@b, true",
    "a/b:c, true",
    "//a@b@c, false",
    "1a:b, false",
    "a b, false",
    "a%2, false",
    "a%20b?c#d, true",
    "ä, false"
  })
  void addressesThatAreRelative(String text, boolean valid) {
    agree("{\"format\":\"uri-reference\"}", "\"" + text + "\"", valid);
  }
}
