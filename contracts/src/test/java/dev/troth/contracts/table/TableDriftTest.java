package dev.troth.contracts.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.SourceFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables without a database. */
class TableDriftTest {
  private static Contract contract(String schema) {
    String yaml = "{contract: c, version: 1.0.0, owner: o, schema: %s}".formatted(schema);
    try {
      byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
      return Contract.read(JsonWriter.bytes(SourceFile.read("c.yaml", bytes).json()));
    } catch (SourceFile.SyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Column column(String name, String declared, boolean nullable) {
    ColumnType type = TypeNames.postgres(declared, List.of());
    return new Column(name, declared, type, nullable, Optional.empty());
  }

  private static List<String> drift(String schema, Column... columns) {
    Table table = new Table("t", Optional.empty(), List.of(columns), List.of(), true);
    return TableDrift.of(contract(schema), table).stream().map(Finding::message).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "text; {type: string, pattern: '^[a-z]+$', minLength: 3}",
        "character varying(20); {type: string, maxLength: 20}",
        "uuid; {type: string, format: uuid}",
        "uuid; {type: string}",
        "integer; {type: integer, minimum: 5}",
        "integer; {type: number}",
        "numeric(10,2); {type: number, exclusiveMinimum: 0}",
        "numeric(10,0); {type: integer}",
        "double precision; {type: number}",
        "boolean; {type: boolean}",
        "boolean; {const: true}",
        "date; {type: string, format: date}",
        "timestamp with time zone; {type: [string, 'null'], format: date-time}",
        "bytea; {type: string, contentEncoding: base64}",
        "text[]; {type: array, items: {type: string}}",
        "jsonb; {type: object}",
        "interval; {type: string}",
      })
  void typesThatSuit(String declared, String schema) {
    assertThat(drift("{properties: {a: %s}}".formatted(schema), column("a", declared, false)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "text; {type: integer}",
        "integer; {type: string}",
        "numeric(10,2); {type: integer}",
        "real; {type: integer}",
        "boolean; {type: [integer, string]}",
        "date; {type: string, format: date-time}",
        "uuid; {type: string, format: date}",
        "text[]; {type: string}",
        "integer; {enum: [a, b]}",
        "integer; false",
      })
  void typesThatDoNot(String declared, String schema) {
    assertThat(drift("{properties: {a: %s}}".formatted(schema), column("a", declared, false)))
        .singleElement()
        .asString()
        .startsWith("column a: expected ")
        .endsWith("found " + declared);
  }

  @Test
  void nullIsAskedOnlyWhereThereIsNoRoomForIt() {
    String schema =
        """
        {required: [must, may], properties: {
          must: {type: string}, may: {type: [string, "null"]}, optional: {type: string}}}
        """;
    assertThat(
            drift(
                schema,
                column("must", "text", true),
                column("may", "text", true),
                column("optional", "text", true)))
        .containsExactly(
            "column must: expected no NULL, because the property is required;"
                + " found one that may be NULL");
  }

  @Test
  void propertiesBehindReferencesCountToo() {
    String schema =
        """
        {allOf: [{$ref: "#/$defs/base"}, {properties: {b: {type: integer}}}],
         $defs: {base: {properties: {a: {type: string}, gone: {type: string}}}}}
        """;
    assertThat(drift(schema, column("a", "text", false), column("b", "text", false)))
        .containsExactly(
            "column gone: expected string, found no such column",
            "column b: expected integer, found text");
  }

  @Test
  void aContractWithoutPropertiesIsNeverWithoutDrift() {
    assertThat(drift("{type: object}", column("a", "text", false)))
        .singleElement()
        .asString()
        .startsWith("the contract declares no properties");
    String avro = "{type: record, name: r, fields: [{name: a, type: string}]}";
    assertThat(drift(avro, column("a", "text", false))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "INTEGER, Whole",
    "BIGINT UNSIGNED, Whole",
    "VARCHAR(20), Text",
    "NATIVE CHARACTER(70), Text",
    "CLOB, Text",
    "BLOB, Bytes",
    "REAL, Real",
    "DOUBLE PRECISION, Real",
    "FLOAT, Real",
    "NUMERIC, Real",
    "'DECIMAL(10,5)', Decimal",
    "BOOLEAN, Flag",
    "DATE, Day",
    "DATETIME, Timestamp",
    "'', Other",
    "STRING, Other",
    "JSON, AnyJson",
  })
  void sqliteGoesByNamesThenByAffinity(String declared, String kind) {
    assertThat(TypeNames.sqlite(declared).getClass().getSimpleName()).isEqualTo(kind);
  }
}
