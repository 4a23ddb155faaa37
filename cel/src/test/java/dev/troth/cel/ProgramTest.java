package dev.troth.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules mean what they mean in CEL; dev.cel is the judge. */
class ProgramTest {
  private static final Patterns PATTERNS =
      (pattern, text) -> Pattern.compile(pattern).matcher(text).find();

  private static final String MESSAGE =
      """
      {"id":"o-1","n":5,"d":2.5,"ok":true,"at":"2026-01-31T09:30:00Z","wide":"😀é",
       "items":[{"sku":"a","q":1},{"sku":"b","q":20}],"tags":["x","y","x"],"m":{"k":1}}\
      """;

  private static final Cel CEL =
      CelFactory.standardCelBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("this", SimpleType.DYN)
          .build();

  private static Object plain(Json json) {
    return switch (json) {
      case Json.Null _ -> throw new IllegalArgumentException("CEL has its own null");
      case Json.Bool bool -> bool.value();
      case Json.Str text -> text.value();
      case Json.Num number ->
          number.value().scale() <= 0
              ? (Object) number.value().longValueExact()
              : (Object) number.value().doubleValue();
      case Json.Arr array -> {
        List<Object> items = new ArrayList<>();
        array.items().forEach(item -> items.add(plain(item)));
        yield items;
      }
      case Json.Obj object -> {
        Map<String, Object> members = new HashMap<>();
        object.members().forEach((name, member) -> members.put(name, plain(member)));
        yield members;
      }
    };
  }

  private static Optional<Object> judged(String rule) {
    try {
      return Optional.of(
          CEL.createProgram(CEL.compile(rule).getAst())
              .eval(Map.of("this", plain(JsonReader.read(MESSAGE)))));
    } catch (CelValidationException | CelEvaluationException e) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this.n == 5",
        "this.n != 5",
        "this.n < 6 && this.n >= 5",
        "this.d > 2.4",
        "this.n == 5.0",
        "this.n + 2 == 7",
        "this.n - 7 == -2",
        "this.n * 3 == 15",
        "this.n / 2 == 2",
        "-this.n == -5",
        "this.n % 3 == 2",
        "-7 / 2 == -3",
        "-7 % 3 == -1",
        "this.d * 2.0 == 5.0",
        "1.0 / 0.0 > 1.0",
        "this.ok ? this.n == 5 : false",
        "!this.ok",
        "!!this.ok",
        "has(this.id)",
        "has(this.nope)",
        "has(this.m.k) && !has(this.m.l)",
        "has(this.nope) && this.nope == 1",
        "this.nope == 1 || true",
        "true || this.nope == 1",
        "false && this.nope == 1",
        "this.nope == 1 && false",
        "size(this.items) == 2",
        "this.tags.size() == 3",
        "size(this.wide) == 2",
        "size(this.m) == 1",
        "'x' in this.tags",
        "'z' in this.tags",
        "'k' in this.m",
        "5 in [1, 5]",
        "this.id.startsWith('o-')",
        "this.id.endsWith('2')",
        "this.id.contains('-')",
        "this.id.matches('^o-[0-9]+$')",
        "this.id.matches('[a-z]')",
        "this.items.all(i, i.q > 0)",
        "this.items.all(i, i.q > 1)",
        "this.items.exists(i, i.q > 10)",
        "this.items.exists_one(i, i.q > 10)",
        "this.items.exists(i, i.sku == 'c')",
        "this.items.filter(i, i.q > 10).size() == 1",
        "this.items.map(i, i.q) == [1, 20]",
        "this.items.map(i, i.sku).all(s, s in ['a', 'b'])",
        "this.items.exists(i, i.nope == 1 || true)",
        "this.m['k'] == 1",
        "this['id'] == 'o-1'",
        "this.tags.all(a, this.tags.exists(b, a == b))",
        "this.items[1].sku == 'b'",
        "[1, 2] + [3] == [1, 2, 3]",
        "'a' + 'b' == 'ab'",
        "timestamp(this.at) > timestamp('2026-01-01T00:00:00Z')",
        "timestamp(this.at) - timestamp('2026-01-31T09:00:00Z') == duration('30m')",
        "timestamp(this.at) + duration('1h30m') == timestamp('2026-01-31T11:00:00Z')",
        "duration('1.5s') < duration('2s')",
        "duration('-1h') + duration('60m') == duration('0s')",
        "int('42') == 42",
        "double('1.5') == 1.5",
        "string(42) == '42'",
        "int(2.9) == 2",
        "(1 + 2) * 3 == 9",
        "1 + 2 * 3 == 7",
        "'\\u00e9' == 'é'",
        "9223372036854775807 > 9223372036854775806",
      })
  void meansWhatCelMeans(String rule) throws Exception {
    Optional<Object> judged = judged(rule);
    boolean held = Program.of(rule, PATTERNS).problem(JsonReader.read(MESSAGE)).isEmpty();
    assertThat(judged).as("CEL has an answer to %s", rule).isPresent();
    assertThat(held).as(rule).isEqualTo(judged.orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this.nope == 1",
        "this.id > 5",
        "this.n / 0 == 1",
        "this.n % 0 == 1",
        "this.items[9].q == 1",
        "9223372036854775807 + this.n > 0",
        "this.id",
        "this.id.n == 1",
        "size(this.n) == 1",
        "timestamp('yesterday') > timestamp(this.at)",
        "duration('soon') == duration('1s')",
        "this.n.all(i, true)",
        "!this.n",
        "int('x') == 1",
      })
  void neitherHasAnAnswer(String rule) throws Exception {
    assertThat(judged(rule).filter(Boolean.class::isInstance)).isEmpty();
    assertThat(Program.of(rule, PATTERNS).problem(JsonReader.read(MESSAGE))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "this.",
        "this.x +",
        "(this.x",
        "foo(this.x)",
        "this.x.foo()",
        "x == 1",
        "this.x == 'a",
        "has(1)",
        "size()",
        "this.x ? 1",
        "this.x == 99999999999999999999",
        "this.all(i i)",
        "a.b.c",
        "this.x # 1",
        "this.x == '\\q'",
        "1 == 1)",
        "[1, 2",
        "this.a.b(",
        "{'a': 1}",
      })
  void refusesWhatItDoesNotKnow(String rule) {
    assertThatThrownBy(() -> Program.of(rule, PATTERNS))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("is wrong at character");
  }

  @Test
  void aRuleThatWouldRunForEverHasNoAnswer() throws Exception {
    String list = "[" + "1,".repeat(30) + "1]";
    String rule =
        "%1$s.all(a, %1$s.all(b, %1$s.all(c, %1$s.all(d, %1$s.all(e, a + b + c + d + e > 0)))))"
            .formatted(list);
    assertThat(Program.of(rule, PATTERNS).problem(JsonReader.read("{}")))
        .hasValueSatisfying(problem -> assertThat(problem).contains("1,000,000 steps"));
    assertThatThrownBy(() -> Program.of("(".repeat(1_000) + "1" + ")".repeat(1_000), PATTERNS))
        .isInstanceOf(SyntaxException.class);
  }

  @Test
  void knowsWhichMembersOfTheMessageItReads() throws Exception {
    assertThat(Program.of("1 < 2", PATTERNS).members()).contains(Set.of());
    assertThat(
            Program.of("has(this.a) && this.b.c[this.d] in [message.e, 'x']", PATTERNS).members())
        .contains(Set.of("a", "b", "d", "e"));
    assertThat(
            Program.of("this.items.all(i, i.q > 0 ? i.q < this.n : size(i.sku) > 1)", PATTERNS)
                .members())
        .contains(Set.of("items", "n"));
    assertThat(Program.of("size(this) > 1", PATTERNS).members()).isEmpty();
    assertThat(Program.of("this['a'] == 1", PATTERNS).members()).isEmpty();
    assertThat(Program.of("[this].all(m, m.a == 1)", PATTERNS).members()).isEmpty();
    assertThat(Program.of("this.all(name, name != 'x')", PATTERNS).members()).isEmpty();
  }
}
