package dev.troth.server.change;

import dev.troth.server.db.Database;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Target;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
 * <p>One append costs three rows and, only if someone must be sent something, a fourth: the start
 * of the fan-out. None of it depends on the number of watchers. Readers wait on {@link #feed},
 * which hears of a change after its commit.
 */
public final class SqliteChangeLog implements ChangeLog<Handle>, Lifecycle {
  private final Database database;
  private final Clock clock;
  private final ChangeFeed feed = new ChangeFeed();

  public SqliteChangeLog(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "change log";
  }

  @Override
  public void start() {
    feed.open(
        database.read(handle -> {
          String epoch =
              handle.createQuery("SELECT epoch FROM change_epoch").mapTo(String.class).one();
          return new ChangeFeed.Position(epoch, head(handle), 0);
        }));
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
    long version =
        handle
            .createQuery(
                """
                INSERT INTO subject (name, version, changed_at) VALUES (:name, 1, :at)
                ON CONFLICT (name) DO UPDATE SET version = version + 1, changed_at = :at
                RETURNING version
                """)
            .bind("name", subject)
            .bind("at", at.toEpochMilli())
            .mapTo(Long.class)
            .one();
    long seq =
        handle
            .createQuery(
                """
                INSERT INTO change (subject, subject_type, version, type, actor, at, urgent, body)
                VALUES (:subject, :subjectType, :version, :type, :actor, :at, :urgent, :body)
                RETURNING seq
                """)
            .bind("subject", subject)
            .bind("subjectType", what.subject().type())
            .bind("version", version)
            .bind("type", what.type())
            .bind("actor", what.actor())
            .bind("at", at.toEpochMilli())
            .bind("urgent", what.urgent())
            .bind("body", body)
            .mapTo(Long.class)
            .one();
    handle.execute(
        "INSERT INTO participant (subject, user, first_seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        subject,
        what.actor(),
        seq);
    openFanOut(handle, what, seq);
    Change change = new Change(seq, version, at, what);
    handle.afterCommit(() -> feed.committed(change, body.length()));
    return change;
  }

  /** The greatest watch that pushes, target by target: an index look-up each. */
  private static void openFanOut(Handle handle, NewChange what, long seq) {
    long greatest = 0;
    for (Target target : Target.covering(what.subject())) {
      greatest =
          Math.max(
              greatest,
              handle
                  .createQuery(
                      "SELECT coalesce(max(id), 0) FROM watch WHERE target = ? AND pushes = 1")
                  .bind(0, target.toString())
                  .mapTo(Long.class)
                  .one());
    }
    if (greatest > 0) {
      handle.execute(
          "INSERT INTO fanout (change_seq, subject, stage, cursor, greatest) VALUES (?, ?, 0, 0, ?)",
          seq,
          what.subject().toString(),
          greatest);
    }
  }

  @Override
  public List<Change> after(long seq, int limit) {
    return feed.recent(seq, limit)
        .orElseGet(() -> database.read(handle -> after(handle, seq, limit)));
  }

  private static List<Change> after(Handle handle, long seq, int limit) {
    return handle
        .createQuery(
            "SELECT %s FROM change c WHERE c.seq > :seq ORDER BY c.seq LIMIT :limit"
                .formatted(ChangeRow.COLUMNS))
        .bind("seq", seq)
        .bind("limit", limit)
        .map(new ChangeRow())
        .list();
  }

  @Override
  public long head() {
    return feed.position().head();
  }

  public static long head(Handle handle) {
    return handle.createQuery("SELECT coalesce(max(seq), 0) FROM change").mapTo(Long.class).one();
  }

  /** Where readers wait for the next change. */
  public ChangeFeed feed() {
    return feed;
  }
}
