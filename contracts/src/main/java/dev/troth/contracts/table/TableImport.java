package dev.troth.contracts.table;

import dev.troth.contracts.Finding;
import dev.troth.contracts.exchange.ContractNames;
import dev.troth.contracts.exchange.Conversion;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a contract of a table: a message is a row, a property a column. */
public final class TableImport {
  private final Table table;
  private final List<Finding> findings = new ArrayList<>();

  private TableImport(Table table) {
    this.table = table;
  }

  /**
   * The contract of a table.
   *
   * @param owner who answers for it; nobody knows from the table
   */
  public static Conversion of(Table table, Optional<String> owner) {
    return new TableImport(table).conversion(owner);
  }

  private Conversion conversion(Optional<String> owner) {
    JsonMembers contract =
        new JsonMembers()
            .text("contract", ContractNames.of(table.name()))
            .text("version", "1.0.0")
            .text("owner", owner.orElse("unknown"));
    if (owner.isEmpty()) {
      warn("", "table/owner", "a table does not say who owns it", "name the owner with --owner");
    }
    contract.text(
        "description", table.comment().orElse("Rows of the table %s.".formatted(table.name())));
    if (!table.enforced()) {
      warn(
          "",
          "table/unenforced",
          "SQLite does not hold a table to its types and lengths unless it is STRICT",
          "make the table STRICT, or validate rows before they are written");
    }
    contract.put("schema", schema());
    return new Conversion(contract.json(), findings);
  }

  private Json schema() {
    Map<String, JsonMembers> columns = new LinkedHashMap<>();
    List<Json> required = new ArrayList<>();
    for (Column column : table.columns()) {
      columns.put(column.name(), ColumnSchema.of(column.type()));
      if (!column.nullable()) {
        required.add(new Json.Str(column.name()));
      }
      remark(column);
    }
    table.checks().forEach(check -> check(check, columns));
    JsonMembers properties = new JsonMembers();
    for (Column column : table.columns()) {
      JsonMembers bare = columns.getOrDefault(column.name(), new JsonMembers());
      JsonMembers schema = column.nullable() ? ColumnSchema.orNull(bare) : bare;
      JsonMembers described = new JsonMembers();
      column.comment().ifPresent(text -> described.text("description", text));
      properties.put(column.name(), described.others(schema.json()).json());
    }
    return new JsonMembers()
        .text("type", "object")
        .list("required", required)
        .put("properties", properties.json())
        .json();
  }

  private void remark(Column column) {
    switch (column.type()) {
      case ColumnType.Other _ ->
          warn(
              column.name(),
              "table/type",
              "the type '%s' has no form in JSON: any value is allowed"
                  .formatted(column.declared()),
              "describe in the contract how the column is written");
      case ColumnType.Timestamp(boolean zone) when !zone ->
          warn(
              column.name(),
              "table/zone",
              "'%s' has no time zone, a message's date-time has one".formatted(column.declared()),
              "say in the description which zone is meant");
      default -> {}
    }
  }

  private void check(String definition, Map<String, JsonMembers> columns) {
    Optional<List<CheckConstraint.Demand>> demands =
        CheckConstraint.read(definition)
            .filter(all -> all.stream().allMatch(d -> columns.containsKey(d.column())));
    boolean said = demands.isPresent();
    for (CheckConstraint.Demand demand : demands.orElse(List.of())) {
      said &= demand(demand, columns.getOrDefault(demand.column(), new JsonMembers()));
    }
    if (!said) {
      warn(
          "",
          "table/check",
          "%s is more than JSON Schema or this import can say".formatted(definition),
          "write a rule in CEL for it");
    }
  }

  private static boolean demand(CheckConstraint.Demand demand, JsonMembers schema) {
    String type = schema.json().text("type").orElse("");
    Optional<BigDecimal> number = demand.values().getFirst().number();
    if (demand.length()) {
      return type.equals("string") && number.isPresent() && length(demand, number.get(), schema);
    }
    if (demand.operator().equals("=")) {
      boolean numeric = type.equals("integer") || type.equals("number");
      List<Json> values = new ArrayList<>();
      for (CheckConstraint.Constant constant : demand.values()) {
        Optional<Json> value = constant.number().map(Json.Num::new);
        if (numeric ? value.isEmpty() : !type.equals("string")) {
          return false;
        }
        values.add(numeric ? value.orElseThrow() : new Json.Str(constant.text()));
      }
      schema.list("enum", values);
      return true;
    }
    if (number.isEmpty() || !(type.equals("integer") || type.equals("number"))) {
      return false;
    }
    bound(demand.operator(), number.get(), schema);
    return true;
  }

  /** Of two bounds on the same side the tighter one stays. */
  private static void bound(String operator, BigDecimal limit, JsonMembers schema) {
    boolean lower = operator.startsWith(">");
    boolean exclusive = operator.length() == 1;
    String inclusiveName = lower ? "minimum" : "maximum";
    Optional<BigDecimal> known =
        schema.json().get(inclusiveName).map(it -> ((Json.Num) it).value());
    int order = known.map(limit::compareTo).orElse(lower ? 1 : -1);
    if (exclusive) {
      schema.put(lower ? "exclusiveMinimum" : "exclusiveMaximum", new Json.Num(limit));
      if (lower ? order >= 0 : order <= 0) {
        schema.remove(inclusiveName);
      }
    } else if (lower ? order > 0 : order < 0) {
      schema.put(inclusiveName, new Json.Num(limit));
    }
  }

  private static boolean length(
      CheckConstraint.Demand demand, BigDecimal limit, JsonMembers schema) {
    if (demand.values().size() != 1
        || limit.stripTrailingZeros().scale() > 0
        || limit.signum() < 0) {
      return false;
    }
    long length = limit.longValueExact();
    switch (demand.operator()) {
      case "=" ->
          schema.put("minLength", Json.Num.of(length)).put("maxLength", Json.Num.of(length));
      case ">" -> schema.put("minLength", Json.Num.of(length + 1));
      case ">=" -> schema.put("minLength", Json.Num.of(length));
      case "<" -> schema.put("maxLength", Json.Num.of(Math.max(0, length - 1)));
      default -> schema.put("maxLength", Json.Num.of(length));
    }
    return true;
  }

  private void warn(String column, String rule, String message, String cure) {
    String what = column.isEmpty() ? "" : "column %s: ".formatted(column);
    findings.add(Finding.warning(rule, place(column), what + message, cure));
  }

  private String place(String column) {
    return column.isEmpty() ? table.name() : table.name() + "." + column;
  }
}
