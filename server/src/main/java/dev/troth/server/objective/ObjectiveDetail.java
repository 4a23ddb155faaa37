package dev.troth.server.objective;

import dev.troth.server.objective.IncidentStore.AlertView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One objective with its chain, its course over time and its history.
 *
 * @param additive what the naive recipe would show in place of the availability, for comparison
 */
public record ObjectiveDetail(
    String now,
    ObjectiveView objective,
    String description,
    @Nullable ChainView chain,
    Series series,
    @Nullable Double additive,
    List<AlertView> alerts,
    List<Span> exclusions,
    List<Span> gaps,
    List<Policy> policies) {

  /** The steps of a chain. */
  public record ChainView(String retries, String missing, String entry, List<StepView> steps) {}

  /**
   * One step.
   *
   * @param bad requests that failed here, over the window
   * @param share its share of all bad requests; shares overlap. Steps are those stored, at most a
   *     commit behind what was evaluated
   */
  public record StepView(
      String name, String service, long bad, @Nullable Double share, String latency) {}

  /** Counts over time; all lists are as long as {@code minutes}. */
  public record Series(
      long stepMinutes,
      List<String> minutes,
      List<Long> total,
      List<Long> bad,
      List<Long> unknown,
      List<@Nullable Double> budgetRemaining,
      List<@Nullable Double> p95Millis,
      Map<String, List<Long>> steps) {}

  /** A stretch of time with its reason. */
  public record Span(String from, String to, String reason) {}

  /** What is done when so much of the budget is spent. */
  public record Policy(int atPercent, String action, boolean crossed) {}
}
