package dev.troth.server.event;

import dev.troth.server.change.Trim;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.event.CloudEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Takes events in: each becomes a change, once. */
public final class EventStore implements Trim {
  private final ChangeLog<Handle> changes;

  public EventStore(ChangeLog<Handle> changes) {
    this.changes = changes;
  }

  /**
   * What became of an event.
   *
   * @param duplicate whether an event of the same source and id was here before
   */
  record Taken(long seq, String subject, boolean duplicate) {
    Map<String, Object> document() {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("seq", seq);
      document.put("subject", subject);
      document.put("duplicate", duplicate);
      return document;
    }
  }

  /** Appends the event's change, unless source and id are known: then it is the same event. */
  Taken take(Handle handle, CloudEvent event) {
    Optional<Long> seen =
        handle
            .createQuery("SELECT seq FROM event_seen WHERE source = ? AND id = ?")
            .bind(0, event.source())
            .bind(1, event.id())
            .mapTo(Long.class)
            .findOne();
    if (seen.isPresent()) {
      return new Taken(seen.get(), event.subject().toString(), true);
    }
    Change change = changes.append(handle, event.change());
    handle.execute(
        "INSERT INTO event_seen (source, id, seq) VALUES (?, ?, ?)",
        event.source(),
        event.id(),
        change.seq());
    return new Taken(change.seq(), change.subject().toString(), false);
  }

  @Override
  public void trim(Handle handle, long upTo) {
    handle.execute("DELETE FROM event_seen WHERE seq <= ?", upTo);
  }
}
