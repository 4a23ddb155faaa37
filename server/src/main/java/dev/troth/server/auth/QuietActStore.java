package dev.troth.server.auth;

import dev.troth.server.db.Database;
import dev.troth.server.ops.Lifecycle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Who signed in and out, and why others could not; who watched what, and marked notifications.
 * Nobody is told of it: it is in no change log. A sign-in that cannot be written down does not
 * happen. Strangers can be refused without end, so those of one reason and hour are one row,
 * written at most every ten seconds; and no user's watches push the others out, for of one hour at
 * most {@value #MOST_AN_HOUR} are told apart.
 */
public final class QuietActStore implements Lifecycle {
  private static final Duration WRITE_EVERY = Duration.ofSeconds(10);
  private static final int MOST_REASONS = 20;
  private static final int LONGEST_DETAIL = 300;
  private static final int MOST_ROWS = 200_000;
  private static final int REMOVE_EVERY = 1_000;
  private static final int MOST_AN_HOUR = 200;
  private static final String OTHERS = "others";

  private final Database database;
  private final Clock clock;
  private final Duration keep;
  private final Map<Reason, Counted> waiting = new HashMap<>();
  private Instant written = Instant.EPOCH;
  private int added;

  private record Reason(long hour, String detail) {}

  private record Counted(Instant first, Instant last, long times) {}

  /**
   * @param keep how long it is known
   */
  public QuietActStore(Database database, Clock clock, Duration keep) {
    this.database = database;
    this.clock = clock;
    this.keep = keep;
  }

  @Override
  public String name() {
    return "sign-in events";
  }

  @Override
  public void start() {
    var _ = database.write(this::removeOld);
  }

  @Override
  public void stop() {
    flush();
  }

  public void signedIn(String user, String detail) {
    add(user, "signed-in", detail);
  }

  public void signedOut(String user) {
    add(user, "signed-out", "");
  }

  /** Somebody could not sign in. */
  public void refused(String detail) {
    Instant now = clock.instant();
    boolean due;
    synchronized (waiting) {
      Reason reason = new Reason(now.toEpochMilli() / 3_600_000, cut(detail));
      if (!waiting.containsKey(reason) && waiting.size() >= MOST_REASONS) {
        reason = new Reason(reason.hour(), "other reasons");
      }
      waiting.merge(
          reason,
          new Counted(now, now, 1),
          (some, one) -> new Counted(some.first(), one.last(), some.times() + 1));
      due = !now.isBefore(written.plus(WRITE_EVERY));
      if (due) {
        written = now;
      }
    }
    if (due) {
      flush();
    }
  }

  /** Writes the refused that are only counted yet. */
  public void flush() {
    Map<Reason, Counted> all;
    synchronized (waiting) {
      if (waiting.isEmpty()) {
        return;
      }
      all = Map.copyOf(waiting);
      waiting.clear();
    }
    try {
      database.write(handle -> {
        all.forEach((reason, counted) -> put(handle, reason, counted));
        return removeSometimes(handle);
      });
    } catch (RuntimeException notWritten) {
      synchronized (waiting) {
        all.forEach((reason, counted) ->
            waiting.merge(
                reason,
                counted,
                (later, sooner) ->
                    new Counted(sooner.first(), later.last(), later.times() + sooner.times())));
      }
      throw notWritten;
    }
  }

  private static void put(Handle handle, Reason reason, Counted counted) {
    long reasons =
        handle
            .createQuery(
                """
                SELECT count(*) FROM sign_in_event
                WHERE what = 'refused' AND hour = :hour AND detail <> :detail
                """)
            .bind("hour", reason.hour())
            .bind("detail", reason.detail())
            .mapTo(Long.class)
            .one();
    handle.execute(
        """
        INSERT INTO sign_in_event (at, last_at, hour, user_name, what, detail, times)
        VALUES (?, ?, ?, '', 'refused', ?, ?)
        ON CONFLICT (hour, detail) WHERE what = 'refused' DO UPDATE
        SET last_at = excluded.last_at, times = sign_in_event.times + excluded.times
        """,
        counted.first().toEpochMilli(),
        counted.last().toEpochMilli(),
        reason.hour(),
        reasons >= MOST_REASONS ? "other reasons" : reason.detail(),
        counted.times());
  }

  private void add(String user, String what, String detail) {
    long now = clock.instant().toEpochMilli();
    var _ =
        database.write(handle -> {
          handle.execute(
              """
              INSERT INTO sign_in_event (at, last_at, hour, user_name, what, detail, times)
              VALUES (?, ?, ?, ?, ?, ?, 1)
              """,
              now,
              now,
              now / 3_600_000,
              user,
              what,
              cut(detail));
          return removeSometimes(handle);
        });
  }

  /**
   * Writes down what somebody does to a user's watches or inbox, in the transaction that does it.
   * The same of one hour is counted.
   *
   * @param what such as {@code watch.added}
   */
  public void done(Handle handle, Caller caller, String user, String what, String target) {
    String detail = caller.user().equals(user) ? "" : "for " + user;
    long now = clock.instant().toEpochMilli();
    long hour = now / 3_600_000;
    if (counted(handle, caller.user(), hour, what, target, detail, now)) {
      return;
    }
    long told =
        handle
            .createQuery(
                """
                SELECT count(*) FROM sign_in_event
                WHERE user_name = :user AND hour = :hour AND target <> ''
                """)
            .bind("user", caller.user())
            .bind("hour", hour)
            .mapTo(Long.class)
            .one();
    boolean crowded = told >= MOST_AN_HOUR;
    if (crowded && counted(handle, caller.user(), hour, what, "*", OTHERS, now)) {
      return;
    }
    handle.execute(
        """
        INSERT INTO sign_in_event (at, last_at, hour, user_name, what, target, detail, times)
        VALUES (?, ?, ?, ?, ?, ?, ?, 1)
        """,
        now,
        now,
        hour,
        caller.user(),
        what,
        crowded ? "*" : target,
        crowded ? OTHERS : cut(detail));
    int _ = removeSometimes(handle);
  }

  private static boolean counted(
      Handle handle, String user, long hour, String what, String target, String detail, long now) {
    return handle.execute(
            """
            UPDATE sign_in_event SET last_at = ?, times = times + 1
            WHERE user_name = ? AND hour = ? AND what = ? AND target = ? AND detail = ?
              AND target <> ''
            """,
            now,
            user,
            hour,
            what,
            target,
            cut(detail))
        > 0;
  }

  private int removeSometimes(Handle handle) {
    synchronized (waiting) {
      added++;
      if (added % REMOVE_EVERY != 0) {
        return 0;
      }
    }
    return removeOld(handle);
  }

  private int removeOld(Handle handle) {
    return handle.execute(
        """
        DELETE FROM sign_in_event
        WHERE at < ? OR id <= (SELECT coalesce(max(id), 0) FROM sign_in_event) - ?
        """,
        clock.instant().minus(keep).toEpochMilli(),
        MOST_ROWS);
  }

  private static String cut(String detail) {
    return detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) : detail;
  }

  /** The newest before an id, of all or of one user, within a time. */
  public List<QuietAct> newest(
      Handle handle, Optional<String> user, Instant since, long before, int most) {
    Query query =
        handle
            .createQuery(
                """
                SELECT id, user_name, what, target, detail, at, last_at, times FROM sign_in_event
                WHERE id < :before AND last_at >= :since %s ORDER BY id DESC LIMIT :most
                """
                    .formatted(user.isPresent() ? "AND user_name = :user" : ""))
            .bind("before", before)
            .bind("since", since.toEpochMilli())
            .bind("most", most);
    user.ifPresent(one -> query.bind("user", one));
    return query
        .map((row, context) ->
            new QuietAct(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(6)),
                Instant.ofEpochMilli(row.getLong(7)),
                row.getLong(8)))
        .list();
  }
}
