package dev.troth.server.kafka;

import dev.troth.server.change.Trim;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** How far the changes have gone out to a topic, in SQL. What has not gone out is not removed. */
public final class PositionStore implements Trim {
  private final String topic;

  public PositionStore(String topic) {
    this.topic = topic;
  }

  /** The newest change that the topic has; empty if none was ever sent. */
  OptionalLong sent(Handle handle) {
    return handle
        .createQuery("SELECT seq FROM kafka_out WHERE topic = ?")
        .bind(0, topic)
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** Puts the position on the beginning of what is kept, if there is none yet. */
  void begin(Handle handle, long seq) {
    handle.execute("INSERT INTO kafka_out VALUES (?, ?) ON CONFLICT DO NOTHING", topic, seq);
  }

  /**
   * Moves the position on.
   *
   * @throws MovedOn when it is not where it was
   */
  void moveOn(Handle handle, long from, long to) {
    int moved =
        handle.execute("UPDATE kafka_out SET seq = ? WHERE topic = ? AND seq = ?", to, topic, from);
    if (moved == 0) {
      throw new MovedOn("changes after %d were sent by another platform".formatted(from));
    }
  }

  @Override
  public long needs(Handle handle) {
    OptionalLong sent = sent(handle);
    return sent.isPresent() ? sent.getAsLong() + 1 : Long.MAX_VALUE;
  }
}
