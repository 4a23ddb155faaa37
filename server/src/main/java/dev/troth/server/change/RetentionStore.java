package dev.troth.server.change;

import dev.troth.server.db.Database;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Removes old rows in SQL. */
final class RetentionStore {
  private static final List<String> HANGING =
      List.of(
          "DELETE FROM event_seen WHERE seq <= :seq",
          "DELETE FROM inbox_mark WHERE seq <= :seq",
          "DELETE FROM delivery WHERE change_seq <= :seq AND state <> 'pending'",
          "DELETE FROM watch WHERE until <= :seq");

  private RetentionStore() {}

  /** Removes at most so many changes from before a time, oldest first; returns how many. */
  static int removeSome(Database database, Instant before, int most) {
    return database.write(handle -> removeSome(handle, before, most));
  }

  private static int removeSome(Handle handle, Instant before, int most) {
    List<Long> old =
        handle
            .createQuery(
                """
                SELECT seq FROM change
                WHERE at < :before
                  AND seq < coalesce((SELECT min(change_seq) FROM fanout), seq + 1)
                  AND seq < coalesce(
                    (SELECT min(change_seq) FROM delivery WHERE state = 'pending'), seq + 1)
                ORDER BY seq LIMIT :most
                """)
            .bind("before", before.toEpochMilli())
            .bind("most", most)
            .mapTo(Long.class)
            .list();
    if (old.isEmpty()) {
      return 0;
    }
    int removed =
        handle
            .createUpdate("DELETE FROM change WHERE seq <= :seq AND at < :before")
            .bind("seq", old.getLast())
            .bind("before", before.toEpochMilli())
            .execute();
    for (String sql : HANGING) {
      handle.createUpdate(sql).bind("seq", old.getLast()).execute();
    }
    return removed;
  }
}
