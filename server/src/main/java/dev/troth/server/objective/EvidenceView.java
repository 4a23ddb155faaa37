package dev.troth.server.objective;

import dev.troth.server.agent.Unseen;
import dev.troth.slo.alert.Doubt;
import dev.troth.slo.engine.Evidence;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.objective.Measure;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an objective's figure rests on.
 *
 * @param known whether it is one to rely on; false also before anything was counted
 * @param doubt why it is not, if its counts are the reason
 * @param unknownCounted whether requests of which a step was never seen are among the total
 * @param sampled requests that were refused since the start because their sender samples
 * @param dropped what was received for objectives of this kind and not counted, by reason, since
 *     the start; all of them together, for what is dropped belongs to none
 * @param notes what cannot be seen from here
 * @param leftOut requests of the window that count for nothing, by the maintenance they were in
 * @param unseen what the agents have not seen over the window; null if none tells of the services
 */
public record EvidenceView(
    boolean known,
    @Nullable String doubt,
    boolean unknownCounted,
    long sampled,
    Map<String, Long> dropped,
    List<String> notes,
    List<LeftOutView> leftOut,
    @Nullable UnseenView unseen) {

  /** Requests that one maintenance left out; {@code now} if it goes on. */
  public record LeftOutView(String maintenance, long requests, long bad, boolean now) {
    private static LeftOutView of(MaintenanceView view) {
      return new LeftOutView(view.name(), view.requests(), view.bad(), view.now());
    }
  }

  static EvidenceView of(
      ObjectiveStatus standing, Map<String, Long> losses, Optional<Unseen> unseen, Instant now) {
    Evidence evidence = standing.evidence();
    boolean unmeasured = standing.objective().measure() instanceof Measure.Unmeasured;
    return new EvidenceView(
        !unmeasured && standing.alerts().state().isKnown() && evidence.doubt().isEmpty(),
        evidence.doubt().map(Doubt::reason).orElse(null),
        evidence.unknownCounted(),
        evidence.sampled(),
        dropped(standing, losses),
        evidence.notes(),
        MaintenanceView.of(evidence.leftOut(), now).stream().map(LeftOutView::of).toList(),
        unseen.map(UnseenView::of).orElse(null));
  }

  /** Spans are of no interest to counters, nor points to chains; what is 0 is left out. */
  private static Map<String, Long> dropped(ObjectiveStatus standing, Map<String, Long> losses) {
    List<String> reasons =
        switch (standing.objective().measure()) {
          case Measure.Requests _, Measure.Latency _ ->
              List.of(
                  "tooLate", "fromTheFuture", "tooLarge", "crowded", "forgotten", "withoutEntry");
          case Measure.Counters _ ->
              List.of(
                  "pointsTooLate", "pointsFromTheFuture", "pointsBackwards", "streamsForgotten");
          case Measure.Unmeasured _ -> List.of();
        };
    Map<String, Long> dropped = new LinkedHashMap<>();
    for (String reason : reasons) {
      long count = losses.getOrDefault(reason, 0L);
      if (count > 0) {
        dropped.put(reason, count);
      }
    }
    return dropped;
  }
}
