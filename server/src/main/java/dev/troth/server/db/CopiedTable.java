package dev.troth.server.db;

import dev.troth.server.ops.CannotStart;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A table that both engines have, on its way from SQLite, whose columns hold any type, to
 * PostgreSQL.
 *
 * @param numbers the column that the server numbers; empty if there is none
 */
record CopiedTable(String name, List<Column> columns, String numbers) {
  CopiedTable {
    columns = List.copyOf(columns);
  }

  /** A column, by the type that it has in PostgreSQL. */
  record Column(String name, String type) {}

  /**
   * Looks at a table on both sides.
   *
   * @throws CannotStart when they differ
   */
  static CopiedTable of(String name, Handle from, Handle to) {
    List<Column> columns = new ArrayList<>();
    List<String> numbered = new ArrayList<>();
    to.createQuery(
            """
            SELECT column_name, data_type, is_identity FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = :name
            ORDER BY ordinal_position
            """)
        .bind("name", name)
        .map((row, context) -> {
          if (row.getString(3).equals("YES")) {
            numbered.add(row.getString(1));
          }
          return new Column(row.getString(1), row.getString(2));
        })
        .forEach(columns::add);
    TreeSet<String> there = new TreeSet<>(columns.stream().map(Column::name).toList());
    TreeSet<String> here =
        new TreeSet<>(
            from.createQuery("SELECT name FROM pragma_table_info(:name)")
                .bind("name", name)
                .mapTo(String.class)
                .list());
    if (!here.equals(there)) {
      throw new CannotStart(
          "table %s has the columns %s in SQLite and %s in PostgreSQL, expected the same"
              .formatted(name, here, there));
    }
    return new CopiedTable(name, columns, numbered.isEmpty() ? "" : numbered.getFirst());
  }

  String quoted() {
    return quoted(name);
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private String names() {
    return String.join(", ", columns.stream().map(column -> quoted(column.name())).toList());
  }

  String select() {
    return "SELECT %s FROM %s".formatted(names(), quoted());
  }

  String insert() {
    String marks = String.join(", ", columns.stream().map(column -> "?").toList());
    return "INSERT INTO %s (%s) VALUES (%s)".formatted(quoted(), names(), marks);
  }

  long count(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM " + quoted()).mapTo(Long.class).one();
  }

  /**
   * Hands a row on.
   *
   * @throws CannotStart when it holds what the other side cannot
   */
  void bind(ResultSet row, PreparedStatement insert, long number) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      Object value = row.getObject(i + 1);
      if (value == null) {
        insert.setNull(i + 1, Types.NULL);
      } else {
        insert.setObject(i + 1, fitting(column, value, number));
      }
    }
  }

  private Object fitting(Column column, Object value, long number) {
    Object fitting =
        switch (column.type()) {
          case "bigint", "integer", "smallint" ->
              value instanceof Long || value instanceof Integer ? value : null;
          case "boolean" -> truth(value);
          case "text" -> value instanceof String text && text.indexOf('\0') < 0 ? text : null;
          case "double precision" -> value instanceof Number real ? real.doubleValue() : null;
          case "bytea" -> value instanceof byte[] bytes ? bytes : null;
          default -> null;
        };
    if (fitting == null) {
      String shown = value.toString();
      throw new CannotStart(
          "table %s, row %d: %s is %s '%s', which a column of type %s cannot hold"
              .formatted(
                  name,
                  number,
                  column.name(),
                  value.getClass().getSimpleName(),
                  shown.substring(0, Math.min(60, shown.length())).replace("\0", "U+0000"),
                  column.type()));
    }
    return fitting;
  }

  private static @Nullable Boolean truth(Object value) {
    return value instanceof Integer number && (number == 0 || number == 1) ? number == 1 : null;
  }

  /** The next row gets the number that it would have got, also when the newest rows are gone. */
  void continueNumbers(Handle from, Handle to) {
    if (numbers.isEmpty()) {
      return;
    }
    long greatest =
        to.createQuery("SELECT coalesce(max(%s), 0) FROM %s".formatted(quoted(numbers), quoted()))
            .mapTo(Long.class)
            .one();
    boolean remembered =
        from.createQuery("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'")
                .mapTo(Long.class)
                .one()
            == 1;
    if (remembered) {
      greatest =
          Math.max(
              greatest,
              from.createQuery("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?")
                  .bind(0, name)
                  .mapTo(Long.class)
                  .one());
    }
    Map<String, Object> values =
        Map.of(
            "table",
            quoted(),
            "column",
            numbers,
            "greatest",
            Math.max(1, greatest),
            "used",
            greatest > 0);
    var _ =
        to.createQuery("SELECT setval(pg_get_serial_sequence(:table, :column), :greatest, :used)")
            .bindMap(values)
            .mapTo(Long.class)
            .one();
  }
}
