package dev.troth.server.objective;

import dev.troth.server.http.Json;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/** An incident as the API shows it: from an objective's first alert until its last has ended. */
public record IncidentView(
    String id,
    String subject,
    String objective,
    @JsonSerialize(using = Json.Word.class) Severity severity,
    @JsonSerialize(using = Json.Word.class) State state,
    Instant openedAt,
    @Nullable Instant resolvedAt,
    List<Cause> causes) {

  /** Whether it goes on. */
  public enum State {
    OPEN,
    RESOLVED
  }
}
