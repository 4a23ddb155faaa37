package dev.troth.server.watch;

import dev.troth.watch.Level;
import dev.troth.watch.OwnChanges;
import dev.troth.watch.Watch;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Target;
import dev.troth.watch.filter.Filters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads rows of the watch table, and a filter that many of them have only once. */
public final class WatchRow implements RowMapper<StoredWatch> {
  public static final String COLUMNS =
      "w.id, w.user_name, w.target, w.level, w.types, w.filter, w.channels, w.muted_until, w.since,"
          + " w.until, w.root, w.created_at, w.own_changes, w.via";

  private final Filters filters = new Filters();

  @Override
  public StoredWatch map(ResultSet row, StatementContext context) throws SQLException {
    return read(row);
  }

  /** The watch that a row of {@link #COLUMNS} holds. */
  public StoredWatch read(ResultSet row) throws SQLException {
    WatchSettings wish =
        new WatchSettings(
            Level.parse(row.getString(4)),
            words(row.getString(5)),
            filters.parse(row.getString(6)),
            words(row.getString(7)),
            Instant.ofEpochMilli(row.getLong(8)),
            row.getBoolean(13) ? OwnChanges.TOLD : OwnChanges.LEFT_OUT);
    long after = row.getLong(9);
    long until = row.getLong(10);
    Watch.Term term = new Watch.Term(after, row.wasNull() ? Long.MAX_VALUE : until);
    Watch watch =
        new Watch(row.getLong(1), row.getString(2), Target.parse(row.getString(3)), wish, term);
    return new StoredWatch(
        watch, row.getLong(11), Instant.ofEpochMilli(row.getLong(12)), row.getString(14));
  }

  static Set<String> words(String text) {
    return text.isEmpty() ? Set.of() : Set.copyOf(List.of(text.split(",")));
  }

  static String text(Set<String> words) {
    return String.join(",", words);
  }
}
