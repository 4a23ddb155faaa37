package dev.troth.server.inbox;

import dev.troth.server.change.ChangeJson;
import dev.troth.server.watch.StoredWatch;
import dev.troth.watch.Reason;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Headline;
import java.util.LinkedHashMap;
import java.util.Map;

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

  public Map<String, Object> document() {
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
