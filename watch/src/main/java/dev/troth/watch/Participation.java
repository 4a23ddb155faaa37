package dev.troth.watch;

/** Whether a user changed a subject earlier than a change. */
@FunctionalInterface
public interface Participation {
  boolean tookPart(String user, Change change);
}
