package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.pattern.CostException;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.pattern.RegexException;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaException;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import java.nio.charset.StandardCharsets;

/** Targets for Jazzer: here they run their seeds; {@code JAZZER_FUZZ=1} searches for more. */
class JazzerTest {
  @FuzzTest
  void scannerAndReaderAcceptTheSameBytes(byte[] bytes) {
    Schema any = schema("{\"minProperties\":0}");
    boolean scanned = CompiledSchema.of(any, JsonLimits.DEFAULT).orElseThrow().isValid(bytes);
    boolean read = true;
    try {
      Json json = JsonReader.read(bytes);
      assertThat(JsonReader.read(JsonWriter.bytes(json))).isEqualTo(json);
    } catch (JsonException e) {
      read = false;
    }
    assertThat(scanned).isEqualTo(read);
  }

  @FuzzTest
  void schemaLoaderRefusesOrLoads(byte[] bytes) {
    try {
      Schema schema = schema(new String(bytes, StandardCharsets.UTF_8));
      CompiledSchema.of(schema, JsonLimits.DEFAULT);
    } catch (JsonException | SchemaException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  @FuzzTest
  void patternsAnswerOrSayThatTheyCannot(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int cut = text.indexOf('\n');
    try {
      Regex.of(cut < 0 ? text : text.substring(0, cut)).find(text.substring(cut + 1));
    } catch (RegexException | CostException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  private static Schema schema(String text) {
    return new SchemaLoader(SchemaLoader.Options.DEFAULT)
        .load(JsonReader.read(text), "troth:/schema");
  }
}
