package dev.troth.server.change;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.watch.change.Change;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change as clients and pages see it.
 *
 * @param before the fields it had; null if they were left out
 * @param after the fields it got; null if they were left out
 * @param changed the names of the fields that differ
 * @param event the attributes of the event that it came from, if it came from one
 * @param critical true if it is urgent, else null
 * @param truncated true if fields were left out because they are too long, else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChangeView(
    long seq,
    String subject,
    long version,
    String type,
    String actor,
    Instant at,
    @Nullable Map<String, @Nullable Object> before,
    @Nullable Map<String, @Nullable Object> after,
    Collection<String> changed,
    @Nullable Map<String, @Nullable Object> event,
    @Nullable Boolean critical,
    @Nullable Boolean truncated) {

  public static ChangeView of(Change change) {
    return new ChangeView(
        change.seq(),
        change.subject().toString(),
        change.version(),
        change.type(),
        change.actor(),
        change.at(),
        change.before().values(),
        change.after().values(),
        change.changed(),
        change.what().event().isEmpty() ? null : change.what().event().values(),
        change.what().urgent() ? true : null,
        null);
  }

  /** The same without its fields, for whom they would be too long. */
  public ChangeView shortened() {
    return new ChangeView(
        seq, subject, version, type, actor, at, null, null, changed, event, critical, true);
  }
}
