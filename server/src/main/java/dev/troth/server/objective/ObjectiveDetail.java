package dev.troth.server.objective;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.http.Json;
import dev.troth.server.incident.AlertView;
import dev.troth.slo.chain.Chain;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * One objective with its chain, its course over time and its history.
 *
 * @param asOf the instant of the figures, which shows the same again; null while it cannot
 * @param additive what the naive recipe would show in place of the availability, for comparison
 */
public record ObjectiveDetail(
    Instant now,
    @Nullable Instant asOf,
    ObjectiveView objective,
    String description,
    @Nullable ChainView chain,
    Series series,
    @Nullable Double additive,
    List<AlertView> alerts,
    @JsonUnwrapped Notes notes) {

  /** The steps of a chain. */
  public record ChainView(
      @JsonSerialize(using = Json.Word.class) Chain.Retries retries,
      @JsonSerialize(using = Json.Word.class) Chain.Missing missing,
      String entry,
      List<StepView> steps) {}

  /**
   * One step.
   *
   * @param bad requests that failed here, over the window
   * @param share its share of all bad requests; shares overlap. Steps are those stored, at most a
   *     commit behind what was evaluated
   */
  public record StepView(
      String name,
      String service,
      long bad,
      @Nullable Double share,
      @JsonSerialize(using = Json.Word.class) Latency latency) {}

  /** Whether the time of a step is part of the latency. */
  public enum Latency {
    COUNTED,
    EXCLUDED
  }

  /** Counts over time; all lists are as long as {@code minutes}. */
  public record Series(
      long stepMinutes,
      List<Instant> minutes,
      List<Long> total,
      List<Long> bad,
      List<Long> unknown,
      List<@Nullable Double> budgetRemaining,
      List<@Nullable Double> p95Millis,
      Map<String, List<Long>> steps) {}

  /** What bends the figures: times left out, times without data, and policies of the budget. */
  public record Notes(
      List<Stretch> exclusions,
      List<Stretch> gaps,
      List<Policy> policies,
      List<MaintenanceView> maintenance) {}

  /** A stretch of time with its reason. */
  public record Stretch(Instant from, Instant to, String reason) {}

  /** What is done when a share of the budget is spent. */
  public record Policy(int atPercent, String action, boolean crossed) {}
}
