package dev.troth.server.kafka;

import dev.troth.server.error.DomainException;
import dev.troth.server.event.Events;
import dev.troth.watch.event.CloudEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages in, in SQL: the changes that they state, those that state none, and the place to
 * go on at are one transaction, so that nothing is lost or taken twice.
 */
final class MessageStore {
  /** Under whose name repetitions are known: by source and id over all topics. */
  private static final String USER = "kafka";

  /** Refused messages that are kept; all are counted. */
  private static final int KEPT = 1_000;

  private static final int LONGEST_VALUE = 4_096;

  private final Events events;
  private final Clock clock;

  MessageStore(Events events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** What became of the messages of a partition. */
  record Taken(long taken, long repeated, long refused) {}

  /** A partition, and what became of its messages. */
  record Partition(String topic, int part, long next, Taken counts) {}

  /**
   * A message that became no change.
   *
   * @param value its beginning
   * @param encoding {@code text} or {@code base64}
   */
  record Refused(
      long id,
      String topic,
      int partition,
      long offset,
      Instant at,
      String reason,
      long size,
      String encoding,
      String value) {}

  /** The place to go on at; empty for a partition of which nothing was taken yet. */
  OptionalLong next(Handle handle, String topic, int part) {
    return handle
        .createQuery("SELECT next_message FROM kafka_in WHERE topic = ? AND part = ?")
        .bind(0, topic)
        .bind(1, part)
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /**
   * Takes a stretch.
   *
   * @throws MovedOn when it does not begin at the place to go on at
   */
  Taken take(Handle handle, Stretch stretch) {
    int taken = 0;
    int repeated = 0;
    int refused = 0;
    for (Message message : stretch.messages()) {
      try {
        CloudEvent event = events.readMessage(message.headers(), message.value());
        if (events.take(handle, USER, event).duplicate()) {
          repeated++;
        } else {
          taken++;
        }
      } catch (DomainException unfit) {
        refuse(handle, stretch.topic(), stretch.part(), message, unfit.detail());
        refused++;
      }
    }
    Taken counts = new Taken(taken, repeated, refused);
    moveOn(handle, stretch.topic(), stretch.part(), stretch.from(), stretch.to(), counts);
    return counts;
  }

  /** Takes none of a stretch, for one reason. */
  Taken refuse(Handle handle, Stretch stretch, String reason) {
    stretch
        .messages()
        .forEach(message -> refuse(handle, stretch.topic(), stretch.part(), message, reason));
    Taken counts = new Taken(0, 0, stretch.messages().size());
    moveOn(handle, stretch.topic(), stretch.part(), stretch.from(), stretch.to(), counts);
    return counts;
  }

  /** Goes on elsewhere, because the messages between are no longer there. */
  void skip(Handle handle, String topic, int part, long from, long to, String reason) {
    refuse(handle, topic, part, new Message(from, Map.of(), null), reason);
    moveOn(handle, topic, part, from, to, new Taken(0, 0, 1));
  }

  private static void moveOn(
      Handle handle, String topic, int part, long from, long to, Taken counts) {
    int moved =
        handle
            .createUpdate(
                """
                UPDATE kafka_in SET next_message = :to, taken = taken + :taken,
                  repeated = repeated + :repeated, refused = refused + :refused
                WHERE topic = :topic AND part = :part AND next_message = :from
                """)
            .bind("topic", topic)
            .bind("part", part)
            .bind("from", from)
            .bind("to", to)
            .bind("taken", counts.taken())
            .bind("repeated", counts.repeated())
            .bind("refused", counts.refused())
            .execute();
    if (moved == 1) {
      return;
    }
    int begun =
        handle
            .createUpdate(
                """
                INSERT INTO kafka_in (topic, part, next_message, taken, repeated, refused)
                VALUES (:topic, :part, :to, :taken, :repeated, :refused) ON CONFLICT DO NOTHING
                """)
            .bind("topic", topic)
            .bind("part", part)
            .bind("to", to)
            .bind("taken", counts.taken())
            .bind("repeated", counts.repeated())
            .bind("refused", counts.refused())
            .execute();
    if (begun == 0) {
      throw new MovedOn(
          "messages of %s-%d from %d were taken by another platform".formatted(topic, part, from));
    }
  }

  private void refuse(Handle handle, String topic, int part, Message message, String reason) {
    byte[] value = message.value() == null ? new byte[0] : message.value();
    String text = text(value);
    handle.execute(
        """
        INSERT INTO kafka_refused (topic, part, message, at, reason, size, encoding, value)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        topic,
        part,
        message.offset(),
        clock.instant().toEpochMilli(),
        reason.replace('\0', ' '),
        value.length,
        text == null ? "base64" : "text",
        text == null ? base64(value) : text.substring(0, Math.min(LONGEST_VALUE, text.length())));
    handle.execute(
        "DELETE FROM kafka_refused WHERE id <= (SELECT max(id) FROM kafka_refused) - ?", KEPT);
  }

  private static String base64(byte[] value) {
    return Base64.getEncoder()
        .encodeToString(Arrays.copyOf(value, Math.min(LONGEST_VALUE / 4 * 3, value.length)));
  }

  /** What a person can read; null if it is something else. */
  private static @Nullable String text(byte[] value) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      return text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\r' || c == '\t')
          ? text
          : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** All partitions of which something was taken. */
  List<Partition> partitions(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT topic, part, next_message, taken, repeated, refused FROM kafka_in
            ORDER BY topic, part
            """)
        .map((row, context) ->
            new Partition(
                row.getString(1),
                row.getInt(2),
                row.getLong(3),
                new Taken(row.getLong(4), row.getLong(5), row.getLong(6))))
        .list();
  }

  /** Refused messages before one of them, the newest first. */
  List<Refused> refused(Handle handle, long before, int limit) {
    return handle
        .createQuery(
            """
            SELECT id, topic, part, message, at, reason, size, encoding, value FROM kafka_refused
            WHERE id < :before ORDER BY id DESC LIMIT :limit
            """)
        .bind("before", before)
        .bind("limit", limit)
        .map((row, context) ->
            new Refused(
                row.getLong(1),
                row.getString(2),
                row.getInt(3),
                row.getLong(4),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getString(6),
                row.getLong(7),
                row.getString(8),
                row.getString(9)))
        .list();
  }
}
