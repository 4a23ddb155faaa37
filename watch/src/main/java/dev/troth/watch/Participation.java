package dev.troth.watch;

import dev.troth.watch.change.Change;

/** Whether a user changed a subject earlier than a change. */
@FunctionalInterface
public interface Participation {
  boolean tookPart(String user, Change change);
}
