package dev.troth.server.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that record what happens to rows of a SQLite table, in the same transaction. */
final class SqliteTriggers {
  private final SqliteRows rows;

  SqliteTriggers(SqliteRows rows) {
    this.rows = rows;
  }

  /** The table that all triggers write to; its numbers are never given twice. */
  String table() {
    return """
    CREATE TABLE "%s" (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      tbl TEXT NOT NULL, key_before TEXT, key_after TEXT, before TEXT, after TEXT)\
    """
        .formatted(rows.recorded());
  }

  /**
   * The triggers of a table.
   *
   * @param index its place in the list
   * @param key the columns of its key; {@code rowid} where it has none
   */
  List<String> triggers(int index, List<String> key) {
    SqliteRows.Table table = rows.tables().get(index);
    List<String> shown = new ArrayList<>(table.columns().isEmpty() ? table.all() : table.columns());
    // A key is always told; rowid is one that no column holds.
    key.stream()
        .filter(column -> table.all().contains(column) && !shown.contains(column))
        .forEach(shown::add);
    List<String> names = rows.triggers(index);
    String differs =
        table.columns().isEmpty()
            ? ""
            : "WHEN "
                + shown.stream()
                    .map(column -> "OLD.%1$s IS NOT NEW.%1$s".formatted(quoted(column)))
                    .collect(Collectors.joining(" OR "));
    return List.of(
        trigger(names.get(0), "INSERT", table, "", values("", key, "NEW", shown)),
        trigger(names.get(1), "UPDATE", table, differs, values("OLD", key, "NEW", shown)),
        trigger(names.get(2), "DELETE", table, "", values("OLD", key, "", shown)));
  }

  private String trigger(
      String name, String what, SqliteRows.Table table, String when, String values) {
    return """
    CREATE TRIGGER "%s" AFTER %s ON %s %s BEGIN
      INSERT INTO "%s" (tbl, key_before, key_after, before, after) VALUES (%s, %s);
    END\
    """
        .formatted(
            name, what, quoted(table.name()), when, rows.recorded(), text(table.name()), values);
  }

  /** Key and fields before and after; NULL for the side that there is not. */
  private static String values(String before, List<String> key, String after, List<String> shown) {
    return String.join(
        ", ", keys(before, key), keys(after, key), fields(before, shown), fields(after, shown));
  }

  private static String keys(String row, List<String> key) {
    return row.isEmpty()
        ? "NULL"
        : key.stream()
            .map(column -> "CAST(%s AS TEXT)".formatted(plain(row, column)))
            .collect(Collectors.joining(", ", "json_array(", ")"));
  }

  private static String fields(String row, List<String> shown) {
    return row.isEmpty()
        ? "NULL"
        : shown.stream()
            .map(column -> "%s, %s".formatted(text(column), plain(row, column)))
            .collect(Collectors.joining(", ", "json_object(", ")"));
  }

  /**
   * JSON has no bytes: a blob is its hexadecimal digits, else the application's write would fail.
   */
  private static String plain(String row, String column) {
    String value = column.equals("rowid") ? row + ".rowid" : row + "." + quoted(column);
    return "CASE typeof(%1$s) WHEN 'blob' THEN hex(%1$s) ELSE %1$s END".formatted(value);
  }

  static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
