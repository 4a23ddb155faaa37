package dev.troth.server.table;

import dev.troth.contracts.table.Column;
import dev.troth.contracts.table.Table;
import dev.troth.contracts.table.TypeNames;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables of PostgreSQL, by its catalogue: only that knows enums, domains and constraints. */
final class PostgresTableSource {
  /** With a schema or along the search path. */
  private static final String TABLE =
      """
      SELECT c.oid, c.relname, obj_description(c.oid, 'pg_class') AS comment
      FROM pg_class c
      WHERE c.oid = coalesce(to_regclass(quote_ident(?)),
          to_regclass(quote_ident(?) || '.' || quote_ident(?)))
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f')\
      """;

  /** A domain counts as the type that it is based on. */
  private static final String COLUMNS =
      """
      SELECT a.attname,
        CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
             ELSE format_type(a.atttypid, a.atttypmod) END AS declared,
        a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS no_null,
        col_description(a.attrelid, a.attnum) AS comment,
        (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e
          WHERE e.enumtypid IN (a.atttypid, t.typbasetype)) AS labels
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum\
      """;

  /** Those of the table, and those of its columns' domains with the column for VALUE. */
  private static final String CHECKS =
      """
      SELECT pg_get_constraintdef(oid) FROM pg_constraint
      WHERE conrelid = ?1 AND contype = 'c'
      UNION ALL
      SELECT regexp_replace(pg_get_constraintdef(c.oid), '\\mVALUE\\M', quote_ident(a.attname), 'g')
      FROM pg_attribute a JOIN pg_constraint c ON c.contypid = a.atttypid
      WHERE a.attrelid = ?1 AND a.attnum > 0 AND NOT a.attisdropped AND c.contype = 'c'\
      """
          .replace("?1", "?");

  private final Connection connection;

  PostgresTableSource(Connection connection) {
    this.connection = connection;
  }

  Optional<Table> table(String name) throws SQLException {
    int dot = name.indexOf('.');
    try (PreparedStatement ask = connection.prepareStatement(TABLE)) {
      ask.setString(1, name);
      ask.setString(2, name.substring(0, Math.max(0, dot)));
      ask.setString(3, name.substring(dot + 1));
      try (ResultSet row = ask.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        long oid = row.getLong("oid");
        return Optional.of(
            new Table(
                row.getString("relname"),
                Optional.ofNullable(row.getString("comment")),
                columns(oid),
                checks(oid),
                true));
      }
    }
  }

  private List<Column> columns(long table) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement ask = connection.prepareStatement(COLUMNS)) {
      ask.setLong(1, table);
      try (ResultSet row = ask.executeQuery()) {
        while (row.next()) {
          String declared = row.getString("declared");
          columns.add(
              new Column(
                  row.getString("attname"),
                  declared,
                  TypeNames.postgres(declared, labels(row.getArray("labels"))),
                  !row.getBoolean("no_null"),
                  Optional.ofNullable(row.getString("comment"))));
        }
      }
    }
    return columns;
  }

  private static List<String> labels(@Nullable Array labels) throws SQLException {
    return labels == null
        ? List.of()
        : Arrays.stream((Object[]) labels.getArray()).map(String::valueOf).toList();
  }

  private List<String> checks(long table) throws SQLException {
    List<String> checks = new ArrayList<>();
    try (PreparedStatement ask = connection.prepareStatement(CHECKS)) {
      ask.setLong(1, table);
      ask.setLong(2, table);
      try (ResultSet row = ask.executeQuery()) {
        while (row.next()) {
          checks.add(row.getString(1));
        }
      }
    }
    return checks;
  }
}
