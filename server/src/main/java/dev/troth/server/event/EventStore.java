package dev.troth.server.event;

import dev.troth.server.change.Trim;
import dev.troth.server.event.Events.TakenView;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.event.CloudEvent;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Takes events in: each becomes a change, once. */
public final class EventStore implements Trim {
  private final ChangeLog<Handle> changes;

  public EventStore(ChangeLog<Handle> changes) {
    this.changes = changes;
  }

  /** Appends the event's change, unless source and id are known: then it is the same event. */
  TakenView take(Handle handle, CloudEvent event) {
    Optional<Long> seen =
        handle
            .createQuery("SELECT seq FROM event_seen WHERE source = ? AND id = ?")
            .bind(0, event.source())
            .bind(1, event.id())
            .mapTo(Long.class)
            .findOne();
    if (seen.isPresent()) {
      return new TakenView(seen.get(), event.subject().toString(), true);
    }
    Change change = changes.append(handle, event.change());
    handle.execute(
        "INSERT INTO event_seen (source, id, seq) VALUES (?, ?, ?)",
        event.source(),
        event.id(),
        change.seq());
    return new TakenView(change.seq(), change.subject().toString(), false);
  }

  @Override
  public void trim(Handle handle, long upTo) {
    handle.execute("DELETE FROM event_seen WHERE seq <= ?", upTo);
  }
}
