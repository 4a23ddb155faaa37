package dev.troth.server.change;

import dev.troth.server.auth.Caller;
import dev.troth.server.statement.Weighed;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.NewChange;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The changes that people and tokens made, newest first, among all that the log holds. */
public final class ActStore {
  private ActStore() {}

  /** Whether somebody did it: not the platform by itself, no source, and no event of others. */
  static boolean isAct(NewChange what) {
    return what.event().isEmpty() && !Caller.isPlatform(what.actor());
  }

  /**
   * Acts of all or of one, from the newest before a sequence on; each costs one look into an index.
   *
   * @param from the oldest sequence
   */
  public static Weighed<Change> newest(
      Handle handle, Optional<String> actor, long from, long before, int most) {
    Query query =
        handle
            .createQuery(
                """
                SELECT %s FROM change c
                WHERE c.act = 1 %s AND c.seq >= :from AND c.seq < :before
                ORDER BY c.seq DESC LIMIT :most
                """
                    .formatted(ChangeRow.COLUMNS, actor.isPresent() ? "AND c.actor = :actor" : ""))
            .bind("from", from)
            .bind("before", before)
            .bind("most", most);
    actor.ifPresent(one -> query.bind("actor", one));
    return ChangeRow.weighed(query);
  }

  /** The first change at a time or after it; empty if there is none. */
  public static OptionalLong firstSince(Handle handle, Instant time) {
    return seq(handle, "WHERE at >= ? ORDER BY at, seq LIMIT 1", time);
  }

  /** The last change before a time; empty if there is none. */
  public static OptionalLong lastBefore(Handle handle, Instant time) {
    return seq(handle, "WHERE at < ? ORDER BY at DESC, seq DESC LIMIT 1", time);
  }

  private static OptionalLong seq(Handle handle, String where, Instant time) {
    return handle
        .createQuery("SELECT seq FROM change " + where)
        .bind(0, time.toEpochMilli())
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }
}
