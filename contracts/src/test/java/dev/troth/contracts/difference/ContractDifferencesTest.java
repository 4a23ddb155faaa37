package dev.troth.contracts.difference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.exchange.RandomSchema;
import dev.troth.contracts.proof.Answer;
import dev.troth.contracts.proof.Containment;
import dev.troth.contracts.proof.Effort;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.SourceFile;
import dev.troth.testkit.Property;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ContractDifferencesTest {
  private static Contract contract(String yaml) {
    try {
      byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
      return Contract.read(JsonWriter.bytes(SourceFile.read("c.yaml", bytes).json()));
    } catch (SourceFile.SyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Contract schema(String schema) {
    return contract("{contract: c, version: 1.0.0, owner: o, schema: %s}".formatted(schema));
  }

  private static List<String> diff(Contract old, Contract next) {
    return ContractDifferences.of(old, next).stream().map(Difference::toString).toList();
  }

  private static List<String> diff(String old, String next) {
    return diff(schema(old), schema(next));
  }

  @Test
  void theSameContractHasNoDifferences() {
    String one = "{type: object, properties: {a: {$ref: '#/$defs/a'}}, $defs: {a: {type: string}}}";
    assertThat(diff(one, one)).isEmpty();
    assertThat(diff(one, "{properties: {a: {type: string}}, type: object}")).isEmpty();
    String loop = "{type: object, properties: {next: {$ref: '#'}}}";
    assertThat(diff(loop, loop)).isEmpty();
  }

  @Test
  void withoutADifferenceBothMeanTheSame() {
    AtomicInteger silent = new AtomicInteger();
    Property.of("schemas without a difference are proved the same")
        .runs(500, 20_000)
        .check(random -> {
          Json before = new RandomSchema(random).next();
          Json after = changed(before, random);
          Contract old = schema(before.toString());
          Contract next;
          try {
            next = schema(after.toString());
          } catch (ContractException unusable) {
            return;
          }
          if (ContractDifferences.of(old, next).isEmpty()) {
            silent.incrementAndGet();
            Schema one = old.schema().orElseThrow();
            Schema other = next.schema().orElseThrow();
            Containment containment = Containment.strict(Effort.NORMAL);
            assertThat(List.of(containment.of(one, other), containment.of(other, one)))
                .as("%s and %s", before, after)
                .allMatch(Answer.Proved.class::isInstance);
          }
        });
    assertThat(silent.get()).as("schemas that were compared").isPositive();
  }

  /** One value somewhere is gone, another, or stands elsewhere. */
  private static Json changed(Json json, RandomGenerator random) {
    return switch (json) {
      case Json.Obj(Map<String, Json> members) when !members.isEmpty() -> {
        List<String> names = new ArrayList<>(members.keySet());
        String name = names.get(random.nextInt(names.size()));
        Map<String, Json> others = new LinkedHashMap<>(members);
        Json value = others.remove(name);
        if (value != null && random.nextInt(4) > 0) {
          others.put(name, changed(value, random)); // and now stands last
        }
        yield new Json.Obj(others);
      }
      case Json.Arr(List<Json> items) when !items.isEmpty() -> {
        List<Json> others = new ArrayList<>(items);
        Json last = others.removeLast();
        if (random.nextBoolean()) {
          others.addFirst(last);
        }
        yield new Json.Arr(others);
      }
      case Json.Num number ->
          new Json.Num(number.value().add(BigDecimal.valueOf(random.nextInt(2))));
      case Json.Bool bool -> Json.Bool.of(bool.value() == random.nextBoolean());
      case Json.Str(String text) -> new Json.Str(text.equals("string") ? "integer" : text);
      default -> json;
    };
  }

  @Test
  void propertiesAreToldOneByOne() {
    assertThat(
            diff(
                "{type: object, required: [id, gone], properties: {id: {type: string, maxLength:"
                    + " 64, pattern: '^a'},gone: {type: number},note: {type: string, description:"
                    + " a},kind: {enum: [a, b]},lines: {type: array, items: {type: object,"
                    + " properties: {sku: {type: string}}}},any: {anyOf: [{type: string}, {type:"
                    + " number}]}}}",
                "{type: object, required: [id, note], additionalProperties: false, properties: {"
                    + "id: {type: string, maxLength: 32},"
                    + "fresh: {type: string, format: date},"
                    + "note: {type: [string, 'null'], description: b},"
                    + "kind: {enum: [b, c]},"
                    + "lines: {type: array, minItems: 1,"
                    + "  items: {type: object, properties: {sku: {type: integer}}}},"
                    + "any: {anyOf: [{type: string}, {type: boolean}]}}}"))
        .containsExactly(
            "- property gone: number, required",
            "+ property fresh: string (date), optional",
            "~ property id: maxLength 64 → 32 (tighter)",
            "~ property id: pattern \"^a\" is gone (looser)",
            "~ property note: now required",
            "~ property note: type string → string or null",
            "~ property note: description \"a\" → \"b\"",
            "~ property kind: now also \"c\", no more \"a\"",
            "~ property lines: minItems 1 is new (tighter)",
            "~ property lines[].sku: type string → integer",
            "~ property any anyOf 2: type number → boolean",
            "+ property other members: forbidden");
  }

  @Test
  void renamesAreGuessedByShapeAndName() {
    assertThat(
            diff(
                "{required: [mail], properties: {mail: {type: string, format: email, maxLength: 9},"
                    + " orderId: {type: string}, x: {type: string}}}",
                "{properties: {contact: {type: string, format: email, maxLength: 9,"
                    + " description: new}, order_id: {type: string}, y: {type: string}}}"))
        .containsExactly(
            "> property mail: perhaps renamed to contact, now optional",
            "~ property contact: description \"new\" is new",
            "> property orderId: perhaps renamed to order_id",
            "- property x: string, optional",
            "+ property y: string, optional");
  }

  @Test
  void branchesKeepTheirPartners() {
    String definitions =
        "$defs: {card: {properties: {kind: {const: card}}}, cash: {type: object},"
            + " chip: {properties: {kind: {const: %s}}}}";
    assertThat(
            diff(
                "{oneOf: [{$ref: '#/$defs/card'}, {$ref: '#/$defs/chip'}], "
                    + definitions.formatted("chip")
                    + "}",
                "{oneOf: [{$ref: '#/$defs/cash'}, {$ref: '#/$defs/chip'}, {title: t}], "
                    + definitions.formatted("c")
                    + "}"))
        .containsExactly(
            "+ property oneOf cash: object",
            "~ property oneOf chip.kind: const \"chip\" → \"c\"",
            "+ property oneOf t: {\"title\":\"t\"}",
            "- property oneOf card: object");
  }

  @Test
  void whatStandsAroundTheSchemaIsComparedToo() {
    Contract old =
        contract(
            """
            contract: c
            version: 1.0.0
            owner: a
            schema: {type: object}
            rules:
              - {id: one, check: "this.a > 1"}
              - {id: two, description: d, check: "this.b > 1"}
              - {id: three, check: "true"}
            sla: {availability: 99.9%, latency: 60s, retention: 30d}
            tags: [x]
            """);
    Contract next =
        contract(
            """
            contract: c
            version: 1.1.0
            owner: b
            description: new
            schema: {type: object}
            rules:
              - {id: one, check: "this.a > 2"}
              - {id: two, description: d, check: "this.b > 1", severity: warning}
              - {id: four, check: "true"}
            sla: {availability: 99.90, latency: 1m, freshness: 5s}
            examples: [{}]
            x-team: blue
            """);
    assertThat(diff(old, next))
        .containsExactly(
            "~ version: 1.0.0 → 1.1.0",
            "~ owner: \"a\" → \"b\"",
            "~ description: \"\" → \"new\"",
            "~ rule one: this.a > 1 → this.a > 2",
            "~ rule two: severity error → warning",
            "- rule three: true",
            "+ rule four: true",
            "- sla retention: 30d",
            "+ sla freshness: 5s",
            "~ examples: 0 → 1",
            "- tags: [\"x\"]",
            "+ x-team: blue");
  }

  @Test
  void pointersLeadIntoTheContract() {
    Contract old = schema("{properties: {a: {type: string}, b: {}}}");
    Contract next = schema("{properties: {a: {type: integer}}}");
    for (Difference difference : ContractDifferences.of(old, next)) {
      Json in = (difference.kind() == Difference.Kind.REMOVED ? old : next).json();
      assertThat(JsonPointer.find(in, difference.pointer())).isPresent();
    }
  }

  @Test
  void avroFieldsAreComparedByName() {
    String record = "{type: record, name: r, fields: [%s]}";
    assertThat(
            diff(
                record.formatted("{name: a, type: int}, {name: b, type: string}"),
                record.formatted("{name: a, type: long}, {name: c, type: int}")))
        .containsExactly(
            "~ field a: {\"name\":\"a\",\"type\":\"int\"} → {\"name\":\"a\",\"type\":\"long\"}",
            "- field b: {\"name\":\"b\",\"type\":\"string\"}",
            "+ field c: {\"name\":\"c\",\"type\":\"int\"}");
  }
}
