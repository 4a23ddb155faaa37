package dev.troth.server.counting;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * How far each partition of spans is counted, in SQL: the message to go on at, and up to when its
 * requests are judged, with a number that rises with each change.
 */
final class PartitionStore {
  private final String topic;
  private final int part;

  PartitionStore(String topic, int part) {
    this.topic = topic;
    this.part = part;
  }

  /** Where a partition stands. */
  record Standing(long next, Instant judged, long version) {}

  /** Where it stands; empty if nothing was ever taken of it. */
  Optional<Standing> standing(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT next_message, judged_ms, version FROM span_partition
            WHERE topic = ? AND part = ?
            """)
        .bind(0, topic)
        .bind(1, part)
        .map((row, context) ->
            new Standing(row.getLong(1), Instant.ofEpochMilli(row.getLong(2)), row.getLong(3)))
        .findOne();
  }

  /**
   * Moves it on, if it stands where its reader left it.
   *
   * @param before its number when it was read; 0 if it was not there
   * @return the new number
   * @throws MovedOn when another platform moved it since
   */
  long moveOn(Handle handle, long before, long next, Instant judged) {
    int moved =
        before == 0
            ? handle.execute(
                """
                INSERT INTO span_partition (topic, part, next_message, judged_ms, version)
                VALUES (?, ?, ?, ?, 1) ON CONFLICT DO NOTHING
                """,
                topic,
                part,
                next,
                judged.toEpochMilli())
            : handle.execute(
                """
                UPDATE span_partition SET next_message = ?, judged_ms = ?, version = version + 1
                WHERE topic = ? AND part = ? AND version = ?
                """,
                next,
                judged.toEpochMilli(),
                topic,
                part,
                before);
    if (moved == 0) {
      throw new MovedOn("partition %d of %s is another platform's now".formatted(part, topic));
    }
    return before + 1;
  }

  /** Another platform has moved a partition on: what was about to be counted is not. */
  static final class MovedOn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MovedOn(String what) {
      super(what, null, false, false);
    }
  }
}
