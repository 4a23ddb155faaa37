package dev.troth.server.objective;

import dev.troth.server.history.LaterCounts;
import dev.troth.server.history.Reading;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.objective.Objective;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * One objective at the instant of which a page tells, now or before.
 *
 * @param asOf the instant, to come back to; null while what is counted cannot be stored
 * @param at up to when things are counted
 * @param later what is stored and came after it
 */
record Figures(
    ObjectiveStatus standing,
    @Nullable Instant asOf,
    Instant at,
    LaterCounts later,
    boolean isPast) {

  static Figures of(
      Handle handle, ObjectiveStage stage, ObjectiveStatus standing, Reading reading) {
    Instant at = reading.at();
    return at == null
        ? new Figures(standing, null, stage.now(), LaterCounts.NONE, false)
        : new Figures(
            standing, at, at, stage.engines().after(handle, standing.objective(), at), false);
  }

  static Figures past(Handle handle, ObjectiveStage stage, Objective objective, Instant at) {
    LaterCounts later = stage.engines().after(handle, objective, at);
    return new Figures(stage.engines().past(handle, objective, at, later), at, at, later, true);
  }
}
