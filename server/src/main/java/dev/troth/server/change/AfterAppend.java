package dev.troth.server.change;

import dev.troth.watch.change.Change;
import org.jdbi.v3.core.Handle;

/** What another slice does in the transaction that appends a change. */
@FunctionalInterface
public interface AfterAppend {
  /** Called once for each change, before its commit; a failure takes the change back. */
  void appended(Handle handle, Change change);
}
