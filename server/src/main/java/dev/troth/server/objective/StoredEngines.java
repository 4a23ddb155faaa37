package dev.troth.server.objective;

import dev.troth.server.counting.Counting;
import dev.troth.server.history.FigureStore;
import dev.troth.server.history.LaterCounts;
import dev.troth.server.history.Reading;
import dev.troth.server.history.Remembered;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.engine.SloEngine;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Engines built from what is stored: to go on from it, to look at what another platform counts, and
 * to see how objectives stood at an instant.
 */
final class StoredEngines {
  private static final long BEFORE_WINDOW = 1_200;

  private final List<Objective> objectives;
  private final Limits limits;
  private final BucketStore store;
  private final FigureStore figures = new FigureStore();

  StoredEngines(List<Objective> objectives, Limits limits, BucketStore store) {
    this.objectives = List.copyOf(objectives);
    this.limits = limits;
    this.store = store;
  }

  /** The engines of all objectives as they are now. */
  List<ObjectiveEngine> restored(Handle handle, Instant now) {
    List<ObjectiveEngine> engines = new ArrayList<>();
    for (Objective objective : objectives) {
      AlertMemory memory =
          store
              .memory(handle, objective.name())
              .map(stored -> stored.notAfter(now.getEpochSecond()))
              .orElseGet(() -> AlertMemory.fresh(now.getEpochSecond()));
      engines.add(restored(handle, objective, memory, now, LaterCounts.NONE));
    }
    return engines;
  }

  private ObjectiveEngine restored(
      Handle handle, Objective objective, AlertMemory memory, Instant now, LaterCounts later) {
    Duration window = objective.goal().window().length();
    var one = new ObjectiveEngine(objective, memory, now.minus(window).minusSeconds(BEFORE_WINDOW));
    store.restore(handle, one, now, later);
    return one;
  }

  /** How far back any of them looks. */
  Duration longestWindow() {
    return objectives.stream()
        .map(objective -> objective.goal().window().length())
        .max(Duration::compareTo)
        .orElse(Duration.ofDays(30));
  }

  /** How all stand by what is stored. */
  StoredStandings.Stored stored(Handle handle, Instant now) {
    Optional<Instant> cursor = store.cursor(handle);
    SloEngine engine = new SloEngine(restored(handle, cursor.orElse(now)), limits);
    Counting.resume(handle, engine, cursor);
    return new StoredStandings.Stored(
        new Reading(cursor.orElse(null), standings(engine)), store.losses(handle));
  }

  private static List<ObjectiveStatus> standings(SloEngine engine) {
    return engine.objectives().stream().map(ObjectiveEngine::standing).toList();
  }

  /** Refuses an instant of which nothing is kept, or that has not come. */
  void require(Handle handle, Instant at, Instant now) {
    figures.require(handle, at, now);
  }

  /** Whether there was this objective at an instant. */
  boolean wasThere(Handle handle, Objective objective, Instant at) {
    return figures.find(handle, objective.name(), at).isPresent();
  }

  /** What an objective counted after an instant. */
  LaterCounts after(Handle handle, Objective objective, Instant at) {
    return figures.after(handle, objective, at);
  }

  /** How one objective stood at an instant. */
  ObjectiveStatus past(Handle handle, Objective objective, Instant at, LaterCounts later) {
    Remembered remembered = figures.remembered(handle, objective.name(), at);
    ObjectiveEngine engine = restored(handle, objective, remembered.alerts(), at, later);
    remembered.resume(engine, at.minus(limits.watermark()), at);
    return engine.standing();
  }
}
