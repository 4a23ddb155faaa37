package dev.troth.server.inbox;

import dev.troth.server.watch.StoredWatch;
import dev.troth.watch.Reason;
import dev.troth.watch.change.Change;

/**
 * One notification in a user's inbox.
 *
 * @param watch the id by which clients know the watch that told
 */
public record InboxItem(Change change, long watch, Reason reason, Mark mark) {

  public static InboxItem of(Change change, StoredWatch told, Reason reason, Mark mark) {
    return new InboxItem(change, told.root(), reason, mark);
  }

  InboxItem marked(Mark other) {
    return new InboxItem(change, watch, reason, other);
  }
}
