package dev.troth.server.change;

import dev.troth.watch.change.Subject;
import org.jdbi.v3.core.Handle;

/** What a store says and does when old changes are removed: each deletes its own rows. */
public interface Trim {
  /** The oldest change that the store still needs; {@link Long#MAX_VALUE} if it needs none. */
  default long needs(Handle handle) {
    return Long.MAX_VALUE;
  }

  /** Whether a subject without changes lives on, so that its versions go on as well. */
  default boolean keeps(Handle handle, Subject subject) {
    return false;
  }

  /** Deletes what hangs on the changes up to a sequence. */
  default void trim(Handle handle, long upTo) {}
}
