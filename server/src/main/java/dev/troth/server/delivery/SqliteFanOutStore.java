package dev.troth.server.delivery;

import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeRow;
import dev.troth.server.change.ParticipantStore;
import dev.troth.server.change.Trim;
import dev.troth.server.db.Database;
import dev.troth.server.db.Parts;
import dev.troth.server.watch.AudienceRow;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import dev.troth.watch.fanout.FanOut;
import dev.troth.watch.fanout.FanOutStore;
import dev.troth.watch.fanout.PendingDelivery;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Open fan-outs in SQL: keyset pages of watches, and one commit of positions a page. */
public final class SqliteFanOutStore implements FanOutStore, Trim {
  private final Database database;
  private final Wakeup owedIsDue;
  private final Visibility visibility;
  private final Parts parts;
  private final Pickup pickup;
  private final AudienceRow rowsOfAudience = new AudienceRow();

  /**
   * @param parts those whose changes are told here
   * @param pickup what writes down what is owed
   */
  public SqliteFanOutStore(
      Database database, Wakeup owedIsDue, Visibility visibility, Parts parts, Pickup pickup) {
    this.parts = parts;
    this.pickup = pickup;
    this.database = database;
    this.visibility = visibility;
    this.owedIsDue = owedIsDue;
  }

  /**
   * Begins to tell of a change, in its transaction: only if someone must be sent something. The
   * greatest watch that pushes is an index look-up for each target.
   */
  public static void begin(Handle handle, Change change) {
    long greatest = 0;
    for (Target target : Target.covering(change.subject())) {
      greatest =
          Math.max(
              greatest,
              handle
                  .createQuery("SELECT coalesce(max(id), 0) FROM watch WHERE target = ? AND pushes")
                  .bind(0, target.toString())
                  .mapTo(Long.class)
                  .one());
    }
    if (greatest > 0) {
      handle.execute(
          """
          INSERT INTO fanout (change_seq, subject, stage, cursor, greatest, part)
          VALUES (?, ?, 0, 0, ?, ?)
          """,
          change.seq(),
          change.subject().toString(),
          greatest,
          Parts.of(change.subject().toString()));
    }
  }

  /** How many changes are still being told. */
  static int count(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM fanout").mapTo(Integer.class).one();
  }

  /** The time of the oldest change that is still being told. */
  static Optional<Instant> oldest(Handle handle) {
    return handle
        .createQuery("SELECT c.at FROM change c WHERE c.seq = (SELECT min(change_seq) FROM fanout)")
        .map((row, context) -> Instant.ofEpochMilli(row.getLong(1)))
        .findOne();
  }

  @Override
  public long needs(Handle handle) {
    return handle
        .createQuery("SELECT coalesce(min(change_seq), :none) FROM fanout")
        .bind("none", Long.MAX_VALUE)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public List<FanOut> open(long afterSeq, int limit) {
    Parts.Mine mine = parts.mine();
    if (mine.isEmpty()) {
      return List.of();
    }
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT change_seq, subject, stage, cursor, greatest FROM fanout
                WHERE change_seq > :after AND part IN (<parts>) ORDER BY change_seq LIMIT :limit
                """)
            .bindList("parts", mine.parts().stream().toList())
            .bind("after", afterSeq)
            .bind("limit", limit)
            .map((row, context) ->
                new FanOut(
                    row.getLong(1),
                    Subject.parse(row.getString(2)),
                    row.getInt(3),
                    row.getLong(4),
                    row.getLong(5)))
            .list());
  }

  @Override
  public Change change(long seq) {
    return database.read(handle -> change(handle, seq));
  }

  /** What a term of a watch is of; empty when it is no longer kept. */
  static Optional<Target> target(Handle handle, long term) {
    return handle
        .createQuery("SELECT w.target FROM watch w WHERE w.id = ?")
        .bind(0, term)
        .mapTo(String.class)
        .findOne()
        .map(Target::parse);
  }

  static Change change(Handle handle, long seq) {
    return handle
        .createQuery("SELECT %s FROM change c WHERE c.seq = :seq".formatted(ChangeRow.COLUMNS))
        .bind("seq", seq)
        .map(new ChangeRow())
        .one();
  }

  /**
   * A page of those who watch and may read of the subject. Of a subject that is not for everybody,
   * the others are passed over here, because only this page knows how far it has looked.
   */
  @Override
  public List<Watch> audience(FanOut fanOut, int limit) {
    return database.read(handle -> {
      if (visibility.isOpen(fanOut.subject().type())) {
        return watchers(handle, fanOut, limit);
      }
      List<Watch> audience = new ArrayList<>();
      FanOut position = fanOut;
      while (audience.size() < limit) {
        List<Watch> page = watchers(handle, position, limit - audience.size());
        if (page.isEmpty()) {
          break;
        }
        for (Watch watch : page) {
          if (visibility.to(handle, watch.user()).test(fanOut.subject())) {
            audience.add(watch);
          }
        }
        position = position.upTo(page.getLast().id());
      }
      return List.copyOf(audience);
    });
  }

  private List<Watch> watchers(Handle handle, FanOut fanOut, int limit) {
    List<Target> covering = fanOut.targets();
    Target target = covering.get(fanOut.stage());
    List<String> targets = covering.stream().map(Object::toString).toList();
    List<String> moreSpecific = targets.subList(0, fanOut.stage());
    String exceptHeardElsewhere =
        moreSpecific.isEmpty()
            ? ""
            : """
            AND NOT EXISTS (
              SELECT 1 FROM watch s
              WHERE s.user_name = w.user_name AND s.target IN (<moreSpecific>) AND s.since < :seq
                AND (s.until IS NULL OR s.until >= :seq))
            """;
    var query =
        handle
            .createQuery(
                """
                SELECT %s FROM watch w
                WHERE w.target = :target AND w.pushes
                  AND w.id > :cursor AND w.id <= :greatest AND w.since < :seq
                  AND (w.until IS NULL OR (w.until >= :seq AND NOT w.ended))
                  AND (w.via = '' OR NOT EXISTS (
                    SELECT 1 FROM watch o
                    WHERE o.user_name = w.user_name AND o.target = w.target AND o.via < w.via
                      AND o.since < :seq AND (o.until IS NULL OR o.until >= :seq)))
                  %s
                ORDER BY w.id LIMIT :limit
                """
                    .formatted(AudienceRow.COLUMNS, exceptHeardElsewhere))
            .bind("target", target.toString())
            .bind("cursor", fanOut.cursor())
            .bind("greatest", fanOut.greatest())
            .bind("seq", fanOut.seq())
            .bind("limit", limit);
    if (!moreSpecific.isEmpty()) {
      query.bindList("moreSpecific", moreSpecific);
    }
    return query.scanResultSet((rows, context) -> {
      try (context;
          ResultSet result = rows.get()) {
        return rowsOfAudience.watches(result.unwrap(ResultSet.class), target);
      }
    });
  }

  @Override
  public void commit(List<FanOut> positions, List<PendingDelivery> owed) {
    Parts.Mine mine = parts.mine();
    database.write(handle -> {
      if (!parts.holds(handle, mine)) {
        // Another tells this page again; what it says here stands still.
        throw new IllegalStateException("its parts are in another's hands by now");
      }
      PreparedBatch done = handle.prepareBatch("DELETE FROM fanout WHERE change_seq = ?");
      PreparedBatch moved =
          handle.prepareBatch("UPDATE fanout SET stage = ?, cursor = ? WHERE change_seq = ?");
      for (FanOut position : positions) {
        if (position.isDone()) {
          done.add(position.seq());
        } else {
          moved.add(position.stage(), position.cursor(), position.seq());
        }
      }
      execute(done);
      execute(moved);
      pickup.write(handle, owed);
      if (!owed.isEmpty()) {
        database.replicas().tell(handle, DeliveryWorker.OWED);
        handle.afterCommit(owedIsDue::ring);
      }
      return positions.size();
    });
  }

  private static void execute(PreparedBatch batch) {
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  @Override
  public boolean tookPart(String user, Change change) {
    return database.read(handle -> ParticipantStore.tookPart(handle, user, change));
  }
}
