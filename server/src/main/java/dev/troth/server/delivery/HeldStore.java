package dev.troth.server.delivery;

import dev.troth.server.delivery.ClaimStore.By;
import dev.troth.server.delivery.ClaimStore.Claim;
import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.statement.Statements;
import dev.troth.watch.terms.Preferences.Counted;
import dev.troth.watch.terms.Ruling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What users' terms hold back, in SQL. What is due of it goes as one message, whose key stands in
 * each of its rows before it is sent: tried again, also after a crash, it is the same message.
 */
final class HeldStore {
  /** As many changes as one message has at most. */
  private static final int MOST_TOGETHER = 1_000;

  /** As many are asked about again when terms change: it happens in one transaction. */
  private static final int MOST_ASKED_AGAIN = 5_000;

  private static final String OF_BATCH =
      "SELECT "
          + DeliveryStore.COLUMNS
          + """
          , d.lease + 1 FROM delivery d
          WHERE d.state = 'pending' AND d.user_name = ? AND d.channel = ?
            AND d.held <> '' AND d.batch = ? AND d.due <= ?
            AND (d.lease_until <= ? OR d.claimed_by NOT IN (%s))
          ORDER BY d.change_seq, d.key LIMIT ?
          """;

  private HeldStore() {}

  /** Holds a claimed delivery until a time, and gives the claim back. */
  static void hold(Handle handle, Claim claim, Ruling.Later later) {
    handle.execute(
        """
        UPDATE delivery SET due = ?, held = ?, held_by = ?, lease_until = 0
        WHERE key = ? AND lease = ? AND state = 'pending'
        """,
        later.until().toEpochMilli(),
        later.hold().toString(),
        later.because(),
        claim.row().key(),
        claim.lease());
  }

  /** Claims a message that was put together before and has to be tried again. */
  static List<Claim> again(Handle handle, Receiver receiver, Instant now, By by) {
    if (!isBehindAnother(handle, receiver, now)) {
      // The question below takes the order of the index of receivers, and would read all that wait.
      return List.of();
    }
    Optional<String> batch =
        handle
            .createQuery(
                """
                SELECT d.batch FROM delivery d
                WHERE d.state = 'pending' AND d.user_name = :user AND d.channel = :channel
                  AND d.held <> '' AND d.batch > '' AND d.due <= :now
                  AND (d.lease_until <= :now OR d.claimed_by NOT IN (<living>))
                ORDER BY d.due, d.batch LIMIT 1
                """)
            .bindList("living", by.living())
            .bind("user", receiver.user())
            .bind("channel", receiver.channel())
            .bind("now", now.toEpochMilli())
            .mapTo(String.class)
            .findOne();
    return batch.map(key -> claim(handle, receiver, key, now, by)).orElse(List.of());
  }

  /**
   * Whether a message that was put together before is on its way, or is about to be: the next one
   * comes after it. One that waits to be tried again is not waited for, since it may wait for days.
   */
  static boolean isBehindAnother(Handle handle, Receiver receiver, Instant now) {
    // A range of batches and no "other than": it is for that range that the index is taken.
    return Statements.of(handle)
        .first(
            """
            SELECT 1 FROM delivery d
            WHERE d.state = 'pending' AND d.user_name = ? AND d.channel = ?
              AND d.held <> '' AND d.batch > '' AND d.due <= ?
            LIMIT 1
            """,
            row -> row.getInt(1),
            receiver.user(),
            receiver.channel(),
            now.toEpochMilli())
        .isPresent();
  }

  /** Claims what is due of all that is held and in no message yet. */
  static List<Claim> due(Handle handle, Receiver receiver, Instant now, By by) {
    return claim(handle, receiver, "", now, by);
  }

  private static List<Claim> claim(
      Handle handle, Receiver receiver, String batch, Instant now, By by) {
    List<Object> values =
        new ArrayList<>(
            List.of(
                receiver.user(),
                receiver.channel(),
                batch,
                now.toEpochMilli(),
                now.toEpochMilli()));
    values.addAll(by.living());
    values.add(MOST_TOGETHER);
    List<Claim> due =
        Statements.of(handle)
            .list(OF_BATCH.formatted(by.marks()), ClaimStore::claimOf, values.toArray());
    return ClaimStore.take(handle, due, now, by);
  }

  /** Writes down in which message the claims go. */
  static void join(Handle handle, List<Claim> claims, String batch) {
    Statements statements = Statements.of(handle);
    for (Claim claim : claims) {
      int _ =
          statements.execute(
              "UPDATE delivery SET batch = ? WHERE key = ? AND lease = ?",
              batch,
              claim.row().key(),
              claim.lease());
    }
  }

  /** What is held of a user's and is in no message yet. */
  static List<Row> waiting(Handle handle, String user) {
    return handle
        .createQuery(
            """
            SELECT %s FROM delivery d
            WHERE d.state = 'pending' AND d.user_name = :user AND d.held <> '' AND d.batch = ''
            ORDER BY d.change_seq, d.key LIMIT :limit
            """
                .formatted(DeliveryStore.COLUMNS))
        .bind("user", user)
        .bind("limit", MOST_ASKED_AGAIN)
        .map(DeliveryStore.ROW)
        .list();
  }

  /** Writes down what the terms make of a held delivery by now. */
  static void rule(Handle handle, Row row, Ruling ruling, Instant now) {
    switch (ruling) {
      case Ruling.Now() ->
          handle.execute(
              "UPDATE delivery SET due = ? WHERE key = ? AND batch = ''",
              now.toEpochMilli(),
              row.key());
      case Ruling.Later later ->
          handle.execute(
              "UPDATE delivery SET due = ?, held = ?, held_by = ? WHERE key = ? AND batch = ''",
              later.until().toEpochMilli(),
              later.hold().toString(),
              later.because(),
              row.key());
      case Ruling.Never never ->
          handle.execute(
              """
              UPDATE delivery SET state = 'suppressed', note = ?
              WHERE key = ? AND batch = '' AND state = 'pending'
              """,
              never.because(),
              row.key());
    }
  }

  /** How many messages a limit has let through in its present window. */
  static int sent(Handle handle, String user, Counted limit, Instant now) {
    return handle
        .createQuery(
            """
            SELECT messages FROM message_count
            WHERE user_name = ? AND name = ? AND window_start = ?
            """)
        .bind(0, user)
        .bind(1, limit.name())
        .bind(2, limit.limit().windowOf(now).toEpochMilli())
        .mapTo(Integer.class)
        .findOne()
        .orElse(0);
  }

  /** Counts one more message towards a limit. */
  static void count(Handle handle, String user, Counted limit, Instant now) {
    handle.execute(
        """
        INSERT INTO message_count (user_name, name, window_start, messages) VALUES (?, ?, ?, 1)
        ON CONFLICT (user_name, name) DO UPDATE SET
          messages = CASE WHEN message_count.window_start = excluded.window_start
            THEN message_count.messages + 1 ELSE 1 END,
          window_start = excluded.window_start
        """,
        user,
        limit.name(),
        limit.limit().windowOf(now).toEpochMilli());
  }
}
