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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads an audience: many watches of one target, of which most wish the same. A wish is one column,
 * and each is read, checked and compiled once. Thread-safe.
 */
public final class AudienceRow {
  /** What {@link #watches} reads. The filter stands last: it alone may hold a bar. */
  public static final String COLUMNS =
      "w.id, w.user_name, w.since, coalesce(w.until, 9223372036854775807),"
          + " w.level || '|' || CASE WHEN w.own_changes THEN '1' ELSE '0' END || '|'"
          + " || w.muted_until || '|' || w.types || '|' || w.channels || '|' || w.filter";

  /** More different wishes than these are read again and again. */
  private static final int MOST = 1000;

  private final Filters filters = new Filters();
  private final Map<String, WatchSettings> known = new ConcurrentHashMap<>();

  /** The watches in rows of {@link #COLUMNS}. */
  public List<Watch> watches(ResultSet rows, Target target) throws SQLException {
    List<Watch> watches = new ArrayList<>();
    while (rows.next()) {
      Watch.Term term = new Watch.Term(rows.getLong(3), rows.getLong(4));
      watches.add(
          new Watch(rows.getLong(1), rows.getString(2), target, wish(rows.getString(5)), term));
    }
    return watches;
  }

  private WatchSettings wish(String text) {
    WatchSettings wish = known.get(text);
    if (wish == null) {
      wish = read(text);
      if (known.size() >= MOST) {
        known.clear();
      }
      known.put(text, wish);
    }
    return wish;
  }

  private WatchSettings read(String text) {
    String[] part = text.split("\\|", 6);
    return new WatchSettings(
        Level.parse(part[0]),
        WatchRow.words(part[3]),
        filters.parse(part[5]),
        WatchRow.words(part[4]),
        Instant.ofEpochMilli(Long.parseLong(part[2])),
        part[1].equals("1") ? OwnChanges.TOLD : OwnChanges.LEFT_OUT);
  }
}
