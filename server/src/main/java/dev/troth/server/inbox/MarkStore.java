package dev.troth.server.inbox;

import dev.troth.server.change.Trim;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** The marks that users put on notifications, and up to where they have read everything. */
public final class MarkStore implements Trim {
  /** What a notification without a mark counts as. */
  static Mark unmarked(long seq, long upto) {
    return seq <= upto ? Mark.READ : Mark.UNREAD;
  }

  /** The newest change up to which a user has read everything; 0 if there is none. */
  static long upto(Handle handle, String user) {
    return handle
        .createQuery("SELECT upto FROM inbox_read WHERE user_name = ?")
        .bind(0, user)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  static Optional<Mark> mark(Handle handle, String user, long seq) {
    return handle
        .createQuery("SELECT mark FROM inbox_mark WHERE user_name = ? AND seq = ?")
        .bind(0, user)
        .bind(1, seq)
        .mapTo(String.class)
        .findOne()
        .map(Mark::valueOf);
  }

  /** The marks from one change to another, both among them. */
  static Map<Long, Mark> marks(Handle handle, String user, long from, long to) {
    Map<Long, Mark> marks = new HashMap<>();
    handle
        .createQuery("SELECT seq, mark FROM inbox_mark WHERE user_name = ? AND seq BETWEEN ? AND ?")
        .bind(0, user)
        .bind(1, from)
        .bind(2, to)
        .map((row, context) -> Map.entry(row.getLong(1), Mark.valueOf(row.getString(2))))
        .forEach(entry -> marks.put(entry.getKey(), entry.getValue()));
    return marks;
  }

  /** The newest marks that pass, with {@code after < seq < before}; at most so many. */
  static NavigableMap<Long, Mark> newest(
      Handle handle, String user, Predicate<Mark> wanted, long after, long before, int limit) {
    NavigableMap<Long, Mark> found = new TreeMap<>();
    // One mark after the other, so that each is a run of the index.
    for (Mark mark : Mark.values()) {
      if (wanted.test(mark)) {
        handle
            .createQuery(
                """
                SELECT seq FROM inbox_mark WHERE user_name = ? AND mark = ? AND seq > ? AND seq < ?
                ORDER BY seq DESC LIMIT ?
                """)
            .bind(0, user)
            .bind(1, mark.name())
            .bind(2, after)
            .bind(3, before)
            .bind(4, limit)
            .mapTo(Long.class)
            .forEach(seq -> found.put(seq, mark));
      }
    }
    while (found.size() > limit) {
      found.pollFirstEntry();
    }
    return found;
  }

  /** How many notifications are marked unread though all up to there were read. */
  static int unreadBelow(Handle handle, String user, long upto) {
    return handle
        .createQuery(
            "SELECT count(*) FROM inbox_mark WHERE user_name = ? AND mark = 'UNREAD' AND seq <= ?")
        .bind(0, user)
        .bind(1, upto)
        .mapTo(Integer.class)
        .one();
  }

  static void put(Handle handle, String user, long seq, Mark mark) {
    handle.execute(
        """
        INSERT INTO inbox_mark (user_name, seq, mark) VALUES (?, ?, ?)
        ON CONFLICT (user_name, seq) DO UPDATE SET mark = excluded.mark
        """,
        user,
        seq,
        mark.name());
  }

  /** Marks all read up to a sequence: what came later stays unread. */
  static void readAll(Handle handle, String user, long upto) {
    handle.execute(
        """
        INSERT INTO inbox_read (user_name, upto) VALUES (?, ?)
        ON CONFLICT (user_name) DO UPDATE SET upto = excluded.upto WHERE inbox_read.upto < excluded.upto
        """,
        user,
        upto);
    handle.execute(
        "DELETE FROM inbox_mark WHERE user_name = ? AND seq <= ? AND mark IN ('READ', 'UNREAD')",
        user,
        upto);
    handle.execute(
        "UPDATE inbox_mark SET mark = 'DONE' WHERE user_name = ? AND seq <= ? AND mark = 'DONE_UNREAD'",
        user,
        upto);
  }

  @Override
  public void trim(Handle handle, long upTo) {
    handle.execute("DELETE FROM inbox_mark WHERE seq <= ?", upTo);
  }
}
