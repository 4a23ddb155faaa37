package dev.troth.server.table;

import dev.troth.contracts.table.CheckClauses;
import dev.troth.contracts.table.Column;
import dev.troth.contracts.table.Table;
import dev.troth.contracts.table.TypeNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables of SQLite, by its pragma functions. */
final class SqliteTableSource {
  private static final String COLUMNS =
      """
      SELECT name, type, "notnull" AS no_null, pk,
        (SELECT count(*) FROM pragma_table_xinfo(?1) WHERE pk > 0) AS keys
      FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid\
      """;

  private static final String TABLE =
      """
      SELECT l.name, l.strict, l.wr, m.sql FROM pragma_table_list l
      LEFT JOIN sqlite_schema m ON m.name = l.name AND m.type = l.type
      WHERE l.name = ?1 COLLATE NOCASE AND l.schema = 'main'\
      """;

  private final Connection connection;

  SqliteTableSource(Connection connection) {
    this.connection = connection;
  }

  Optional<Table> table(String wanted) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(TABLE)) {
      ask.setString(1, wanted);
      try (ResultSet row = ask.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        String name = row.getString("name");
        boolean strict = row.getBoolean("strict");
        boolean withoutRowid = row.getBoolean("wr");
        String sql = row.getString("sql");
        return Optional.of(
            new Table(
                name,
                Optional.empty(),
                columns(name, withoutRowid),
                CheckClauses.of(sql == null ? "" : sql),
                strict));
      }
    }
  }

  private List<Column> columns(String table, boolean withoutRowid) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement ask = connection.prepareStatement(COLUMNS)) {
      ask.setString(1, table);
      try (ResultSet row = ask.executeQuery()) {
        while (row.next()) {
          String type = row.getString("type");
          boolean key = row.getInt("pk") > 0;
          // An INTEGER PRIMARY KEY is the row's number, which is never NULL.
          boolean rowid = key && row.getInt("keys") == 1 && type.equalsIgnoreCase("INTEGER");
          boolean neverNull = row.getBoolean("no_null") || rowid || (key && withoutRowid);
          columns.add(
              new Column(
                  row.getString("name"),
                  type.isEmpty() ? "no type" : type,
                  TypeNames.sqlite(type),
                  !neverNull,
                  Optional.empty()));
        }
      }
    }
    return columns;
  }
}
