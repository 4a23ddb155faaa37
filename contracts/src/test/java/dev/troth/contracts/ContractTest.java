package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.contracts.schema.Documents;
import dev.troth.json.JsonWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {
  private static final String YAML =
      """
      contract: order_placed
      version: 1.2.3
      owner: orders
      schema:
        type: object
        required: [id, lines]
        properties:
          id: {type: string}
          total: {type: number, minimum: 0}
          lines:
            type: array
            items: {$ref: line.json}
      rules:
        - id: total-adds-up
          description: the total is at least the number of lines
          check: "!has(this.total) || this.total >= double(size(this.lines))"
        - {id: short, check: size(this.id) < 10, severity: warning}
      sla: {availability: 99.9%, latency: 500ms, retention: 30d, freshness: PT1H}
      examples:
        - {id: a, lines: [{sku: x}]}
      """;

  @TempDir private Path folder = Path.of("");

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Contract contract() throws Exception {
    write("line.json", "{\"type\":\"object\",\"required\":[\"sku\"]}");
    return Contract.load(write("order.yaml", YAML));
  }

  @Test
  void readsIdentityRulesAndPromises() throws Exception {
    Contract contract = contract();
    assertThat(contract.name()).isEqualTo("order_placed");
    assertThat(contract.version()).isEqualTo(new Version(1, 2, 3, ""));
    assertThat(contract.rules()).hasSize(2);
    assertThat(contract.sla().availability()).contains(new BigDecimal("99.9"));
    assertThat(contract.sla().latency()).contains(Duration.ofMillis(500));
    assertThat(contract.sla().retention()).contains(Duration.ofDays(30));
    assertThat(contract.sla().freshness()).contains(Duration.ofHours(1));
  }

  @Test
  void compiledAndInterpretedValidatorSayTheSame() throws Exception {
    Contract contract = contract();
    Map<String, String> verdicts =
        Map.of(
            "{\"id\":\"a\",\"lines\":[]}",
            "valid",
            "{\"id\":\"a\",\"lines\":[{}]}",
            "/lines/0: found none of that name, expected the member \"sku\" (required)",
            "{\"id\":\"a\",\"lines\":[{\"sku\":1},{\"sku\":2}],\"total\":1.5}",
            "the document: found false, expected the total is at least the number of lines"
                + " (rule total-adds-up)",
            "{\"id\":\"a\",}",
            "the document is not JSON: line 1, column 11: found '}', expected a member name in"
                + " quotes (json)");
    verdicts.forEach((message, verdict) -> {
      assertThat(contract.validator().validate(utf8(message))).hasToString(verdict);
      assertThat(contract.inspector().validate(utf8(message))).hasToString(verdict);
      assertThat(contract.validator().isValid(utf8(message))).isEqualTo(verdict.equals("valid"));
    });
    Verdict warned = contract.validator().validate(utf8("{\"id\":\"0123456789\",\"lines\":[]}"));
    assertThat(warned.valid()).isTrue();
    assertThat(warned.warnings()).hasSize(1);
  }

  @Test
  void aBundleNeedsNoOtherFile() throws Exception {
    Contract contract = contract();
    Contract bundled = Contract.read(JsonWriter.bytes(contract.bundle()));
    assertThat(bundled.validator().isValid(utf8("{\"id\":\"a\",\"lines\":[{}]}"))).isFalse();
    assertThat(bundled.validator().isValid(utf8("{\"id\":\"a\",\"lines\":[{\"sku\":1}]}")))
        .isTrue();
  }

  @Test
  void aWholeSchemaNeedsNoOtherFile() throws Exception {
    String alone =
        "{\"contract\":\"c\",\"version\":\"1.0.0\",\"owner\":\"o\",\"schema\":%s}"
            .formatted(contract().wholeSchema());
    Validator validator = Contract.read(utf8(alone)).inspector();
    assertThat(validator.isValid(utf8("{\"id\":\"a\",\"lines\":[{}]}"))).isFalse();
    assertThat(validator.isValid(utf8("{\"id\":\"a\",\"lines\":[{\"sku\":1}]}"))).isTrue();
  }

  @Test
  void referencesDoNotLeaveTheFolder() throws Exception {
    Path below = Files.createDirectory(folder.resolve("below"));
    write("secret.json", "{}");
    Path file =
        Files.writeString(
            below.resolve("c.yaml"),
            "contract: c\nversion: 1.0.0\nowner: o\nschema: {$ref: ../secret.json}\n");
    assertThatThrownBy(() -> Contract.load(file))
        .isInstanceOf(ContractException.class)
        .hasMessageContaining("secret.json, which is not among the known documents");
  }

  @Test
  void allFindingsAreReportedAtOnceWithPlaceAndCure() throws Exception {
    Path file =
        write(
            "c.yaml",
            """
            contract: "no spaces"
            version: 1.0
            ownr: me
            schema: {type: objekt, minLength: -1, pattern: "("}
            rules: [{id: a, check: "this.x +"}]
            sla: {availability: 120}
            """);
    List<Finding> findings = Contract.lint(file, Documents.NONE);
    assertThat(findings)
        .extracting(Finding::rule)
        .contains(
            "contract-name",
            "contract-version",
            "contract-unknown-key",
            "contract-missing",
            "schema-invalid",
            "rule-syntax",
            "sla-value");
    assertThat(findings).allSatisfy(finding -> assertThat(finding.cure()).isNotEmpty());
    assertThat(findings).extracting(Finding::place).contains(file + ":3:7", file + ":4:16");
  }

  @Test
  void lintSeesWhatTheAuthorMayNotHaveMeant() throws Exception {
    Path file =
        write(
            "c.yaml",
            """
            contract: c
            version: 1.0.0
            owner: o
            schema:
              required: [b]
              title: 5
              properties:
                a: {minimum: 5, maximum: 4}
                c: {type: [integer, number], enum: [1, 1.0], pattern: "(?=a)b"}
              additionalProperties: false
            """);
    assertThat(Contract.lint(file, Documents.NONE))
        .extracting(Finding::rule)
        .contains(
            "schema-metaschema",
            "required-forbidden",
            "bounds-empty",
            "enum-twice",
            "type-redundant",
            "pattern-costly",
            "schema-type",
            "examples-missing");
  }

  @Test
  void yamlNumbersAreExactAndAliasesBounded() throws Exception {
    Path file =
        write(
            "c.yaml",
            "contract: c\nversion: 1.0.0\nowner: o\nschema: {const: [0x10, +1, .5, 007, 1e400]}\n"
                + "examples: [[16, 1, 0.5, 7, 1e400]]\n");
    assertThat(Contract.lint(file, Documents.NONE)).isEmpty();
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
    }
    assertThat(Contract.lint(write("bomb.yaml", bomb.toString()), Documents.NONE))
        .extracting(Finding::rule)
        .containsExactly("contract-syntax");
  }

  @Test
  void avroMessagesAreCheckedInAvrosJsonEncoding() throws Exception {
    write(
        "order.avsc",
        """
        {"type":"record","name":"Order","fields":[{"name":"id","type":"string"},
        {"name":"note","type":["null","string"]}]}\
        """);
    Contract contract =
        Contract.load(
            write("c.yaml", "contract: c\nversion: 1.0.0\nowner: o\nschema: {$ref: order.avsc}\n"));
    Validator validator = contract.validator();
    assertThat(validator.isValid(utf8("{\"id\":\"a\",\"note\":{\"string\":\"b\"}}"))).isTrue();
    assertThat(validator.isValid(utf8("{\"id\":\"a\",\"note\":null}"))).isTrue();
    assertThat(validator.validate(utf8("{\"id\":1,\"note\":{\"string\":2}}")))
        .hasToString(
            """
            /id: found 1, expected string (avro)
            /note/string: found 2, expected string (avro)\
            """);
    assertThat(validator.validate(utf8("{\"id\":\"a\",\"note\":\"b\"}")))
        .hasToString("/note: found \"b\", expected one of null, {\"string\": ...} (avro)");
    assertThat(validator.isValid(utf8("{\"id\":\"a\"}"))).isFalse();
  }

  @Test
  void versionsAreOrderedAsSemanticVersioningSays() {
    List<String> ordered =
        List.of(
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.1.0",
            "2.0.0");
    for (int i = 1; i < ordered.size(); i++) {
      Version before = Version.parse(ordered.get(i - 1)).orElseThrow();
      assertThat(before).isLessThan(Version.parse(ordered.get(i)).orElseThrow());
    }
    assertThat(Version.parse("1.0")).isEmpty();
    assertThat(Version.parse("01.0.0")).isEmpty();
  }
}
