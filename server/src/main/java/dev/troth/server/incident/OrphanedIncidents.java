package dev.troth.server.incident;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.chain.Grouping.AlertOn;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Ends incidents that nothing evaluates any more, which otherwise would be open for ever, and
 * forgets those that have long been over.
 */
public final class OrphanedIncidents {
  /** What alerts of objectives and of their groups remember, as it is stored. */
  public interface Memories {
    Optional<AlertMemory> memory(Handle handle, String objective);

    void forgetMemory(Handle handle, String objective);

    /** Forgets groups that were counted by another attribute than now; those are told. */
    Set<GroupKey> forgetFormerGroups(Handle handle, Objective objective);
  }

  private final Map<String, Objective> objectives;
  private final boolean whole;
  private final Memories store;
  private final AlertTeller teller;
  private final Duration keep;

  /**
   * @param keep how long incidents that are over are known
   */
  public OrphanedIncidents(Loaded loaded, Memories store, AlertTeller teller, Duration keep) {
    this.keep = keep;
    this.objectives =
        loaded.objectives().stream()
            .collect(Collectors.toMap(Objective::name, Function.identity()));
    this.whole = loaded.problems().isEmpty();
    this.store = store;
    this.teller = teller;
  }

  /** Ends those of which the files say no more, or of which alerts remember nothing. */
  public void end(Handle handle, Instant now) {
    for (Objective objective : objectives.values()) {
      end(
          handle,
          store.forgetFormerGroups(handle, objective),
          "objective %s is counted by another attribute".formatted(objective.name()),
          now);
    }
    for (IncidentView incident : teller.open(handle)) {
      boolean remembered =
          store
              .memory(handle, incident.key().toString())
              .filter(memory -> memory.incident().equals(incident.id()))
              .isPresent();
      why(incident.key(), remembered)
          .ifPresent(why -> {
            teller.end(handle, incident, why, now);
            if (remembered) {
              store.forgetMemory(handle, incident.key().toString());
            }
          });
    }
  }

  private Optional<String> why(GroupKey key, boolean remembered) {
    String name = key.objective();
    Objective objective = objectives.get(name);
    if (objective == null) {
      // It may be in a file that cannot be read: then it goes on when that is mended.
      return whole
          ? Optional.of("there is no objective %s any more".formatted(name))
          : Optional.empty();
    }
    if (objective.measure() instanceof Measure.Unmeasured) {
      return Optional.of("objective %s measures nothing any more".formatted(name));
    }
    Optional<Grouping> grouping = objective.chain().flatMap(Chain::grouping);
    if (key.isGroup() && grouping.isEmpty()) {
      return Optional.of("objective %s has no groups any more".formatted(name));
    }
    if (key.isGroup() && grouping.get().alertOn() == AlertOn.TOTAL) {
      return Optional.of("groups of objective %s alert no longer".formatted(name));
    }
    return remembered
        ? Optional.empty()
        : Optional.of("nothing of %s is remembered any more".formatted(key));
  }

  /** Forgets incidents that are over for longer than they are kept, and than any window. */
  public void trim(Handle handle, Instant now, Duration windows) {
    teller.forget(handle, now.minus(keep.compareTo(windows) > 0 ? keep : windows));
  }

  /** Ends those of groups of which nothing is in any window. */
  public void end(Handle handle, Set<GroupKey> forgotten, Instant now) {
    end(handle, forgotten, "the group is forgotten: nothing of it is in any window", now);
  }

  private void end(Handle handle, Set<GroupKey> forgotten, String why, Instant now) {
    if (forgotten.isEmpty()) {
      return;
    }
    for (IncidentView incident : teller.open(handle)) {
      if (forgotten.contains(incident.key())) {
        teller.end(handle, incident, why, now);
      }
    }
  }
}
