package dev.troth.contracts.table;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.proof.Answer;
import dev.troth.contracts.proof.Containment;
import dev.troth.contracts.proof.Effort;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.file.Location;
import dev.troth.json.file.NearestName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds where a table is not, or no more, what a contract says: {@code TableDrift.of(contract,
 * table)}. A column that is missing or new, of another type, or that may be NULL where the contract
 * has no room for it is an error; one that merely may hold longer texts or further values is too,
 * if both sides state a limit.
 */
public final class TableDrift {
  private final Contract contract;
  private final Table table;
  private final List<Finding> findings = new ArrayList<>();

  private TableDrift(Contract contract, Table table) {
    this.contract = contract;
    this.table = table;
  }

  /** What differs; nothing: the rows of the table can keep the contract. */
  public static List<Finding> of(Contract contract, Table table) {
    TableDrift drift = new TableDrift(contract, table);
    drift.compare();
    return drift.findings;
  }

  private void compare() {
    Optional<Declared> declared = contract.schema().map(Declared::of);
    if (declared.isEmpty() || declared.get().properties().isEmpty()) {
      error(
          "/schema",
          "drift/contract",
          "the contract declares no properties, so there is nothing to compare with the columns of"
              + " "
              + table.name(),
          "describe the rows as an object with properties, in JSON Schema");
      return;
    }
    Map<String, Schema> properties = declared.get().properties();
    Map<String, Column> columns = new HashMap<>();
    table.columns().forEach(column -> columns.put(column.name(), column));
    List<String> added =
        table.columns().stream().map(Column::name).filter(n -> !properties.containsKey(n)).toList();
    properties.forEach((name, schema) -> {
      Column column = columns.get(name);
      if (column == null) {
        missing(name, schema, added);
      } else {
        column(column, schema, declared.get().required().contains(name));
      }
    });
    for (String name : added) {
      Column column = columns.get(name);
      error(
          "/schema",
          "drift/extra",
          "column %s: expected no such column, found %s"
              .formatted(name, column == null ? "one" : shown(column)),
          "declare it in the contract and raise the version, or drop the column");
    }
  }

  private void missing(String name, Schema schema, List<String> added) {
    error(
        pointer(schema),
        "drift/missing",
        "column %s: expected %s, found no such column".formatted(name, wanted(schema)),
        NearestName.nearest(name, added, 2)
            .map(near -> "was it renamed to '%s'? Then rename the property".formatted(near))
            .orElse("add the column, or remove the property and raise the major version"));
  }

  private void column(Column column, Schema schema, boolean required) {
    boolean unknown =
        column.type() instanceof ColumnType.Other || column.type() instanceof ColumnType.AnyJson;
    if (!unknown && !type(column, schema)) {
      return;
    }
    if (column.nullable() && required && !new Interpreter(schema).isValid(Json.Null.NULL)) {
      error(
          pointer(schema),
          "drift/null",
          "column %s: expected no NULL, because the property is required; found one that may be NULL"
              .formatted(column.name()),
          "ALTER the column to NOT NULL, or make the property optional in a new major version");
    }
    limits(column, schema);
  }

  /** Whether a value of the column's type can keep the contract at all. */
  private boolean type(Column column, Schema schema) {
    JsonMembers kind = ColumnSchema.kind(column.type());
    if (kind.json().text("type").filter("number"::equals).isPresent()) {
      // Numbers with a fraction are what makes the difference to integers.
      kind.put("not", new JsonMembers().text("type", "integer").json());
    }
    if (differs(kind.json().text("format"), schema)) {
      return typeDiffers(column, schema);
    }
    Schema others = load(new JsonMembers().put("not", kind.json()).json());
    Answer answer = Containment.strict(Effort.NORMAL).of(schema, others);
    return switch (answer) {
      case Answer.Refuted _ -> true;
      case Answer.Proved _ -> typeDiffers(column, schema);
      case Answer.Unknown(String reason) -> {
        error(
            pointer(schema),
            "drift/unknown",
            "column %s: whether %s suits %s could not be told: %s"
                .formatted(column.name(), column.declared(), wanted(schema), reason),
            "simplify the property's schema");
        yield false;
      }
    };
  }

  /** No text is of two of these forms. */
  private static boolean differs(Optional<String> found, Schema schema) {
    List<String> forms = List.of("date", "date-time", "time", "uuid");
    return found.isPresent()
        && schema.annotation("format").orElse(null) instanceof Json.Str(String expected)
        && forms.contains(expected)
        && !found.get().equals(expected);
  }

  private boolean typeDiffers(Column column, Schema schema) {
    error(
        pointer(schema),
        "drift/type",
        "column %s: expected %s, found %s"
            .formatted(column.name(), wanted(schema), column.declared()),
        "change the column back, or the property in a new major version");
    return false;
  }

  /** Limits and values that both sides state. */
  private void limits(Column column, Schema schema) {
    if (column.type() instanceof ColumnType.Text(var length) && length.isPresent()) {
      schema.keywords().stream()
          .filter(Keyword.AtMost.class::isInstance)
          .map(Keyword.AtMost.class::cast)
          .filter(most ->
              most.what() == Keyword.Countable.CHARACTERS && most.limit() < length.getAsInt())
          .findFirst()
          .ifPresent(most ->
              error(
                  pointer(schema),
                  "drift/length",
                  "column %s: expected at most %d characters, found %s"
                      .formatted(column.name(), most.limit(), column.declared()),
                  "shorten the column, or raise maxLength"));
    }
    if (column.type() instanceof ColumnType.Choice(List<String> labels)) {
      Interpreter values = new Interpreter(schema);
      List<String> refused =
          labels.stream().filter(label -> !values.isValid(new Json.Str(label))).toList();
      if (!refused.isEmpty()) {
        error(
            pointer(schema),
            "drift/values",
            "column %s: expected %s, found the further values %s"
                .formatted(column.name(), wanted(schema), refused),
            "add the values to the contract, after its readers learned them");
      }
    }
  }

  private static Schema load(Json schema) {
    return new SchemaLoader(SchemaLoader.Options.DEFAULT).load(schema, "troth:/column");
  }

  private static String shown(Column column) {
    return column.declared() + (column.nullable() ? "" : " NOT NULL");
  }

  /** The property's type in the contract's words. */
  private static String wanted(Schema schema) {
    String types =
        schema
            .keyword(Keyword.Type.class)
            .map(type ->
                type.types().stream()
                    .filter(t -> t != JsonType.NULL)
                    .map(JsonType::toString)
                    .collect(Collectors.joining(" or ")))
            .orElse("a value of the schema " + schema.place().pointer());
    String format =
        schema.annotation("format").orElse(null) instanceof Json.Str(String name)
            ? " (" + name + ")"
            : "";
    String choice =
        schema
            .keyword(Keyword.Enum.class)
            .map(values -> " among " + new Json.Arr(values.values()))
            .orElse("");
    return types + format + choice;
  }

  private String pointer(Schema schema) {
    boolean here =
        schema.place().document().equals(contract.schema().orElseThrow().place().document());
    return here ? "/schema" + schema.place().pointer() : schema.place().toString();
  }

  private void error(String place, String rule, String message, String cure) {
    findings.add(Finding.error(rule, Location.of(place), message, cure));
  }
}
