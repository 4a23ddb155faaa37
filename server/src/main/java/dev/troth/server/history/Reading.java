package dev.troth.server.history;

import dev.troth.slo.engine.ObjectiveStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How objectives stand at one instant that can be looked back at.
 *
 * @param at the instant; null if what is counted cannot be stored now, so that nobody can go back
 */
public record Reading(@Nullable Instant at, List<ObjectiveStatus> standings) {
  public Reading {
    standings = List.copyOf(standings);
  }
}
