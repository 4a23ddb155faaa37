package dev.troth.server.table;

import dev.troth.contracts.table.Column;
import dev.troth.contracts.table.ColumnType;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row as the JSON document that a contract imported from their table means. */
final class TableRow {
  private TableRow() {}

  /** The current row; NULL is {@code null}. */
  static Json.Obj document(ResultSet row, List<Column> columns) throws SQLException {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      members.put(columns.get(i).name(), value(row, i + 1, columns.get(i).type()));
    }
    return new Json.Obj(members);
  }

  private static Json value(ResultSet row, int at, ColumnType type) throws SQLException {
    Object stored = row.getObject(at);
    if (stored == null) {
      return Json.Null.NULL;
    }
    return switch (type) {
      case ColumnType.Whole _, ColumnType.Decimal _, ColumnType.Real _ -> number(row, at, stored);
      case ColumnType.Flag _ ->
          stored instanceof Number number && number.longValue() != 0 && number.longValue() != 1
              ? number(row, at, stored)
              : stored instanceof String text
                  ? new Json.Str(text)
                  : Json.Bool.of(row.getBoolean(at));
      case ColumnType.Timestamp timestamp -> new Json.Str(moment(row, at, timestamp, stored));
      case ColumnType.Bytes _ -> new Json.Str(Base64.getEncoder().encodeToString(row.getBytes(at)));
      case ColumnType.AnyJson _ -> json(row.getString(at));
      case ColumnType.ListOf(ColumnType element) -> list(row.getArray(at), element);
      case ColumnType.Text _,
          ColumnType.Day _,
          ColumnType.TimeOfDay _,
          ColumnType.Uuid _,
          ColumnType.Choice _,
          ColumnType.Other _ ->
          stored instanceof Number number ? number(row, at, number) : text(row, at, stored);
    };
  }

  private static Json text(ResultSet row, int at, Object stored) throws SQLException {
    return stored instanceof byte[] bytes
        ? new Json.Str(Base64.getEncoder().encodeToString(bytes))
        : new Json.Str(row.getString(at));
  }

  /** A database without strict types may hold a text where a number was declared. */
  private static Json number(ResultSet row, int at, Object stored) throws SQLException {
    if (stored instanceof BigDecimal decimal) {
      return new Json.Num(decimal);
    }
    if (stored instanceof Double || stored instanceof Float) {
      double value = ((Number) stored).doubleValue();
      return Double.isFinite(value)
          ? new Json.Num(new BigDecimal(stored.toString()))
          : new Json.Str(stored.toString());
    }
    return stored instanceof Number
        ? new Json.Num(new BigDecimal(stored.toString()))
        : text(row, at, stored);
  }

  private static String moment(ResultSet row, int at, ColumnType.Timestamp timestamp, Object stored)
      throws SQLException {
    if (stored instanceof java.sql.Timestamp) {
      // Without a zone it is the reading of some clock; a contract calls it a moment, so UTC's.
      OffsetDateTime moment =
          timestamp.zone()
              ? row.getObject(at, OffsetDateTime.class)
              : row.getObject(at, LocalDateTime.class).atOffset(ZoneOffset.UTC);
      boolean endless = moment.getYear() == Year.MAX_VALUE || moment.getYear() == Year.MIN_VALUE;
      // PostgreSQL's infinity is no time; it stays the word that the database has for it.
      return endless ? row.getString(at) : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment);
    }
    return row.getString(at);
  }

  private static Json json(String text) {
    try {
      return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException wrong) {
      return new Json.Str(text);
    }
  }

  private static Json list(Array array, ColumnType element) throws SQLException {
    List<Json> items = new ArrayList<>();
    for (@Nullable Object item : (@Nullable Object[]) array.getArray()) {
      items.add(item(item, element));
    }
    return new Json.Arr(items);
  }

  private static Json item(@Nullable Object item, ColumnType element) {
    return switch (item) {
      case null -> Json.Null.NULL;
      case Boolean flag -> Json.Bool.of(flag);
      case Number number when !(number instanceof Double real && !Double.isFinite(real)) ->
          new Json.Num(new BigDecimal(number.toString()));
      default ->
          element instanceof ColumnType.AnyJson
              ? json(item.toString())
              : new Json.Str(item.toString());
    };
  }
}
