package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.schema.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing that a schema says is ignored in silence. */
class SchemaLintTest {
  private static List<Finding> lint(String schema) {
    String yaml = "contract: c\nversion: 1.0.0\nowner: o\nexamples: [{}]\nschema: " + schema;
    return ContractFile.of(
            "c.contract.yaml",
            yaml.getBytes(StandardCharsets.UTF_8),
            "file:///c.contract.yaml",
            Documents.NONE)
        .lint();
  }

  private static List<String> rules(String schema) {
    return lint(schema).stream()
        .map(finding -> (finding.isError() ? "error " : "warning ") + finding.rule())
        .toList();
  }

  /** A draft's number, a schema in flow YAML, what lint finds (- for nothing), and its cure. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "draft-07 | {$ref: '#/definitions/n', minimum: 0, definitions: {n: {}}}"
            + " | error keyword-beside-ref | allOf",
        "draft-07 | {$ref: '#/definitions/n', title: t, definitions: {n: {}}} | - | -",
        "2020-12 | {$ref: '#/$defs/n', maxProperties: 3, $defs: {n: {}}} | - | -",
        "draft-04 | {properties: {a: {const: 1}}, type: object} | error keyword-draft | $schema",
        "draft-07 | {properties: {a: {prefixItems: [true]}}, type: object}"
            + " | error keyword-draft | $schema",
        "2020-12 | {type: object, properties: {a: {additionalItems: false}}}"
            + " | error keyword-draft | $schema",
        "draft-04 | {$comment: x, $defs: {a: {}}, deprecated: true} | - | -",
        "draft-07 | {id: x} | error keyword-draft | $schema",
        "2020-12 | {minLenght: 3} | error keyword-unknown | did you mean 'minLength'?",
        "2020-12 | {markdown: text} | warning keyword-unknown | begin it with x-",
        "2020-12 | {x-mine: text} | - | -",
        "2020-12 | {format: emial} | error format-unknown | did you mean 'email'?",
        "2020-12 | {format: colour} | warning format-unknown | write a pattern",
        "2020-12 | {type: object, properties: {name: {}}, required: [naem]}"
            + " | warning required-undeclared | did you mean 'name'?",
        "2020-12 | {type: object, minimum: 3} | warning keyword-idle | mend the type",
        "2020-12 | {then: {}} | warning keyword-idle | -",
        "draft-07 | {items: {}, additionalItems: false} | warning keyword-idle | -",
        "2020-12 | {type: object, properties: {a: {type: string, examples: [1]}}}"
            + " | error example-invalid | mend the example",
        "2020-12 | {type: object, properties: {a: {type: string, default: 1}}}"
            + " | warning default-invalid | mend the default",
        "2020-12 | {$defs: {unused: {minLenght: 3}}} | error keyword-unknown | 'minLength'",
        "2020-12 | {type: object, properties: {createdAt: {type: string}}}"
            + " | warning format-missing | add format: date-time",
        "2020-12 | {type: object, properties: {due_date: {type: string, maxLength: 20}}}"
            + " | warning format-missing | add format: date or date-time",
        "2020-12 | {type: object, properties: {contactEmail: {type: string}}}"
            + " | warning format-missing | add format: email",
        "2020-12 | {type: object, properties: {createdAt: {type: string, format: date-time},"
            + " seat: {type: string}, update: {type: string}, at: {type: string},"
            + " updatedAt: {type: integer}, imageUrl: {type: string, pattern: '^https:'}}} | - | -",
      })
  void isNamed(String draft, String schema, String rule, String cure) {
    String uri =
        draft.startsWith("draft")
            ? "http://json-schema.org/%s/schema#".formatted(draft)
            : "https://json-schema.org/draft/%s/schema".formatted(draft);
    String dialect = "{$schema: '%s', %s".formatted(uri, schema.substring(1));
    // The example {} need not keep the schema here.
    List<Finding> found =
        lint(dialect).stream()
            .filter(finding -> !finding.message().startsWith("example 1 breaks"))
            .toList();
    if (rule.equals("-")) {
      assertThat(found).isEmpty();
      return;
    }
    assertThat(found)
        .singleElement()
        .satisfies(finding -> {
          assertThat((finding.isError() ? "error " : "warning ") + finding.rule()).isEqualTo(rule);
          assertThat(finding.location().line()).isEqualTo(5);
          assertThat(finding.cure()).contains(cure.equals("-") ? "" : cure);
        });
  }

  @Test
  void aNameThatABranchRequiresMayBeDeclaredAround() {
    assertThat(
            rules(
                "{type: object, properties: {a: {}, b: {}}, anyOf: [{required: [a]}, {required:"
                    + " [b]}, {}]}"))
        .isEmpty();
    assertThat(rules("{type: object, required: [k], additionalProperties: {type: string}}"))
        .doesNotContain("warning required-undeclared");
  }

  @Test
  void anUnknownKeywordIsNamedOnce() {
    List<Finding> found =
        lint("{type: object, properties: {a: {hint: x}, b: {hint: y}, c: {hint: z}}}");
    assertThat(found)
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).endsWith("(and at 2 more places)"));
  }

  @Test
  void partsOfAContractThatHaveTheWrongShapeAreErrors() {
    String yaml =
        """
        contract: c
        version: 1.0.0
        owner: o
        schema: {}
        rules: {id: a}
        examples: {}
        """;
    assertThat(
            ContractFile.of(
                    "c.yaml", yaml.getBytes(StandardCharsets.UTF_8), "file:///c", Documents.NONE)
                .lint())
        .extracting(Finding::message)
        .containsExactly(
            "rules is {\"id\":\"a\"}, expected a list", "examples is {}, expected a list");
  }
}
