package dev.troth.contracts.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cel.Program;
import dev.troth.cel.SyntaxException;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.pattern.RegexException;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Property;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rule and its schema say the same of every message. */
class RuleSchemaTest {
  private static final List<String> NUMBERS =
      List.of("0", "5", "-3", "0.1", "5.0", "2.5", "-0.5", "1e300", "4503599627370495");
  private static final List<String> TEXTS = List.of("'a'", "'ab'", "''", "'a.b'", "'x'");

  private static Program program(String rule) {
    try {
      return Program.of(
          rule,
          (pattern, text) -> {
            try {
              return Regex.of(pattern).find(text);
            } catch (RegexException e) {
              throw new IllegalArgumentException(e);
            }
          });
    } catch (SyntaxException e) {
      throw new IllegalArgumentException(rule, e);
    }
  }

  private static String pick(RandomGenerator random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static String part(RandomGenerator random, String root) {
    return switch (random.nextInt(root.equals("this") ? 6 : 3)) {
      case 0 -> root;
      case 1, 2 -> root + "." + pick(random, List.of("a", "b"));
      case 3 -> root + "['a']";
      case 4 -> root + ".a.b";
      default -> root + ".b[" + random.nextInt(2) + "]";
    };
  }

  private static String rule(RandomGenerator random, String root, int depth) {
    String operator = pick(random, List.of("<", "<=", ">", ">=", "==", "!="));
    int kind = random.nextInt(depth > 0 ? 14 : 7);
    return switch (kind) {
      case 0, 1 -> part(random, root) + " " + operator + " " + pick(random, NUMBERS);
      case 2 -> "size(%s) %s %s".formatted(part(random, root), operator, pick(random, NUMBERS));
      case 3 -> "has(%s.a)".formatted(part(random, root));
      case 4 ->
          pick(random, TEXTS)
              + " "
              + pick(random, List.of("==", "!=", "in"))
              + " "
              + part(random, root);
      case 5 ->
          "%s.%s(%s)"
              .formatted(
                  part(random, root),
                  pick(random, List.of("startsWith", "endsWith", "contains", "matches")),
                  pick(random, TEXTS));
      case 6 ->
          "%s in [%s, %s, true, null]"
              .formatted(part(random, root), pick(random, TEXTS), pick(random, NUMBERS));
      case 7, 8 ->
          "(%s && %s)".formatted(rule(random, root, depth - 1), rule(random, root, depth - 1));
      case 9, 10 ->
          "(%s || %s)".formatted(rule(random, root, depth - 1), rule(random, root, depth - 1));
      case 11 -> "!(%s)".formatted(rule(random, root, depth - 1));
      case 12 ->
          "(%s ? %s : %s)"
              .formatted(
                  rule(random, root, depth - 1),
                  rule(random, root, depth - 1),
                  rule(random, root, depth - 1));
      default ->
          "%s.%s(i, %s)"
              .formatted(
                  part(random, root),
                  pick(random, List.of("all", "exists")),
                  rule(random, "i", depth - 1));
    };
  }

  private static String value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 6)) {
      case 0 -> pick(random, List.of("true", "false", "null"));
      case 1 ->
          pick(
              random,
              List.of(
                  "0.10000000000000000000001",
                  "0.1",
                  "5.0000000000000000001",
                  "5",
                  "5.0",
                  "1e400",
                  "4.99999999999999999",
                  "4503599627370496",
                  "12345678901234567890"));
      case 2 -> pick(random, NUMBERS);
      case 3, 4 -> pick(random, TEXTS).replace('\'', '"');
      case 5 -> "{}";
      case 6, 7 ->
          "{\"a\": %s, \"b\": %s}".formatted(value(random, depth - 1), value(random, depth - 1));
      case 8 -> "[%s, %s]".formatted(value(random, depth - 1), value(random, depth - 1));
      default -> "{\"a\": %s}".formatted(value(random, depth - 1));
    };
  }

  @Test
  void aRuleHoldsExactlyForTheMessagesThatItsSchemaAccepts() {
    AtomicInteger said = new AtomicInteger();
    AtomicInteger held = new AtomicInteger();
    Property.of("rules are what their schemas are")
        .runs(3_000, 100_000)
        .check(random -> {
          String rule = rule(random, "this", 3);
          Program program = program(rule);
          Optional<Schema> schema = RuleSchema.of(program.expression());
          if (schema.isPresent()) {
            said.incrementAndGet();
            Interpreter interpreter = new Interpreter(schema.get());
            for (int i = 0; i < 20; i++) {
              Json message = JsonReader.read(value(random, 3));
              boolean holds = program.problem(message).isEmpty();
              held.addAndGet(holds ? 1 : 0);
              assertThat(interpreter.isValid(message))
                  .as("%s of %s, schema %s", rule, message, schema.get().source())
                  .isEqualTo(holds);
            }
          }
        });
    System.out.printf("%d rules have a schema, %d messages kept theirs%n", said.get(), held.get());
    assertThat(said.get()).isGreaterThan(2_000);
    assertThat(held.get()).isGreaterThan(said.get());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      value = {
        "this.a > this.b",
        "this.a + 1 > 3",
        "timestamp(this.a) > timestamp('2026-01-31T09:30:00Z')",
        "size(this.a.filter(i, i > 0)) > 1",
        "this.a.all(i, i > this.b)",
        "this.a.exists_one(i, i > 0)",
        "this.a < 'b'",
        "this.a > 9007199254740993",
        "this.a.all(this, this > 0)",
      })
  void whatJsonSchemaCannotSayHasNoSchema(String rule) {
    assertThat(RuleSchema.of(program(rule).expression())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      value = {
        "this.a > this.b + 1 ¦ this.b + 1 < message.a",
        "this.a == this.b || this.c <= this.a ¦ this.a >= this.c || this.b == this.a",
        "this.l.all(i, i > this.b) ¦ this.l.all(x, this.b < x)",
      })
  void theOrderAndTheNamesOfVariablesDoNotMatter(String one, String other) {
    assertThat(RuleForm.of(program(one).expression()))
        .isEqualTo(RuleForm.of(program(other).expression()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      value = {
        "this.a - this.b > 0 ¦ this.b - this.a > 0",
        "this.a > this.b ¦ this.a >= this.b",
        "this.l.all(i, i > this.b) ¦ this.l.exists(i, i > this.b)",
        "this.l.all(i, this.m.all(j, i > j)) ¦ this.l.all(i, this.m.all(j, j > i))",
      })
  void otherRulesHaveOtherForms(String one, String other) {
    assertThat(RuleForm.of(program(one).expression()))
        .isNotEqualTo(RuleForm.of(program(other).expression()));
  }
}
