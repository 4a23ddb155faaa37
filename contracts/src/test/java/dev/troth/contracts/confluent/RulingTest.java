package dev.troth.contracts.confluent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pair of schemas for each rule, and the rules that must be told of it, no others. */
final class RulingTest {
  private static Stream<Json.Obj> cases() {
    try (InputStream lines = RulingTest.class.getResourceAsStream("rules.ndjson")) {
      String text =
          new String(Objects.requireNonNull(lines).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(RulingTest::object).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Json.Obj object(String text) {
    return (Json.Obj) JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Set<Rule> rules(Json.Obj pair) {
    Set<Rule> rules = EnumSet.noneOf(Rule.class);
    for (Json rule : ((Json.Arr) pair.get("rules").orElseThrow()).items()) {
      rules.add(Rule.valueOf(((Json.Str) rule).value()));
    }
    return rules;
  }

  private static Ruling ruling(Json.Obj pair) {
    boolean modern = pair.text("draft").isPresent();
    return Ruling.of(
        load(pair.get("old").orElseThrow(), modern), load(pair.get("new").orElseThrow(), modern));
  }

  private static Schema load(Json schema, boolean modern) {
    Draft draft = modern ? Draft.DRAFT_2020_12 : Draft.DRAFT_7;
    return new SchemaLoader(SchemaLoader.Options.DEFAULT.withDraft(draft))
        .load(schema, "troth:/schema");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tells_the_rule(Json.Obj pair) {
    Ruling ruling = ruling(pair);
    Set<Rule> told = EnumSet.noneOf(Rule.class);
    ruling.differences().forEach(difference -> told.add(difference.rule()));
    assertThat(told).isEqualTo(rules(pair));
    assertThat(ruling.compatible()).isEqualTo(rules(pair).stream().allMatch(Rule::allowed));
  }

  @Test
  void every_rule_has_a_case() {
    Set<Rule> seen = EnumSet.noneOf(Rule.class);
    cases().forEach(pair -> seen.addAll(rules(pair)));
    assertThat(EnumSet.complementOf(EnumSet.copyOf(seen))).isEmpty();
  }

  @Test
  void a_schema_may_follow_itself() {
    cases()
        .forEach(pair -> {
          boolean modern = pair.text("draft").isPresent();
          Json schema = pair.get("new").orElseThrow();
          assertThat(Ruling.of(load(schema, modern), load(schema, modern)).compatible())
              .as("%s", schema)
              .isTrue();
        });
  }

  @Test
  void ends_on_schemas_with_too_many_pairs() {
    Schema maze = load(maze(200), false);
    Schema other = load(maze(199), false);
    assertThatThrownBy(() -> Ruling.of(maze, other))
        .isInstanceOf(Ruling.TooLargeException.class)
        .hasMessage("more than 2000000 comparisons of schemas");
  }

  @Test
  void tells_a_difference_once_however_many_ways_lead_to_it() {
    Ruling ruling = Ruling.of(load(ladder(60, "string"), false), load(ladder(60, "null"), false));
    assertThat(ruling.differences()).hasSize(1);
  }

  /** Two ways lead from each rung to the next one. */
  private static Json ladder(int rungs, String type) {
    Map<String, Json> definitions = new LinkedHashMap<>();
    for (int i = 0; i < rungs; i++) {
      String next = "{\"$ref\":\"#/definitions/%d\"}".formatted(i + 1);
      definitions.put(
          String.valueOf(i),
          object("{\"type\":\"object\",\"properties\":{\"a\":%1$s,\"b\":%1$s}}".formatted(next)));
    }
    definitions.put(String.valueOf(rungs), object("{\"type\":\"%s\"}".formatted(type)));
    return new Json.Obj(
        Map.of("definitions", new Json.Obj(definitions), "$ref", new Json.Str("#/definitions/0")));
  }

  /** Each of many schemas leads to all others by a union. */
  private static Json maze(int rooms) {
    List<Json> doors = new ArrayList<>();
    Map<String, Json> definitions = new LinkedHashMap<>();
    for (int i = 0; i < rooms; i++) {
      doors.add(object("{\"$ref\":\"#/definitions/%d\"}".formatted(i)));
    }
    Json union = new Json.Obj(Map.of("oneOf", new Json.Arr(doors)));
    for (int i = 0; i < rooms; i++) {
      Json next = new Json.Obj(Map.of("next" + i, union));
      definitions.put(
          String.valueOf(i),
          new Json.Obj(Map.of("type", new Json.Str("object"), "properties", next)));
    }
    return new Json.Obj(
        Map.of("definitions", new Json.Obj(definitions), "oneOf", new Json.Arr(doors)));
  }
}
