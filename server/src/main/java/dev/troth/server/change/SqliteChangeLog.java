package dev.troth.server.change;

import dev.troth.server.db.Database;
import dev.troth.server.db.Neighbour;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.statement.Statements;
import dev.troth.server.statement.Weighed;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.NewChange;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * The change log in SQL.
 *
 * <pre>{@code
 * database.write(handle -> {
 *   handle.execute("UPDATE contract SET state = 'retired' WHERE name = ?", name);
 *   return changes.append(
 *       handle, NewChange.of(new Subject("contract", name), "contract.retired", caller.user()));
 * });
 * }</pre>
 *
 * <p>One append costs three rows, and what others add to its transaction. None of it depends on the
 * number of watchers. Readers wait on {@link #feed}, which hears of a change after its commit. What
 * other platforms on the database write is read in its order.
 */
public final class SqliteChangeLog implements ChangeLog<Handle>, Lifecycle, Neighbour {
  /** What others wrote is read by so many at a time. */
  private static final int AT_ONCE = 500;

  private static final String VERSION =
      """
      INSERT INTO subject (name, version, changed_at) VALUES (?, 1, ?)
      ON CONFLICT (name) DO UPDATE
      SET version = subject.version + 1, changed_at = excluded.changed_at
      RETURNING version
      """;
  private static final String SEQUENCE = "UPDATE change_head SET seq = seq + 1 RETURNING seq";
  private static final String APPEND =
      """
      INSERT INTO change (seq, subject, subject_type, version, type, actor, at, urgent, act, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String TAKES_PART =
      """
      INSERT INTO participant (subject, user_name, first_seq) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private final Database database;
  private final Clock clock;
  private final List<AfterAppend> afterAppend;
  private final ChangeFeed feed = new ChangeFeed();
  private volatile Epochs epochs = new Epochs(List.of());

  /**
   * A log on a database.
   *
   * @param afterAppend what others do in the transaction of each change, in this order
   */
  public SqliteChangeLog(Database database, Clock clock, AfterAppend... afterAppend) {
    this.database = database;
    this.clock = clock;
    this.afterAppend = List.of(afterAppend);
  }

  @Override
  public String name() {
    return "change log";
  }

  @Override
  public void start() {
    boolean first = database.replicas().isFirst();
    database.write(handle -> {
      String name = handle.createQuery("SELECT epoch FROM change_epoch").mapTo(String.class).one();
      // Who joins others goes on with their start: a position of theirs is one of this platform.
      epochs = first ? begin(handle) : starts(handle);
      feed.open(new ChangeFeed.Position(name, head(handle), 0));
      return true;
    });
    database.replicas().add(this);
  }

  /** What others wrote since this one looked. */
  private record News(long head, boolean sameStart, Weighed<Change> changes) {}

  @Override
  public Runnable look(Handle handle, boolean news) {
    long known = head();
    boolean sameStart = lastStart(handle).equals(epochs.last());
    News seen = new News(head(handle), sameStart, after(handle, known, AT_ONCE));
    Epochs starts = sameStart ? epochs : starts(handle);
    return () -> {
      epochs = starts;
      if (seen.changes().isCut() || seen.changes().items().size() == AT_ONCE) {
        // Further behind than memory reaches, readers look into the log themselves.
        feed.skipTo(seen.head());
      } else {
        seen.changes().items().forEach(change -> feed.read(change, size(change)));
      }
      if (news) {
        feed.poke();
      }
    };
  }

  private static int size(Change change) {
    NewChange what = change.what();
    return ChangeJson.body(what.before(), what.after(), what.event()).length();
  }

  @Override
  public boolean isBehind() {
    return feed.isBehind();
  }

  /** A row for this start, instead of one that wrote nothing. */
  private static Epochs begin(Handle handle) {
    long first = head(handle) + 1;
    handle.execute("DELETE FROM change_start WHERE first_seq = ?", first);
    handle.execute(
        """
        DELETE FROM change_start WHERE first_seq < (
          SELECT max(first_seq) FROM change_start WHERE first_seq <= (SELECT upto FROM change_purged))
        """);
    handle.execute(
        "INSERT INTO change_start (epoch, first_seq) VALUES (?, ?)",
        Epochs.random(new SecureRandom()),
        first);
    return starts(handle);
  }

  private static String lastStart(Handle handle) {
    return handle
        .createQuery("SELECT epoch FROM change_start ORDER BY first_seq DESC LIMIT 1")
        .mapTo(String.class)
        .one();
  }

  private static Epochs starts(Handle handle) {
    return new Epochs(
        handle
            .createQuery("SELECT epoch, first_seq FROM change_start ORDER BY first_seq")
            .map((row, context) -> new Epochs.Start(row.getString(1), row.getLong(2)))
            .list());
  }

  /** The name of a place in the log, for clients that go on after it. */
  public String position(long seq) {
    return epochs.position(seq);
  }

  /**
   * The sequence that a client goes on after; empty if its position is of another log, or so far
   * back that changes behind it are no longer here.
   */
  public OptionalLong resume(String position) {
    OptionalLong seq = epochs.seq(position, head());
    if (seq.isEmpty() && database.replicas().isShared()) {
      // Another platform may have told of it before this one heard of it.
      database.replicas().look();
      seq = epochs.seq(position, head());
    }
    if (seq.isEmpty()) {
      return seq;
    }
    return seq.getAsLong() >= database.read(SqliteChangeLog::purged) ? seq : OptionalLong.empty();
  }

  @Override
  public void stop() {
    feed.close();
  }

  @Override
  public Change append(Handle handle, NewChange what) {
    String subject = what.subject().toString();
    // Truncated, so that the change is the same value now as when it is read again.
    Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    String body = ChangeJson.body(what.before(), what.after(), what.event());
    Statements statements = Statements.of(handle);
    long version = statements.one(VERSION, row -> row.getLong(1), subject, at.toEpochMilli());
    long seq = statements.one(SEQUENCE, row -> row.getLong(1));
    int _ =
        statements.execute(
            APPEND,
            seq,
            subject,
            what.subject().type(),
            version,
            what.type(),
            what.actor(),
            at.toEpochMilli(),
            what.urgent(),
            ActStore.isAct(what) ? 1 : 0,
            body);
    int _ = statements.execute(TAKES_PART, subject, what.actor(), seq);
    Change change = new Change(seq, version, at, what);
    afterAppend.forEach(then -> then.appended(handle, change));
    handle.afterCommit(() -> feed.committed(change, body.length()));
    return change;
  }

  @Override
  public List<Change> after(long seq, int limit) {
    return feed.recent(seq, limit).orElseGet(() -> stored(seq, limit));
  }

  /** Not ahead of what this platform has heard: who may not hear of a change is heard before it. */
  private List<Change> stored(long seq, int limit) {
    List<Change> found = database.read(handle -> after(handle, seq, limit)).items();
    long known = database.replicas().isShared() ? head() : Long.MAX_VALUE;
    return found.stream().filter(change -> change.seq() <= known).toList();
  }

  private static Weighed<Change> after(Handle handle, long seq, int limit) {
    return ChangeRow.weighed(
        handle
            .createQuery(
                "SELECT %s FROM change c WHERE c.seq > :seq ORDER BY c.seq LIMIT :limit"
                    .formatted(ChangeRow.COLUMNS))
            .bind("seq", seq)
            .bind("limit", limit));
  }

  @Override
  public long head() {
    return feed.position().head();
  }

  /** The sequence of the newest change that was removed as too old; 0 if none was. */
  public static long purged(Handle handle) {
    return handle.createQuery("SELECT upto FROM change_purged").mapTo(Long.class).one();
  }

  /** The sequence of the newest change, also of one that was removed since. */
  public static long head(Handle handle) {
    // Not the greatest row: all may have been removed.
    return handle.createQuery("SELECT seq FROM change_head").mapTo(Long.class).one();
  }

  /** Where readers wait for the next change. */
  public ChangeFeed feed() {
    return feed;
  }
}
