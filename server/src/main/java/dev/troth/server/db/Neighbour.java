package dev.troth.server.db;

import org.jdbi.v3.core.Handle;

/** A part of a platform that follows what other platforms on the database do. */
public interface Neighbour {
  /** Another platform said that something moved; it is committed. */
  default void heard(String topic) {}

  /** News were missed: whatever is known by them has to be read again. */
  default void missed() {}

  /**
   * Reads what it follows, in the snapshot in which the news were read.
   *
   * @param news whether there were any
   * @return what is left to do after all have heard them
   */
  default Runnable look(Handle handle, boolean news) {
    return () -> {};
  }

  /** Whether it knows of something that it has not read yet. */
  default boolean isBehind() {
    return false;
  }
}
