package dev.troth.server.change;

import dev.troth.server.db.Database;
import dev.troth.server.db.Replicas;
import dev.troth.watch.change.Subject;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Removes old changes in SQL, with the subjects and participants that no change tells of any more.
 */
final class RetentionStore {
  private final Database database;
  private final List<Trim> trims;

  RetentionStore(Database database, List<Trim> trims) {
    this.database = database;
    this.trims = List.copyOf(trims);
  }

  /** Who changed what. */
  private record Participation(String subject, String user) {}

  /** Removes changes from before a time, oldest first and not above a number; returns how many. */
  int removeSome(Instant before, int most) {
    Replicas.Lease work = database.replicas().lease("retention");
    return database.write(handle -> work.take(handle) > 0 ? removeSome(handle, before, most) : 0);
  }

  private int removeSome(Handle handle, Instant before, int most) {
    long needed = Long.MAX_VALUE;
    for (Trim trim : trims) {
      needed = Math.min(needed, trim.needs(handle));
    }
    List<Long> old =
        handle
            .createQuery(
                """
                SELECT seq FROM change WHERE at < :before AND seq < :needed
                ORDER BY seq LIMIT :most
                """)
            .bind("before", before.toEpochMilli())
            .bind("needed", needed)
            .bind("most", most)
            .mapTo(Long.class)
            .list();
    if (old.isEmpty()) {
      return 0;
    }
    long upTo = old.getLast();
    List<Participation> told =
        handle
            .createQuery(
                "SELECT DISTINCT subject, actor FROM change WHERE seq <= :seq AND at < :before")
            .bind("seq", upTo)
            .bind("before", before.toEpochMilli())
            .map((row, context) -> new Participation(row.getString(1), row.getString(2)))
            .list();
    int removed =
        handle
            .createUpdate("DELETE FROM change WHERE seq <= :seq AND at < :before")
            .bind("seq", upTo)
            .bind("before", before.toEpochMilli())
            .execute();
    handle.execute("UPDATE change_purged SET upto = ? WHERE upto < ?", upTo, upTo);
    told.forEach(one -> forget(handle, one));
    trims.forEach(trim -> trim.trim(handle, upTo));
    return removed;
  }

  /** Who took part is known as long as the change that says so, a subject as long as it lives. */
  private void forget(Handle handle, Participation one) {
    handle
        .createUpdate(
            """
            DELETE FROM participant WHERE subject = :subject AND user_name = :user AND NOT EXISTS (
              SELECT 1 FROM change WHERE subject = :subject AND actor = :user)
            """)
        .bind("subject", one.subject())
        .bind("user", one.user())
        .execute();
    boolean told =
        handle
            .createQuery("SELECT 1 FROM change WHERE subject = ? LIMIT 1")
            .bind(0, one.subject())
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
    Subject subject = Subject.parse(one.subject());
    if (!told && trims.stream().noneMatch(trim -> trim.keeps(handle, subject))) {
      handle.execute("DELETE FROM subject WHERE name = ?", one.subject());
    }
  }
}
