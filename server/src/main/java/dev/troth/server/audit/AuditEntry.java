package dev.troth.server.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.auth.QuietAct;
import dev.troth.watch.change.Change;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * One act: a change that somebody made, what they did to watches and inboxes, a sign-in, a
 * sign-out, or refused sign-ins.
 *
 * @param user who did it; null for refused sign-ins, for nobody has proved who they are
 * @param what the type of the change, such as {@code record.changed}, or {@code signed-in}
 * @param target the subject that changed, or what was watched
 * @param seq the change in the log
 * @param changed the names of the fields that differ
 * @param detail by what somebody signed in, or why not; for whom an admin watched or marked
 * @param lastAt of several, the last
 * @param times how many they are, if it is more than one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEntry(
    Instant at,
    @Nullable String user,
    String what,
    @Nullable String target,
    @Nullable Long seq,
    @Nullable Collection<String> changed,
    @Nullable String detail,
    @Nullable Instant lastAt,
    @Nullable Long times) {

  static AuditEntry of(Change change) {
    return new AuditEntry(
        change.at(),
        change.actor(),
        change.type(),
        change.subject().toString(),
        change.seq(),
        change.changed(),
        null,
        null,
        null);
  }

  static AuditEntry of(QuietAct event) {
    return new AuditEntry(
        event.at(),
        event.user().isEmpty() ? null : event.user(),
        event.what(),
        event.target().isEmpty() ? null : event.target(),
        null,
        null,
        event.detail().isEmpty() ? null : event.detail(),
        event.times() > 1 ? event.lastAt() : null,
        event.times() > 1 ? event.times() : null);
  }
}
