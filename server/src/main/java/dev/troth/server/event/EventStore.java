package dev.troth.server.event;

import dev.troth.server.change.ChangeJson;
import dev.troth.server.change.Trim;
import dev.troth.server.error.DomainException;
import dev.troth.server.event.Events.TakenView;
import dev.troth.server.statement.Statements;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.event.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Takes events in: each becomes a change, once. */
public final class EventStore implements Trim {
  private final ChangeLog<Handle> changes;

  public EventStore(ChangeLog<Handle> changes) {
    this.changes = changes;
  }

  /** An event that was taken; of one from before its content was kept, the content is empty. */
  private record Seen(long seq, String content) {}

  /**
   * Appends the event's change, unless this user sent source and id before: then it is the same
   * event.
   *
   * @throws DomainException.Conflict if that one had other contents, so that neither is lost
   */
  TakenView take(Handle handle, String user, CloudEvent event) {
    String content = content(event);
    Statements statements = Statements.of(handle);
    Optional<Seen> seen =
        statements.first(
            """
            SELECT seq, content FROM event_seen
            WHERE source = ? AND id = ? AND user_name IN ('', ?)
            ORDER BY user_name DESC LIMIT 1
            """,
            row -> new Seen(row.getLong(1), row.getString(2)),
            event.source(),
            event.id(),
            user);
    if (seen.isPresent()) {
      if (!seen.get().content().isEmpty() && !seen.get().content().equals(content)) {
        throw new DomainException.Conflict(
            "the event %s of %s was taken before with other contents, as change %d"
                .formatted(event.id(), event.source(), seen.get().seq()));
      }
      return new TakenView(seen.get().seq(), event.subject().toString(), true, null);
    }
    Change change = changes.append(handle, event.change());
    int _ =
        statements.execute(
            "INSERT INTO event_seen (user_name, source, id, seq, content) VALUES (?, ?, ?, ?, ?)",
            user,
            event.source(),
            event.id(),
            change.seq(),
            content);
    return new TakenView(change.seq(), change.subject().toString(), false, null);
  }

  /**
   * A hash of what the event says; how it travels, as its traceparent tells, differs by attempt.
   */
  private static String content(CloudEvent event) {
    String text = event.subject() + "\n" + event.type() + "\n" + ChangeJson.write(event.data());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void trim(Handle handle, long upTo) {
    handle.execute("DELETE FROM event_seen WHERE seq <= ?", upTo);
  }
}
