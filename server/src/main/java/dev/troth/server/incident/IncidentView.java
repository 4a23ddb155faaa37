package dev.troth.server.incident;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.http.Json;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * An incident as the API shows it: from an objective's first alert until its last has ended.
 *
 * @param group the group of the objective that it is of; null where it is of all of it
 * @param holds who looks after it, and who silenced it
 */
public record IncidentView(
    String id,
    String subject,
    String objective,
    @Nullable String group,
    @JsonSerialize(using = Json.Word.class) Severity severity,
    @JsonSerialize(using = Json.Word.class) State state,
    Instant openedAt,
    @Nullable Instant resolvedAt,
    List<Cause> causes,
    @JsonUnwrapped Holds holds) {

  IncidentView with(Holds said) {
    return new IncidentView(
        id, subject, objective, group, severity, state, openedAt, resolvedAt, causes, said);
  }

  /** The objective, or the group of it. */
  public GroupKey key() {
    return new GroupKey(objective, group == null ? "" : group);
  }

  /** The same at an instant at which these alerts had fired; what was said of it is not kept. */
  IncidentView asOf(boolean open, Stream<Severity> fired, List<Cause> then) {
    return new IncidentView(
        id,
        subject,
        objective,
        group,
        fired.anyMatch(one -> one == Severity.PAGE) ? Severity.PAGE : Severity.TICKET,
        open ? State.OPEN : State.RESOLVED,
        openedAt,
        open ? null : resolvedAt,
        then,
        Holds.NONE);
  }

  /** Whether it goes on. */
  public enum State {
    OPEN,
    RESOLVED
  }
}
