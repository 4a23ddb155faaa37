package dev.troth.server.telemetry;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * A user of what was received. Stages are called one after the other on one thread, inside the
 * transaction after whose commit the sender gets its answer: what is acknowledged is on disk, and
 * what is not will be sent again.
 */
public interface Stage {
  /** Takes what was received since the last time; called every quarter of a second at least. */
  void take(Handle handle, List<Batch> batches, Instant now);

  /** The transaction is on disk. */
  void committed();

  /** The transaction came to nothing: what was taken will be sent again. */
  void failed(Instant now);

  /** Whether {@link #take} has anything to write although nothing was received. */
  boolean pending(Instant now);

  /** Whether more can be taken; senders are asked to wait otherwise. */
  boolean hasRoom();

  /**
   * Whether each platform does it with what it received itself. Everything else is done by one of
   * those on a database, with what any of them received.
   */
  default boolean isEverywhere() {
    return false;
  }

  /** This platform does it from now on: what it knows from before may be another's by now. */
  default void takenOver() {}

  /** Another platform does it from now on. */
  default void handedOver() {}
}
