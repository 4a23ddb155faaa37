package dev.troth.server.change;

import dev.troth.watch.change.Change;
import org.jdbi.v3.core.Handle;

/** Who took part in a subject, in SQL: its participants, from their first change on. */
public final class ParticipantStore {
  private ParticipantStore() {}

  /** Whether the user had changed the subject before this change. */
  public static boolean tookPart(Handle handle, String user, Change change) {
    return handle
        .createQuery(
            "SELECT 1 FROM participant WHERE subject = ? AND user_name = ? AND first_seq < ?")
        .bind(0, change.subject().toString())
        .bind(1, user)
        .bind(2, change.seq())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
