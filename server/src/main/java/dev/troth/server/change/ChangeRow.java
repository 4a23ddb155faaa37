package dev.troth.server.change;

import dev.troth.server.statement.Weighed;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Reads a row of the change log. */
public final class ChangeRow implements RowMapper<Change> {
  public static final String COLUMNS =
      "c.seq, c.subject, c.version, c.type, c.actor, c.at, c.urgent, c.body";

  @Override
  public Change map(ResultSet row, StatementContext context) throws SQLException {
    return read(row);
  }

  /** The first changes that a query of {@link #COLUMNS} finds, as many as may be held together. */
  public static Weighed<Change> weighed(Query query) {
    return Weighed.of(query, new ChangeRow(), ChangeRow::length);
  }

  /** How many characters a change has. */
  public static long length(Change change) {
    NewChange what = change.what();
    return Weighed.length(what.before().values())
        + Weighed.length(what.after().values())
        + Weighed.length(what.event().values());
  }

  /** The change that a row of {@link #COLUMNS} holds. */
  public static Change read(ResultSet row) throws SQLException {
    var body = ChangeJson.readBody(row.getString(8));
    Map<String, @Nullable Object> none = Map.of();
    NewChange what =
        new NewChange(
            Subject.parse(row.getString(2)),
            row.getString(4),
            row.getString(5),
            Fields.of(body.getOrDefault("before", none)),
            Fields.of(body.getOrDefault("after", none)),
            Fields.of(body.getOrDefault("event", none)),
            row.getBoolean(7));
    return new Change(row.getLong(1), row.getLong(3), Instant.ofEpochMilli(row.getLong(6)), what);
  }
}
