package dev.troth.server.statement;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * SQL of a handle on statements that its connection keeps prepared: for the few that run with each
 * change, where preparing and finding types costs more than the database does.
 *
 * <pre>{@code
 * Statements.of(handle).one(
 *     "UPDATE change_head SET seq = seq + 1 RETURNING seq", row -> row.getLong(1));
 * }</pre>
 *
 * <p>Values are texts, whole numbers and booleans. The SQL is one of few constant texts. A handle's
 * logger of statements hears of these too.
 */
public final class Statements {
  private final Handle handle;
  private final KeptStatements.OfConnection kept;
  private final SqlLogger logger;

  private Statements(Handle handle, KeptStatements.OfConnection kept, SqlLogger logger) {
    this.handle = handle;
    this.kept = kept;
    this.logger = logger;
  }

  /** Those of the connection that a handle is on, for as long as the handle is open. */
  public static Statements of(Handle handle) {
    ConfigRegistry config = handle.getConfig();
    try {
      Connection connection = handle.getConnection().unwrap(Connection.class);
      return new Statements(
          handle,
          config.get(KeptStatements.class).of(connection),
          config.get(SqlStatements.class).getSqlLogger());
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("the connection is gone", e, null);
    }
  }

  /** Reads the row that a result stands on. */
  @FunctionalInterface
  public interface Row<T extends @Nullable Object> {
    T read(ResultSet row) throws SQLException;
  }

  /** Runs a statement that answers nothing; returns how many rows it wrote. */
  public int execute(String sql, Object... values) {
    heard(sql);
    try {
      return bound(sql, values).executeUpdate();
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** The one row that there is. */
  public <T> T one(String sql, Row<T> row, Object... values) {
    return first(sql, row, values)
        .orElseThrow(() -> new IllegalStateException("no row, expected one: " + sql));
  }

  /** The one row that there may be. */
  public <T> Optional<T> first(String sql, Row<T> row, Object... values) {
    return read(
        sql,
        rows -> {
          Optional<T> first = rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
          if (first.isPresent() && rows.next()) {
            throw new IllegalStateException("more than one row, expected one: " + sql);
          }
          return first;
        },
        values);
  }

  /** All rows. */
  public <T> List<T> list(String sql, Row<T> row, Object... values) {
    return read(
        sql,
        rows -> {
          List<T> all = new ArrayList<>();
          while (rows.next()) {
            all.add(row.read(rows));
          }
          return all;
        },
        values);
  }

  /**
   * What a function makes of the whole result.
   *
   * @param rows stands before the first row
   */
  public <T extends @Nullable Object> T read(String sql, Row<T> rows, Object... values) {
    heard(sql);
    // Closed in any case: a result left open would keep SQLite's snapshot.
    try (ResultSet result = bound(sql, values).executeQuery()) {
      return rows.read(result);
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  private PreparedStatement bound(String sql, Object[] values) throws SQLException {
    PreparedStatement statement = kept.prepared(sql);
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case String text -> statement.setString(i + 1, text);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case Boolean flag -> statement.setBoolean(i + 1, flag);
        default ->
            throw new IllegalArgumentException(
                "value %d is %s, expected a text, a whole number or a boolean: %s"
                    .formatted(i + 1, values[i].getClass(), sql));
      }
    }
    return statement;
  }

  private void heard(String sql) {
    if (logger != SqlLogger.NOP_SQL_LOGGER) {
      try (Update said = handle.createUpdate(sql)) {
        logger.logBeforeExecution(said.getContext());
      }
    }
  }

  private static UnableToExecuteStatementException failed(String sql, SQLException e) {
    return new UnableToExecuteStatementException(e.getMessage() + ": " + sql, e, null);
  }
}
