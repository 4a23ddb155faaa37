package dev.troth.server.incident;

import dev.troth.server.http.Json;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * An alert as the API and the console show it.
 *
 * @param inhibitedBy the alert that was open already, so that nobody was told of this one
 * @param unseen whether what the agents have not seen could explain it; null where none tells
 * @param group the group of the objective that alerted; null where all of it did
 */
public record AlertView(
    String incident,
    @JsonSerialize(using = Json.Word.class) Severity severity,
    Instant firedAt,
    @Nullable Instant resolvedAt,
    String condition,
    double shortBurn,
    double longBurn,
    @JsonSerialize(using = Json.Word.class) @Nullable Severity inhibitedBy,
    @Nullable String unseen,
    @Nullable String group) {

  /**
   * The same at an instant; empty if it had not fired. Times of alerts are whole seconds, so what
   * happened within the second of the instant is told by what the objective remembered at it; what
   * its groups remembered is not kept.
   */
  Optional<AlertView> asOf(Instant at, AlertMemory memory) {
    if (group == null) {
      AlertMemory.Alarm alarm = memory.alarm(severity);
      if (alarm.firing() && alarm.firedAt() == firedAt.getEpochSecond()) {
        return Optional.of(stillOpen());
      }
    } else if (resolvedAt != null && resolvedAt.isAfter(at)) {
      return firedAt.isAfter(at) ? Optional.empty() : Optional.of(stillOpen());
    }
    return firedAt.getEpochSecond() < at.getEpochSecond() ? Optional.of(this) : Optional.empty();
  }

  private AlertView stillOpen() {
    return new AlertView(
        incident,
        severity,
        firedAt,
        null,
        condition,
        shortBurn,
        longBurn,
        inhibitedBy,
        unseen,
        group);
  }
}
