package dev.troth.server.watch;

import dev.troth.server.watch.WatchRow.Standing;
import dev.troth.watch.Change;
import dev.troth.watch.Headline;
import dev.troth.watch.Reason;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One notification in a user's inbox.
 *
 * @param watch the id by which clients know the watch that told
 */
record InboxItem(Change change, long watch, Reason reason, Mark mark) {

  static InboxItem of(Change change, Standing told, Reason reason, Mark mark) {
    return new InboxItem(change, told.root(), reason, mark);
  }

  InboxItem marked(Mark other) {
    return new InboxItem(change, watch, reason, other);
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", Long.toString(change.seq()));
    document.put("title", Headline.of(change));
    document.put("reason", reason.toString());
    document.put("state", mark.state());
    document.put("watch", watch);
    document.putAll(ChangeJson.document(change));
    return document;
  }
}
