package dev.troth.server.objective;

import dev.troth.server.agent.Unseen;
import dev.troth.server.agent.UnseenStore;
import dev.troth.server.incident.AlertChanges;
import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Says of an alert whether what the agents have not seen could explain it: whether its condition
 * would still hold if all of that had been good.
 */
public final class LossDoubts implements AlertChanges.Doubts {
  private final UnseenStore unseen = new UnseenStore();
  private final Map<String, Objective> objectives;

  public LossDoubts(List<Objective> objectives) {
    this.objectives =
        objectives.stream().collect(Collectors.toMap(Objective::name, Function.identity()));
  }

  /** Nothing if no agent tells of the objective's services. */
  @Override
  public Optional<String> of(Handle handle, AlertFired fired) {
    Objective objective = objectives.get(fired.objective());
    if (objective == null) {
      return Optional.empty();
    }
    return objective.rules().alerts().conditions().stream()
        .filter(condition -> condition.severity() == fired.severity())
        .filter(condition -> condition.text().equals(fired.evidence().condition()))
        .findFirst()
        .flatMap(condition -> of(handle, objective, condition, fired));
  }

  private Optional<String> of(
      Handle handle, Objective objective, Condition condition, AlertFired fired) {
    List<String> services = UnseenView.services(objective).orElse(null);
    if (services == null) {
      return Optional.empty();
    }
    Instant from = fired.at().minus(condition.longWindow());
    Optional<Unseen> all = unseen.since(handle, services, from);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Unseen missed = all.get();
    boolean several = several(objective);
    if (missed.most() + (several ? missed.calls() : 0) + missed.connections() == 0) {
      return Optional.of("no: nothing was missed");
    }
    String what = what(missed, several, condition.longWindow());
    if (!missed.bounded()) {
      return Optional.of("perhaps: " + what);
    }
    boolean could =
        atBest(handle, objective, fired, condition.shortWindow(), fired.evidence().shortBurn())
                <= condition.above()
            || atBest(handle, objective, fired, condition.longWindow(), fired.evidence().longBurn())
                <= condition.above();
    return Optional.of((could ? "it could: " : "no, even if all of it was good: ") + what);
  }

  private static boolean several(Objective objective) {
    return objective.chain().map(chain -> chain.steps().size() > 1).orElse(false);
  }

  /** The burn rate over a window if all that was missed in it had been good. */
  private double atBest(
      Handle handle, Objective objective, AlertFired fired, Duration window, double burn) {
    Instant from = fired.at().minus(window);
    long total = BucketStore.events(handle, objective, from, fired.at());
    Unseen missed =
        unseen
            .since(handle, UnseenView.services(objective).orElse(List.of()), from)
            .orElse(new Unseen(Map.of(), 0, 0));
    double budget = objective.goal().budget();
    double bad = burn * budget * total;
    return several(objective)
        ? total == 0 ? 0 : (bad - missed.most() - missed.calls()) / total / budget
        : bad / Math.max(1, total + missed.most()) / budget;
  }

  private static String what(Unseen missed, boolean several, Duration window) {
    StringBuilder text = new StringBuilder();
    text.append("at most ").append(missed.most()).append(" requests");
    if (several && missed.calls() > 0) {
      text.append(" and ").append(missed.calls()).append(" calls");
    }
    text.append(" were not seen within ").append(Durations.format(window));
    if (!missed.bounded()) {
      text.append(", and nobody knows how many on ")
          .append(missed.connections())
          .append(" connections that were not read");
    }
    return text.toString();
  }
}
