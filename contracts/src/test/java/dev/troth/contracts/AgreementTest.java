package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Property;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The compiled validator and the interpreter never disagree, whatever the document. */
class AgreementTest {
  private record Pair(
      String name, Interpreter interpreter, CompiledSchema compiled, List<Json> documents) {}

  @Test
  void interpreterAndCompiledSchemaAgreeOnMutatedDocuments() {
    List<Pair> pairs = new ArrayList<>();
    for (Draft draft : Draft.values()) {
      for (String folder : List.of("", "optional", "optional/format")) {
        pairs.addAll(pairs(draft, folder));
      }
    }
    int[] valid = {0, 0};
    Property.of("interpreter and compiled schema agree")
        .runs(100_000, 1_500_000)
        .check(random -> {
          Pair pair = pairs.get(random.nextInt(pairs.size()));
          Json near = pair.documents().get(random.nextInt(pair.documents().size()));
          byte[] document = new Mutation(random).document(near);
          boolean expected = interpreted(pair.interpreter(), document);
          valid[expected ? 1 : 0]++;
          assertThat(pair.compiled().isValid(document))
              .as("%s on %s", pair.name(), new String(document, StandardCharsets.UTF_8))
              .isEqualTo(expected);
        });
    assertThat(valid[0]).as("invalid documents").isGreaterThan(10_000);
    assertThat(valid[1]).as("valid documents").isGreaterThan(10_000);
  }

  @Test
  void validatorAndInspectorSayTheSameOfRules() {
    List<Contract> contracts =
        List.of(contract("[]"), contract(PARTS), contract("[" + WHOLE + "]"));
    Json near =
        JsonReader.read(
            """
            {"id": "a", "n": 3, "at": "2026-01-31T09:30:00Z",
             "items": [{"sku": "a\\nb", "q": 2}, {"sku": "b", "q": 1}], "more": {"k": [1]}}
            """);
    int[] valid = {0, 0};
    List<Validator> validators = contracts.stream().map(Contract::validator).toList();
    List<Validator> inspectors = contracts.stream().map(Contract::inspector).toList();
    Property.of("validator and inspector agree about rules")
        .runs(10_000, 300_000)
        .check(random -> {
          int which = random.nextInt(contracts.size());
          byte[] message = new Mutation(random).document(near);
          Verdict expected = inspectors.get(which).validate(message);
          valid[expected.valid() ? 1 : 0]++;
          assertThat(validators.get(which).validate(message))
              .as(() -> which + " on " + new String(message, StandardCharsets.UTF_8))
              .isEqualTo(expected);
          assertThat(validators.get(which).isValid(message)).isEqualTo(expected.valid());
        });
    assertThat(valid[0]).as("refused messages").isGreaterThan(1_000);
    assertThat(valid[1]).as("accepted messages").isGreaterThan(1_000);
  }

  /** Rules on single members. */
  private static final String PARTS =
      """
      [{"id": "q", "check": "this.items.all(i, i.q <= this.n)"},
       {"id": "id", "check": "!has(this.id) || size(this.id) < 5", "severity": "warning"},
       {"id": "more", "check": "this.more.k[0] == 1 || this.n > 0"}]
      """;

  /** A rule on the message as a whole. */
  private static final String WHOLE = "{\"id\": \"few\", \"check\": \"size(this) < 6\"}";

  private static Contract contract(String rules) {
    return Contract.read(
        """
        {"contract": "c", "version": "1.0.0", "owner": "o",
         "schema": {"type": "object", "properties": {"n": {"type": "number"}, "id": {"type": "string"},
           "items": {"type": "array", "items": {"properties": {"q": {"minimum": 0}}}}}},
         "rules": %s}
        """
            .formatted(rules)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static List<Pair> pairs(Draft draft, String folder) {
    SuiteCases suite = SuiteCases.of(draft);
    List<Pair> pairs = new ArrayList<>();
    for (SuiteCases.Case group : suite.cases(folder)) {
      Schema schema =
          new SchemaLoader(new SchemaLoader.Options(draft, true, suite.remotes()))
              .load(group.schema(), "troth:/schema");
      List<Json> documents =
          group.tests().stream().map(test -> test.get("data").orElseThrow()).toList();
      CompiledSchema compiled = CompiledSchema.of(schema, JsonLimits.DEFAULT).orElseThrow();
      String name = draft + " " + group.file() + ": " + group.name();
      pairs.add(new Pair(name, new Interpreter(schema), compiled, documents));
    }
    return pairs;
  }

  private static boolean interpreted(Interpreter interpreter, byte[] document) {
    try {
      return interpreter.isValid(JsonReader.read(document));
    } catch (JsonException e) {
      return false;
    }
  }
}
