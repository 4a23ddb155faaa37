package dev.troth.contracts.table;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** What a column can hold, as JSON Schema. */
final class ColumnSchema {
  /** A time without a zone, which the format {@code time} does not know. */
  private static final String LOCAL_TIME =
      "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?$";

  private ColumnSchema() {}

  /** The keywords of a type, with its bounds. */
  static JsonMembers of(ColumnType type) {
    JsonMembers schema = kind(type);
    switch (type) {
      case ColumnType.Text text ->
          text.maxLength().ifPresent(length -> schema.put("maxLength", Json.Num.of(length)));
      case ColumnType.Whole whole ->
          schema
              .put("minimum", new Json.Num(whole.least()))
              .put("maximum", new Json.Num(whole.most()));
      case ColumnType.Decimal decimal -> {
        BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen(-decimal.scale());
        BigDecimal most =
            BigDecimal.ONE.scaleByPowerOfTen(decimal.precision() - decimal.scale()).subtract(step);
        schema.put("minimum", number(most.negate())).put("maximum", number(most));
        if (decimal.scale() != 0) {
          schema.put("multipleOf", number(step));
        }
      }
      case ColumnType.Choice choice ->
          schema.list("enum", choice.labels().stream().map(Json.Str::new).toList());
      case ColumnType.Real _,
          ColumnType.Flag _,
          ColumnType.Day _,
          ColumnType.TimeOfDay _,
          ColumnType.Timestamp _,
          ColumnType.Uuid _,
          ColumnType.Bytes _,
          ColumnType.AnyJson _,
          ColumnType.ListOf _,
          ColumnType.Other _ -> {}
    }
    return schema;
  }

  private static Json number(BigDecimal value) {
    return new Json.Num(new BigDecimal(value.toPlainString()));
  }

  /** The type and its form, without bounds. */
  static JsonMembers kind(ColumnType type) {
    JsonMembers schema = new JsonMembers();
    return switch (type) {
      case ColumnType.Text _, ColumnType.Choice _ -> schema.text("type", "string");
      case ColumnType.Whole _ -> schema.text("type", "integer");
      case ColumnType.Decimal decimal ->
          schema.text("type", decimal.scale() <= 0 ? "integer" : "number");
      case ColumnType.Real _ -> schema.text("type", "number");
      case ColumnType.Flag _ -> schema.text("type", "boolean");
      case ColumnType.Day _ -> schema.text("type", "string").text("format", "date");
      case ColumnType.TimeOfDay(boolean zone) ->
          zone
              ? schema.text("type", "string").text("format", "time")
              : schema.text("type", "string").text("pattern", LOCAL_TIME);
      case ColumnType.Timestamp _ -> schema.text("type", "string").text("format", "date-time");
      case ColumnType.Uuid _ -> schema.text("type", "string").text("format", "uuid");
      case ColumnType.Bytes _ -> schema.text("type", "string").text("contentEncoding", "base64");
      case ColumnType.ListOf(ColumnType element) ->
          schema.text("type", "array").put("items", orNull(of(element)).json());
      case ColumnType.AnyJson _, ColumnType.Other _ -> schema;
    };
  }

  /** The same with null allowed. */
  static JsonMembers orNull(JsonMembers schema) {
    Json.Obj written = schema.json();
    JsonMembers wider = new JsonMembers();
    written
        .members()
        .forEach((name, value) -> {
          switch (value) {
            case Json.Str type when name.equals("type") ->
                wider.list("type", List.of(type, new Json.Str("null")));
            case Json.Arr(List<Json> values) when name.equals("enum") -> {
              List<Json> all = new ArrayList<>(values);
              all.add(Json.Null.NULL);
              wider.list("enum", all);
            }
            default -> wider.put(name, value);
          }
        });
    return wider;
  }
}
