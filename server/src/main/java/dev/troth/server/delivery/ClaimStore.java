package dev.troth.server.delivery;

import dev.troth.server.db.Parts;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.statement.Statements;
import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Who works on which delivery, in SQL. A claim is a lease with a number: what a worker settles
 * counts only while the number is its own, so nothing is settled by a worker that stood still past
 * its lease while another took over. It names the replica that made it, and ends with that one.
 *
 * <p>Claims are made receiver by receiver, each within a window of its own, so that a receiver with
 * much to get takes nobody else's turn.
 */
final class ClaimStore {
  /** How far into one receiver's queue a claim looks for something that may go now. */
  private static final int WINDOW = 256;

  /**
   * For SQLite. Told nothing, it takes the index of states, whose pending rows it would all read
   * and sort; told that most are pending, it steps on in the index of receivers. Compared as a
   * pair, it would begin there at all that waits for the last receiver.
   */
  private static final String NEXT_OF_USER =
      """
      SELECT user_name, channel FROM delivery
      WHERE likely(state = 'pending') AND user_name = ? AND channel > ?
      ORDER BY channel LIMIT 1
      """;

  private static final String NEXT_USER =
      """
      SELECT user_name, channel FROM delivery
      WHERE likely(state = 'pending') AND user_name > ?
      ORDER BY user_name, channel LIMIT 1
      """;

  private static final String DUE_OF_RECEIVER =
      "SELECT "
          + DeliveryStore.COLUMNS
          + """
          , d.lease + 1 FROM delivery d
          WHERE d.state = 'pending' AND d.user_name = ? AND d.channel = ? AND d.due <= ?
            AND (d.lease_until <= ? OR d.claimed_by NOT IN (%s))
          """;

  private static final String IN_ORDER = "ORDER BY d.due, d.change_seq LIMIT ?";
  private static final String DUE = DUE_OF_RECEIVER + IN_ORDER;
  private static final String DUE_NOT_HELD = DUE_OF_RECEIVER + "AND d.held = '' " + IN_ORDER;

  private static final String BEHIND =
      """
      SELECT 1 FROM delivery o
      WHERE o.watch_id = ? AND o.channel = ? AND o.subject = ? AND o.state = 'pending'
        AND ((o.lease_until > ? AND o.claimed_by IN (%s)) OR (o.version < ? AND o.due <= ?))
      LIMIT 1
      """;

  /** A receiver: a user's channel. */
  record Receiver(String user, String channel) {
    static final Receiver FIRST = new Receiver("", "");
  }

  /**
   * Who claims.
   *
   * @param number of the replica
   * @param living all replicas whose claims count
   * @param length of the lease
   */
  record By(long number, List<Long> living, Duration length) {
    /** A question mark for each living replica. */
    String marks() {
      return String.join(", ", Collections.nCopies(living.size(), "?"));
    }
  }

  /** A delivery that is this worker's until the lease ends. */
  record Claim(Row row, long lease) {}

  /** The next receiver, by name, that anything is pending for in some parts. */
  Optional<Receiver> after(Handle handle, Receiver receiver, Parts.Mine mine) {
    if (mine.isEmpty()) {
      return Optional.empty();
    }
    if (mine.isAlone()) {
      Statements statements = Statements.of(handle);
      return statements
          .first(NEXT_OF_USER, ClaimStore::receiver, receiver.user(), receiver.channel())
          .or(() -> statements.first(NEXT_USER, ClaimStore::receiver, receiver.user()));
    }
    return handle
        .createQuery(
            """
            SELECT user_name, channel FROM delivery
            WHERE state = 'pending' AND (user_name, channel) > (:user, :channel)
              AND part IN (<parts>)
            ORDER BY user_name, channel LIMIT 1
            """)
        .bindList("parts", mine.parts().stream().toList())
        .bind("user", receiver.user())
        .bind("channel", receiver.channel())
        .map((row, context) -> receiver(row))
        .findOne();
  }

  private static Receiver receiver(ResultSet row) throws SQLException {
    return new Receiver(row.getString(1), row.getString(2));
  }

  /** Whether anything is due to a receiver. */
  boolean isDue(Handle handle, Receiver receiver, Instant now) {
    return Statements.of(handle)
        .first(
            """
            SELECT 1 FROM delivery
            WHERE state = 'pending' AND user_name = ? AND channel = ? AND due <= ? LIMIT 1
            """,
            row -> row.getInt(1),
            receiver.user(),
            receiver.channel(),
            now.toEpochMilli())
        .isPresent();
  }

  /**
   * Claims what is due to a receiver, oldest first. Of one subject to one watch only one is under
   * way, the lowest version first.
   *
   * @param alsoHeld whether what was held goes by itself as well, or else together
   */
  List<Claim> claim(
      Handle handle, Receiver receiver, Instant now, By by, int limit, boolean alsoHeld) {
    Statements statements = Statements.of(handle);
    List<Object> values = new ArrayList<>(List.of(receiver.user(), receiver.channel()));
    values.addAll(List.of(now.toEpochMilli(), now.toEpochMilli()));
    values.addAll(by.living());
    values.add(WINDOW);
    List<Claim> due =
        statements.read(
            (alsoHeld ? DUE : DUE_NOT_HELD).formatted(by.marks()),
            rows -> {
              List<Claim> free = new ArrayList<>();
              while (free.size() < limit && rows.next()) {
                Claim claim = claimOf(rows);
                if (!isBehindAnother(statements, claim.row().route(), now, by)) {
                  free.add(claim);
                }
              }
              return free;
            },
            values.toArray());
    return take(handle, due, now, by);
  }

  /** The claim that a row of the columns of deliveries, with the next lease behind, stands for. */
  static Claim claimOf(ResultSet row) throws SQLException {
    return new Claim(DeliveryStore.read(row), row.getLong(DeliveryStore.WIDTH + 1));
  }

  /** Whether another of the same subject to the same watch is under way, or comes first. */
  static boolean isBehindAnother(
      Statements statements, DeliveryStore.Route route, Instant now, By by) {
    List<Object> values =
        new ArrayList<>(
            List.of(route.watch(), route.channel(), route.subject(), now.toEpochMilli()));
    values.addAll(by.living());
    values.addAll(List.of(route.version(), now.toEpochMilli()));
    return statements
        .first(BEHIND.formatted(by.marks()), row -> row.getInt(1), values.toArray())
        .isPresent();
  }

  /** Those of the claims that nobody else has taken meanwhile. */
  static List<Claim> take(Handle handle, List<Claim> due, Instant now, By by) {
    List<Claim> claimed = new ArrayList<>();
    for (Claim claim : due) {
      int taken =
          Statements.of(handle)
              .execute(
                  "UPDATE delivery SET lease = ?, lease_until = ?, claimed_by = ? WHERE key = ? AND"
                      + " lease = ?",
                  claim.lease(),
                  now.plus(by.length()).toEpochMilli(),
                  by.number(),
                  claim.row().key(),
                  claim.lease() - 1);
      if (taken == 1) {
        claimed.add(claim);
      }
    }
    return claimed;
  }

  /** Writes down what became of a claim; false, and nothing, when it is another's by now. */
  boolean settle(
      Handle handle, Claim claim, Delivery after, Optional<Outcome> outcome, Instant now) {
    Statements statements = Statements.of(handle);
    int settled =
        statements.execute(
            """
            UPDATE delivery SET state = ?, attempts = ?, due = ?, note = ?, lease_until = 0
            WHERE key = ? AND lease = ? AND state = 'pending'
            """,
            after.state().toString(),
            after.attempts(),
            after.due().toEpochMilli(),
            after.note(),
            claim.row().key(),
            claim.lease());
    if (settled == 1 && outcome.isPresent()) {
      int _ =
          statements.execute(
              "INSERT INTO attempt (key, number, at, outcome, note) VALUES (?, ?, ?, ?, ?)"
                  + " ON CONFLICT (key, number) DO UPDATE SET at = excluded.at,"
                  + " outcome = excluded.outcome, note = excluded.note",
              claim.row().key(),
              after.attempts(),
              now.toEpochMilli(),
              outcome.get().word(),
              after.note());
    }
    return settled == 1;
  }

  /** Drops a delivery whose watch has ended: nobody waits for it. */
  void drop(Handle handle, Claim claim) {
    handle.execute("DELETE FROM attempt WHERE key = ?", claim.row().key());
    handle.execute(
        "DELETE FROM delivery WHERE key = ? AND lease = ?", claim.row().key(), claim.lease());
  }

  /**
   * Makes all that waits for a receiver due now, whatever step of its retries it is at; what the
   * user's terms hold stays held.
   */
  void release(Handle handle, Receiver receiver, Instant now) {
    handle.execute(
        """
        UPDATE delivery SET due = ?
        WHERE state = 'pending' AND user_name = ? AND channel = ? AND due > ?
          AND (held = '' OR attempts > 0)
        """,
        now.toEpochMilli(),
        receiver.user(),
        receiver.channel(),
        now.toEpochMilli());
  }

  /** Ends all leases: for the start of the one process that works on this database. */
  void endAll(Handle handle) {
    handle.execute("UPDATE delivery SET lease_until = 0 WHERE lease_until > 0");
  }

  /** The attempts of a delivery, the first first. */
  List<AttemptView> attempts(Handle handle, String key) {
    return handle
        .createQuery("SELECT number, at, outcome, note FROM attempt WHERE key = ? ORDER BY number")
        .bind(0, key)
        .map((row, context) ->
            new AttemptView(
                row.getInt(1),
                Instant.ofEpochMilli(row.getLong(2)),
                row.getString(3),
                row.getString(4)))
        .list();
  }
}
