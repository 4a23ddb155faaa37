package dev.troth.server.objective;

import dev.troth.slo.alert.Burn;
import dev.troth.slo.count.Counts;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.file.FileError;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One objective as the API and the console show it. What is not known is null, never 0.
 *
 * @param label what must stand beside the figure, or null
 * @param availability the share of good events; for a latency objective, of fast ones
 * @param bounds the figure's bounds if it is an interval
 * @param evidence what the figure rests on; null for a file that could not be read
 */
public record ObjectiveView(
    String name,
    String subject,
    String displayName,
    String service,
    String kind,
    String measure,
    @Nullable String label,
    double target,
    @Nullable String threshold,
    @Nullable WindowView window,
    String state,
    String stateReason,
    @Nullable String since,
    @Nullable Double availability,
    @Nullable Bounds bounds,
    Requests requests,
    @Nullable Budget budget,
    @Nullable Double p95Millis,
    List<BurnView> burn,
    @Nullable String incident,
    @Nullable String lastData,
    long gapMinutes,
    @Nullable EvidenceView evidence) {

  /** The window's type, its length as text and in minutes, and when it began. */
  public record WindowView(String type, String length, long minutes) {
    static WindowView of(Window window) {
      String type =
          switch (window) {
            case Window.Rolling rolling -> "rolling";
            case Window.Calendar calendar -> "calendar";
          };
      return new WindowView(type, window.text(), window.length().toMinutes());
    }
  }

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
      String severity,
      @com.fasterxml.jackson.annotation.JsonProperty("short") String shortWindow,
      @com.fasterxml.jackson.annotation.JsonProperty("long") String longWindow,
      double threshold,
      @Nullable Double shortBurn,
      @Nullable Double longBurn,
      String status) {}

  /** What is known beside a standing: from the database, and what was lost on the way. */
  record StoredFigures(@Nullable Double p95Millis, long gapMinutes, Map<String, Long> losses) {}

  static ObjectiveView of(ObjectiveStatus standing, StoredFigures stored) {
    Objective objective = standing.objective();
    Counts counts = standing.counts();
    String incident = standing.alerts().incident();
    boolean unmeasured = objective.measure() instanceof Measure.Unmeasured;
    return new ObjectiveView(
        objective.name(),
        "slo/" + objective.name(),
        objective.title().displayName(),
        objective.title().service(),
        objective.kind().word(),
        objective.measure().word(),
        objective.kind().label().isEmpty() ? null : objective.kind().label(),
        objective.goal().target(),
        objective.measure() instanceof Measure.Latency latency
            ? Durations.format(latency.threshold())
            : null,
        WindowView.of(objective.goal().window()),
        unmeasured ? "unmeasured" : standing.alerts().state().word(),
        objective.measure() instanceof Measure.Unmeasured why ? why.reason() : standing.reason(),
        Instant.ofEpochSecond(standing.alerts().since()).toString(),
        known(standing.availability()),
        objective.kind() == CountingMethod.INTERVAL && counts.total() > 0
            ? new Bounds(standing.availability(), standing.availabilityAtBest())
            : null,
        new Requests(
            counts.total(),
            Math.max(0, counts.total() - counts.badHigh()),
            counts.badHigh(),
            counts.badLow(),
            standing.unknown()),
        budget(standing),
        stored.p95Millis(),
        standing.burns().stream().map(ObjectiveView::burn).toList(),
        incident.isEmpty() ? null : incident,
        lastData(standing),
        stored.gapMinutes(),
        EvidenceView.of(standing, stored.losses()));
  }

  private static @Nullable String lastData(ObjectiveStatus standing) {
    return standing.lastEvent() == Long.MIN_VALUE
        ? null
        : Instant.ofEpochSecond(standing.lastEvent() * 60).toString();
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

  private static BurnView burn(Burn burn) {
    return new BurnView(
        burn.condition().severity().word(),
        Durations.format(burn.condition().shortWindow()),
        Durations.format(burn.condition().longWindow()),
        burn.condition().above(),
        known(burn.shortBurn()),
        known(burn.longBurn()),
        burn.status().word());
  }

  /** A part of a file that could not be read, so that nobody takes its absence for health. */
  static ObjectiveView broken(FileError problem, int number) {
    String name = "broken-" + number;
    return new ObjectiveView(
        name,
        "slo/" + name,
        problem.file(),
        "",
        CountingMethod.EXACT.word(),
        "availability",
        null,
        0,
        null,
        null,
        "broken",
        problem.toString(),
        null,
        null,
        null,
        new Requests(0, 0, 0, 0, 0),
        null,
        null,
        List.of(),
        null,
        null,
        0,
        null);
  }

  static @Nullable Double known(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
