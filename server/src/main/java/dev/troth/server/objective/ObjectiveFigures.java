package dev.troth.server.objective;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.troth.server.agent.Unseen;
import dev.troth.server.http.Json;
import dev.troth.slo.alert.Burn;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.count.Counts;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * What was counted over the window. What is not known is null, never 0.
 *
 * @param availability the share of good events; for a latency objective, of fast ones
 * @param bounds the figure's bounds if it is an interval, by how it counts or by what agents missed
 */
public record ObjectiveFigures(
    @Nullable Double availability,
    @Nullable Bounds bounds,
    Requests requests,
    @Nullable Budget budget,
    @Nullable Double p95Millis,
    List<BurnView> burn) {

  /** Between which shares the truth lies. */
  public record Bounds(double low, double high) {}

  /**
   * Counts over the window.
   *
   * @param bad those that possibly were bad
   * @param badAtLeast those that certainly were; less only for an interval
   */
  public record Requests(long total, long good, long bad, long badAtLeast, long unknown) {}

  /** The error budget; {@code timeEquivalent} is a comparison with complete outage. */
  public record Budget(
      double allowed,
      long consumed,
      double remaining,
      double remainingRatio,
      String timeEquivalent,
      double timeEquivalentMinutes,
      int crossed) {}

  /** One alert condition as it stands. */
  public record BurnView(
      @JsonSerialize(using = Json.Word.class) Severity severity,
      @JsonProperty("short") String shortWindow,
      @JsonProperty("long") String longWindow,
      double threshold,
      @Nullable Double shortBurn,
      @Nullable Double longBurn,
      @JsonSerialize(using = Json.Word.class) Burn.Status status) {
    static BurnView of(Burn burn) {
      return new BurnView(
          burn.condition().severity(),
          Durations.format(burn.condition().shortWindow()),
          Durations.format(burn.condition().longWindow()),
          burn.condition().above(),
          known(burn.shortBurn()),
          known(burn.longBurn()),
          burn.status());
    }
  }

  static ObjectiveFigures of(
      ObjectiveStatus standing, @Nullable Double p95Millis, Optional<Unseen> unseen) {
    Objective objective = standing.objective();
    Counts counts = standing.counts();
    return new ObjectiveFigures(
        known(standing.availability()),
        bounds(standing, unseen),
        new Requests(
            counts.total(),
            Math.max(0, counts.total() - counts.badHigh()),
            counts.badHigh(),
            counts.badLow(),
            standing.unknown()),
        budget(standing),
        p95Millis,
        standing.burns().stream().map(BurnView::of).toList());
  }

  private static @Nullable Bounds bounds(ObjectiveStatus standing, Optional<Unseen> unseen) {
    Counts counts = standing.counts();
    Chain chain = standing.objective().chain().orElse(null);
    if (chain != null && unseen.isPresent()) {
      Bounds bounds = UnseenView.bounds(chain, counts, unseen.get());
      if (bounds.low() < bounds.high() && standing.objective().kind() != CountingMethod.ADDITIVE) {
        return bounds;
      }
    }
    return standing.objective().kind() == CountingMethod.INTERVAL && counts.total() > 0
        ? new Bounds(standing.availability(), standing.availabilityAtBest())
        : null;
  }

  private static @Nullable Budget budget(ObjectiveStatus standing) {
    if (standing.counts().total() <= 0) {
      return null;
    }
    ObjectiveStatus.Budget budget = standing.budget();
    return new Budget(
        budget.allowed(),
        budget.consumed(),
        budget.remaining(),
        budget.remainingRatio(),
        Durations.approximate(budget.timeMinutes()),
        budget.timeMinutes(),
        standing.alerts().crossed());
  }

  static @Nullable Double known(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
