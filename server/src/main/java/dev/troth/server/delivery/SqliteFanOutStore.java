package dev.troth.server.delivery;

import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.ChangeRow;
import dev.troth.server.change.ParticipantStore;
import dev.troth.server.change.Trim;
import dev.troth.server.db.Database;
import dev.troth.server.db.Parts;
import dev.troth.server.statement.Statements;
import dev.troth.server.watch.AudienceRow;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import dev.troth.watch.fanout.FanOut;
import dev.troth.watch.fanout.FanOutStore;
import dev.troth.watch.fanout.PendingDelivery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Open fan-outs in SQL: keyset pages of watches, and one commit of positions a page. */
public final class SqliteFanOutStore implements FanOutStore, Trim {
  private static final String GREATEST =
      "SELECT coalesce(max(id), 0) FROM watch WHERE target = ? AND pushes";
  private static final String BEGIN =
      """
      INSERT INTO fanout (change_seq, subject, stage, cursor, greatest, part)
      VALUES (?, ?, 0, 0, ?, ?)
      """;
  private static final String OPEN =
      """
      SELECT change_seq, subject, stage, cursor, greatest FROM fanout
      WHERE part IN (%s) AND change_seq > ? ORDER BY change_seq LIMIT ?
      """;
  private static final String CHANGE =
      "SELECT %s FROM change c WHERE c.seq = ?".formatted(ChangeRow.COLUMNS);
  private static final String DONE = "DELETE FROM fanout WHERE change_seq = ?";
  private static final String MOVED =
      "UPDATE fanout SET stage = ?, cursor = ? WHERE change_seq = ?";

  private final Database database;
  private final ChangeFeed feed;
  private final Wakeup owedIsDue;
  private final Visibility visibility;
  private final Parts parts;
  private final Pickup pickup;
  private final AudienceRow rowsOfAudience = new AudienceRow();

  /** The SQL for so many more specific targets. */
  private final Map<Integer, String> audiences = new ConcurrentHashMap<>();

  /**
   * @param feed has most changes that are told at hand
   * @param parts those whose changes are told here
   * @param pickup what writes down what is owed
   */
  public SqliteFanOutStore(
      Database database,
      ChangeFeed feed,
      Wakeup owedIsDue,
      Visibility visibility,
      Parts parts,
      Pickup pickup) {
    this.feed = feed;
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
    Statements statements = Statements.of(handle);
    String subject = change.subject().toString();
    long greatest = 0;
    for (Target target : Target.covering(change.subject())) {
      greatest = Math.max(greatest, greatest(statements, target));
    }
    if (greatest > 0) {
      int _ = statements.execute(BEGIN, change.seq(), subject, greatest, Parts.of(subject));
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
  public <T> T look(Function<Reads, T> page) {
    return database.read(handle -> page.apply(new Look(handle)));
  }

  /** The reads of a page, in one transaction. */
  private final class Look implements Reads {
    private final Handle handle;
    private final Statements statements;
    private final Map<Subject, List<Target>> targets = new HashMap<>();

    /** Collections that somebody wants to be sent of: asked once, for they have many subjects. */
    private final Map<Target, Boolean> pushed = new HashMap<>();

    Look(Handle handle) {
      this.handle = handle;
      this.statements = Statements.of(handle);
    }

    @Override
    public List<FanOut> open(long afterSeq, int limit) {
      List<Object> values = new ArrayList<>(parts.mine().parts());
      if (values.isEmpty()) {
        return List.of();
      }
      String mine = String.join(", ", Collections.nCopies(values.size(), "?"));
      values.addAll(List.of(afterSeq, limit));
      return statements.list(OPEN.formatted(mine), SqliteFanOutStore::fanOut, values.toArray());
    }

    @Override
    public Change change(long seq) {
      return feed.find(seq).orElseGet(() -> SqliteFanOutStore.change(handle, seq));
    }

    /**
     * A page of those who watch and may read of the subject. Of a subject that is not for
     * everybody, the others are passed over here, because only this page knows how far it has
     * looked.
     */
    @Override
    public List<Watch> audience(FanOut fanOut, int limit) {
      if (visibility.isOpen(fanOut.subject().type())) {
        return watchers(fanOut, limit);
      }
      List<Watch> audience = new ArrayList<>();
      FanOut position = fanOut;
      while (audience.size() < limit) {
        List<Watch> page = watchers(position, limit - audience.size());
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
    }

    private List<Watch> watchers(FanOut fanOut, int limit) {
      List<Target> covering = targets.computeIfAbsent(fanOut.subject(), Target::covering);
      Target target = covering.get(fanOut.stage());
      if (fanOut.stage() > 0 && !pushed.computeIfAbsent(target, this::isPushed)) {
        return List.of();
      }
      List<Object> values = new ArrayList<>();
      values.add(target.toString());
      values.add(fanOut.cursor());
      values.add(fanOut.greatest());
      values.addAll(List.of(fanOut.seq(), fanOut.seq(), fanOut.seq(), fanOut.seq()));
      if (fanOut.stage() > 0) {
        covering.subList(0, fanOut.stage()).forEach(specific -> values.add(specific.toString()));
        values.addAll(List.of(fanOut.seq(), fanOut.seq()));
      }
      values.add(limit);
      return statements.read(
          audiences.computeIfAbsent(fanOut.stage(), SqliteFanOutStore::audience),
          rows -> rowsOfAudience.watches(rows, target),
          values.toArray());
    }

    private boolean isPushed(Target target) {
      return greatest(statements, target) > 0;
    }

    @Override
    public boolean tookPart(String user, Change change) {
      return ParticipantStore.tookPart(handle, user, change);
    }
  }

  /** The newest watch of a target that pushes, 0 if none does: a look into an index. */
  private static long greatest(Statements statements, Target target) {
    return statements.one(GREATEST, row -> row.getLong(1), target.toString());
  }

  private static FanOut fanOut(ResultSet row) throws SQLException {
    Subject subject = Subject.parse(row.getString(2));
    return new FanOut(row.getLong(1), subject, row.getInt(3), row.getLong(4), row.getLong(5));
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
    return Statements.of(handle).one(CHANGE, ChangeRow::read, seq);
  }

  /** Those of a target that push, except who hears of it by one of so many more specific ones. */
  private static String audience(int moreSpecific) {
    String exceptHeardElsewhere =
        moreSpecific == 0
            ? ""
            : """
            AND NOT EXISTS (
              SELECT 1 FROM watch s
              WHERE s.user_name = w.user_name AND s.target IN (%s) AND s.since < ?
                AND (s.until IS NULL OR s.until >= ?))
            """
                .formatted(String.join(", ", Collections.nCopies(moreSpecific, "?")));
    return """
    SELECT %s FROM watch w
    WHERE w.target = ? AND w.pushes
      AND w.id > ? AND w.id <= ? AND w.since < ?
      AND (w.until IS NULL OR (w.until >= ? AND NOT w.ended))
      AND (w.via = '' OR NOT EXISTS (
        SELECT 1 FROM watch o
        WHERE o.user_name = w.user_name AND o.target = w.target AND o.via < w.via
          AND o.since < ? AND (o.until IS NULL OR o.until >= ?)))
      %s
    ORDER BY w.id LIMIT ?
    """
        .formatted(AudienceRow.COLUMNS, exceptHeardElsewhere);
  }

  @Override
  public void commit(List<FanOut> positions, List<PendingDelivery> owed) {
    Parts.Mine mine = parts.mine();
    database.write(handle -> {
      if (!parts.holds(handle, mine)) {
        // Another tells this page again; what it says here stands still.
        throw new IllegalStateException("its parts are in another's hands by now");
      }
      Statements statements = Statements.of(handle);
      for (FanOut position : positions) {
        int _ =
            position.isDone()
                ? statements.execute(DONE, position.seq())
                : statements.execute(MOVED, position.stage(), position.cursor(), position.seq());
      }
      pickup.write(handle, owed);
      if (!owed.isEmpty()) {
        database.replicas().tell(handle, DeliveryWorker.OWED);
        handle.afterCommit(owedIsDue::ring);
      }
      return positions.size();
    });
  }
}
