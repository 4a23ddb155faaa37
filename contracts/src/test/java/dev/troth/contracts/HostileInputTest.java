package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaException;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Size;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Documents and schemas made to hurt: each gets an answer in bounded time. */
class HostileInputTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  private static Schema schema(String text) {
    return new SchemaLoader(SchemaLoader.Options.DEFAULT)
        .load(JsonReader.read(text), "troth:/schema");
  }

  /** The verdict of both validators, which must agree. */
  private static boolean verdict(Schema schema, byte[] document) {
    boolean compiled =
        CompiledSchema.of(schema, JsonLimits.DEFAULT).orElseThrow().isValid(document);
    boolean interpreted;
    try {
      interpreted = new Interpreter(schema).isValid(JsonReader.read(document));
    } catch (JsonException e) {
      interpreted = false;
    }
    assertThat(compiled).isEqualTo(interpreted);
    return compiled;
  }

  private static boolean verdict(String schema, String document) {
    return Assertions.assertTimeoutPreemptively(
        SOON, () -> verdict(schema(schema), document.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void deepNestingIsRefusedWithItsPlace() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(verdict("{}", deep)).isFalse();
    assertThatThrownBy(() -> JsonReader.read(deep))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("deeper than 256 levels");
    String allowed = "{\"a\":".repeat(255) + "[]" + "}".repeat(255);
    assertThat(
            verdict(
                "{\"$defs\":{\"d\":{\"allOf\":[{\"additionalProperties\":{\"$ref\":\"#/$defs/d\"}}]}},"
                    + "\"$ref\":\"#/$defs/d\"}",
                allowed))
        .isTrue();
  }

  @Test
  void hugeNumbersTakeNoTime() {
    assertThat(verdict("{\"multipleOf\":0.0001}", "1e99999")).isTrue();
    assertThat(verdict("{\"multipleOf\":7}", "-1e99999")).isFalse();
    assertThat(verdict("{\"maximum\":1e99999}", "1e99998")).isTrue();
    assertThat(verdict("{\"type\":\"integer\"}", "1e-99999")).isFalse();
    assertThat(verdict("{}", "1e100000")).isFalse();
    assertThat(verdict("{}", "1e99999999999999999999")).isFalse();
    assertThat(verdict("{}", "9".repeat(1001))).isFalse();
    assertThat(verdict("{}", "[" + "9".repeat(1000) + ",1".repeat(1000) + "]")).isTrue();
  }

  @Test
  void doubledNamesAreRefusedHoweverTheyAreWritten() {
    assertThat(verdict("{}", "{\"a\":1,\"a\":1}")).isFalse();
    assertThat(verdict("{}", "{\"a\":1,\"\\u0061\":2}")).isFalse();
    assertThat(verdict("{}", "{\"é\":1,\"\\u00e9\":2}")).isFalse();
    for (int count : new int[] {31, 32, 33, 34, 1000}) {
      String members =
          IntStream.range(0, count)
              .mapToObj(i -> "\"m" + i + "\":0")
              .collect(Collectors.joining(","));
      assertThat(verdict("{}", "{" + members + "}")).isTrue();
      assertThat(verdict("{}", "{" + members + ",\"m0\":0}")).isFalse();
    }
    assertThatThrownBy(() -> JsonReader.read("{\n \"a\":1,\n \"a\":2}"))
        .hasMessage("line 3, column 2: the member \"a\" occurs twice in one object");
  }

  @Test
  void invalidUtf8AndLoneSurrogatesAreRefused() {
    Schema any = schema("{}");
    int[][] wrong = {
      {0x80},
      {0xc0, 0x80},
      {0xc3},
      {0xe0, 0x80, 0x80},
      {0xed, 0xa0, 0x80},
      {0xf0, 0x80, 0x80, 0x80},
      {0xf4, 0x90, 0x80, 0x80},
      {0xf5, 0x80, 0x80, 0x80},
      {0xff},
      {0x1f}
    };
    for (int[] bytes : wrong) {
      byte[] document = new byte[bytes.length + 2];
      document[0] = '"';
      for (int i = 0; i < bytes.length; i++) {
        document[i + 1] = (byte) bytes[i];
      }
      document[document.length - 1] = '"';
      assertThat(verdict(any, document)).isFalse();
    }
    assertThat(verdict("{}", "\"\\ud800\"")).isFalse();
    assertThat(verdict("{}", "\"\\udc00\\ud800\"")).isFalse();
    assertThat(verdict("{\"maxLength\":1}", "\"\\ud83d\\ude00\"")).isTrue();
    assertThat(verdict(any, new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '1'})).isFalse();
  }

  @Test
  void explodingPatternsEndInARefusalThatNamesThem() {
    String text = "\"" + "a".repeat(5_000) + "!\"";
    assertThat(verdict("{\"pattern\":\"^(a+)+$\"}", text)).isFalse();
    assertThat(verdict("{\"pattern\":\"^(a|a)*$\"}", text)).isFalse();
    assertThat(verdict("{\"pattern\":\"^(?:a?){50}a{50}$\"}", "\"" + "a".repeat(50) + "\""))
        .isTrue();
    // Decided by an automaton that reads from the end, however many ways there are.
    assertThat(verdict("{\"pattern\":\"^(?=(a+)+$)a\"}", text)).isFalse();
    assertThat(verdict("{\"pattern\":\"^(?!(a+)+$)a\"}", text)).isTrue();
    Contract contract =
        Contract.read(
            """
            {"contract":"a","version":"1.0.0","owner":"o","schema":{"pattern":"^(a+)+\\\\1$"}}\
            """
                .getBytes(StandardCharsets.UTF_8));
    Verdict verdict = contract.validator().validate(text.getBytes(StandardCharsets.UTF_8));
    assertThat(verdict.toString()).contains("takes too many steps");
  }

  @Test
  void schemasThatLeadBackToThemselvesAreRefused() {
    for (String text :
        new String[] {
          "{\"$ref\":\"#\"}",
          "{\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/b\"}]},\"b\":{\"$ref\":\"#/$defs/a\"}},"
              + "\"$ref\":\"#/$defs/a\"}",
          "{\"$dynamicAnchor\":\"x\",\"not\":{\"$dynamicRef\":\"#x\"}}"
        }) {
      assertThatThrownBy(() -> schema(text))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("refers to itself");
    }
  }

  @Test
  void longChainsOfReferencesAreRefused() {
    String chain =
        IntStream.range(0, 5_000)
            .mapToObj(i -> "\"%d\":{\"$ref\":\"#/$defs/%d\"}".formatted(i, i + 1))
            .collect(Collectors.joining(","));
    assertThatThrownBy(
            () -> schema("{\"$ref\":\"#/$defs/0\",\"$defs\":{%s,\"5000\":true}}".formatted(chain)))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("more than 500 schemas");
  }

  @Test
  void otherDocumentsAreNotRead() {
    assertThatThrownBy(() -> schema("{\"$ref\":\"http://127.0.0.1:1/x\"}"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("http://127.0.0.1:1/x, which is not among the known documents");
    assertThatThrownBy(() -> schema("{\"$ref\":\"file:///etc/passwd\"}"))
        .isInstanceOf(SchemaException.class);
  }

  @Test
  void tenMegabytesTakeBoundedTime() {
    String items =
        IntStream.range(0, Size.count(70_000, 350_000))
            .mapToObj(i -> "{\"id\":%d,\"t\":\"xxxxxxxx\"}".formatted(i))
            .collect(Collectors.joining(","));
    String schema =
        "{\"items\":{\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"integer\"}}},"
            + "\"uniqueItems\":true}";
    assertThat(verdict(schema, "[" + items + "]")).isTrue();
    assertThat(verdict(schema, "[" + items + ",{\"id\":0,\"t\":\"xxxxxxxx\"}]")).isFalse();
  }

  @Test
  void textsWithEqualHashesTakeBoundedTime() {
    // "Aa" and "BB" have the same String.hashCode, and so do all their combinations.
    String items =
        IntStream.range(0, 1 << 15)
            .mapToObj(i ->
                IntStream.range(0, 15)
                    .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                    .collect(Collectors.joining("", "\"", "\"")))
            .collect(Collectors.joining(","));
    assertThat(verdict("{\"uniqueItems\":true}", "[" + items + "]")).isTrue();
    assertThat(verdict("{}", "{" + items.replace(",", ":0,") + ":0}")).isTrue();
  }

  @Test
  void aDocumentAboveTheLimitIsRefusedBeforeItIsRead() {
    JsonLimits limits = new JsonLimits(10, 5, 5, 5);
    assertThatThrownBy(
            () -> JsonReader.read("[1,2,3,4,5,6]".getBytes(StandardCharsets.UTF_8), limits))
        .hasMessageContaining("13 bytes, expected at most 10");
    Json small = JsonReader.read("[1]".getBytes(StandardCharsets.UTF_8), limits);
    assertThat(small).hasToString("[1]");
  }
}
