package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A verdict on an ordinary document leaves nothing for the collector, whatever was compiled. */
class VerdictAllocationTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["version"], "additionalProperties": false,
       "properties": {
         "version": {"enum": [2, 3]},
         "ratio": {"const": 0.5},
         "size": {"type": "integer", "minimum": 1, "multipleOf": 2},
         "icon": {"type": "string", "format": "uri-reference"},
         "kind": {"enum": ["a", "b"]},
         "words": {"pattern": "^(?=[^!*]+$)(?=(.*\\\\w)).+$"},
         "many": {"uniqueItems": true, "items": {"properties": {"at": {"minLength": 1}}}},
         "names": {"type": "array", "uniqueItems": true, "items": {"pattern": "^[a-z]+$"}},
         "alike": {"type": "object"},
         "one": {"oneOf": [{"type": "null"}, {"type": "object", "required": ["x"]}]}}}
      """;

  private static final String DOCUMENT =
      """
      {"version": 3, "ratio": 0.50, "size": 12, "icon": "icons/page-32.png", "k\\u0069nd": "\\u0062", "words": "one, zwei, drei – and more",
       "alike": {"\\u0061 long name 1": 1, "\\u0061 long name 2": 2, "a long name 3": 3},
       "many": [MANY], "names": ["ann", "bob"], "one": {"x": true}}
      """;

  @Test
  void nothingIsAllocatedForAVerdict() {
    CompiledSchema schema =
        CompiledSchema.of(
                new SchemaLoader(SchemaLoader.Options.DEFAULT)
                    .load(JsonReader.read(SCHEMA), "troth:/schema"),
                JsonLimits.DEFAULT)
            .orElseThrow();
    String many =
        IntStream.range(0, 40)
            .mapToObj(i -> "{\"n\": %d.50, \"at\": \"\\\\ %d\"}".formatted(i, i))
            .collect(Collectors.joining(","));
    String document = DOCUMENT.replace("MANY", many);
    byte[] right = document.getBytes(StandardCharsets.UTF_8);
    byte[] wrong = document.replace(": 3", ": 4").getBytes(StandardCharsets.UTF_8);
    // The first ones link the generated code.
    ask(schema, right, wrong, 100);

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int valid = ask(schema, right, wrong, 1_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(valid).isEqualTo(1_000);
    assertThat(allocated / 1_000).as("bytes a verdict").isZero();
  }

  private static int ask(CompiledSchema schema, byte[] right, byte[] wrong, int times) {
    int valid = 0;
    for (int i = 0; i < times; i++) {
      valid += schema.isValid(right) ? 1 : 0;
      valid += schema.isValid(wrong) ? 1 : 0;
    }
    return valid;
  }
}
