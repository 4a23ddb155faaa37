package dev.troth.contracts.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schemas that make a search explode: each answer must be the truth or "unknown". */
final class AdversarialTest {
  private static final Effort EFFORT = new Effort(20_000_000);

  /** Two schemas, and whether all documents of the first are valid under the second. */
  private record Pair(String name, String inner, String outer, boolean contained) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String join(int count, String separator, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(separator));
  }

  private static Pair pair(String name, String inner, String outer, boolean contained) {
    return new Pair(name, inner, outer, contained);
  }

  private static List<Pair> both(String name, String schema, String wider) {
    return List.of(
        pair(name + " under itself", schema, schema, true),
        pair(name + " under what is wider", schema, wider, true),
        pair(name + " not the other way", wider, schema, false));
  }

  private static String choices(int count, int least) {
    return "{\"allOf\":[%s]}"
        .formatted(
            join(
                count,
                ",",
                i ->
                    "{\"anyOf\":[{\"required\":[\"a%1$d\"]},{\"required\":[\"b%1$d\"]},{\"minProperties\":%2$d}]}"
                        .formatted(i, least)));
  }

  private static String overlapping(int count, int longest) {
    return "{\"type\":\"object\",\"patternProperties\":{%s},\"additionalProperties\":false}"
        .formatted(
            join(
                count,
                ",",
                i ->
                    "\"%c.*%c\":{\"type\":\"string\",\"maxLength\":%d}"
                        .formatted('a' + i, 'b' + i, longest + i)));
  }

  private static String oneOf(int count, int step) {
    return "{\"oneOf\":[%s]}"
        .formatted(
            join(
                count,
                ",",
                i ->
                    "{\"type\":\"integer\",\"minimum\":%d,\"multipleOf\":%d}"
                        .formatted(i, step * (i + 2))));
  }

  private static String tree(String leaf) {
    return """
    {"$ref":"#/$defs/t","$defs":{"t":{"anyOf":[%s,{"type":"array","items":{"$ref":"#/$defs/t"},
     "contains":{"$ref":"#/$defs/t"},"minContains":2,"uniqueItems":true},
     {"type":"object","additionalProperties":{"$ref":"#/$defs/t"},"minProperties":2}]}}}
    """
        .formatted(leaf);
  }

  private static String ladder(int rungs, String leaf) {
    return "{\"$ref\":\"#/$defs/0\",\"$defs\":{%s,\"%d\":%s}}"
        .formatted(
            join(
                rungs,
                ",",
                i ->
                    "\"%d\":{\"type\":\"object\",\"required\":[\"l\",\"r\"],".formatted(i)
                        + "\"properties\":{\"l\":{\"$ref\":\"#/$defs/%1$d\"},\"r\":{\"$ref\":\"#/$defs/%1$d\"}}}"
                            .formatted(i + 1)),
            rungs,
            leaf);
  }

  private static String web(int count, String type) {
    return "{\"type\":\"object\",\"dependentSchemas\":{%s}}"
        .formatted(
            join(
                count,
                ",",
                i ->
                    "\"p%d\":{\"anyOf\":[{\"required\":[\"p%d\"]},{\"properties\":{\"p%d\":{\"type\":%s}}}]}"
                        .formatted(i, (i + 1) % count, (i * 7 + 3) % count, type)));
  }

  static Stream<Pair> pairs() {
    String exploding = "{\"type\":\"string\",\"pattern\":\"^(a|b)*a(a|b){%d}$\"}";
    return Stream.of(
            both("forty choices", choices(40, 50), choices(40, 49)),
            both("overlapping names", overlapping(12, 3), overlapping(12, 4)),
            both("an automaton of 2^14 states", exploding.formatted(14), "{\"type\":\"string\"}"),
            both(
                "long texts",
                "{\"type\":\"string\",\"pattern\":\"^[a-m]*$\",\"maxLength\":3000}",
                "{\"type\":\"string\",\"pattern\":\"^[a-n]*$\",\"maxLength\":3001}"),
            both("a recursive tree", tree("{\"type\":\"integer\"}"), tree("{\"type\":\"number\"}")),
            both(
                "a ladder of forty rungs",
                ladder(40, "{\"type\":\"string\",\"maxLength\":3}"),
                ladder(40, "{\"type\":\"string\",\"maxLength\":4}")),
            both("a web of dependencies", web(24, "\"integer\""), web(24, "\"number\"")),
            List.of(
                pair("one of twenty ranges under itself", oneOf(20, 1), oneOf(20, 1), true),
                pair(
                    "one of twenty ranges is a number",
                    oneOf(20, 1),
                    "{\"type\":\"integer\"}",
                    true),
                pair(
                    "thousands of values",
                    "{\"enum\":[%s]}".formatted(join(3_000, ",", i -> "" + i)),
                    "{\"type\":\"integer\",\"minimum\":0}",
                    true),
                pair(
                    "thousands of values but one",
                    "{\"type\":\"integer\",\"minimum\":0,\"maximum\":3000}",
                    "{\"enum\":[%s]}".formatted(join(3_000, ",", i -> "" + i)),
                    false),
                pair(
                    "negations a hundred deep",
                    "{\"not\":".repeat(100) + "{\"type\":\"string\"}" + "}".repeat(100),
                    "{\"type\":\"string\"}",
                    true)))
        .flatMap(List::stream);
  }

  private static Schema load(String schema) {
    return new SchemaLoader(SchemaLoader.Options.DEFAULT)
        .load(JsonReader.read(schema.getBytes(StandardCharsets.UTF_8)), "troth:/schema");
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void is_told_rightly_or_not_at_all(Pair pair) {
    Schema inner = load(pair.inner());
    Schema outer = load(pair.outer());
    switch (Containment.strict(EFFORT).of(inner, outer)) {
      case Answer.Proved _ -> assertThat(pair.contained()).isTrue();
      case Answer.Refuted refuted -> {
        assertThat(pair.contained()).isFalse();
        byte[] document = refuted.counterexample().toString().getBytes(StandardCharsets.UTF_8);
        assertThat(valid(inner, document)).isTrue();
        assertThat(valid(outer, document)).isFalse();
      }
      case Answer.Unknown unknown -> assertThat(unknown.reason()).isNotBlank();
    }
  }

  private static boolean valid(Schema schema, byte[] document) {
    return CompiledSchema.of(schema, JsonLimits.DEFAULT).orElseThrow().isValid(document);
  }
}
