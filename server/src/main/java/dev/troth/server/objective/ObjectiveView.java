package dev.troth.server.objective;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.agent.Unseen;
import dev.troth.server.http.Json;
import dev.troth.server.incident.Holds;
import dev.troth.slo.alert.State;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * One objective as the API and the console show it; in JSON the members of its parts stand side by
 * side. What is not known is null, never 0.
 *
 * @param incident the id of the incident that is open
 * @param holds who looks after that incident, and who silenced it
 * @param lastData the newest minute with an event
 * @param evidence what the figures rest on, and what they leave out
 * @param gapMinutes minutes of the window in which nothing could be counted
 */
public record ObjectiveView(
    @JsonUnwrapped Identity identity,
    @JsonUnwrapped Goal goal,
    @JsonUnwrapped Status status,
    @JsonUnwrapped ObjectiveFigures figures,
    @Nullable String incident,
    @JsonUnwrapped Holds holds,
    @Nullable Instant lastData,
    long gapMinutes,
    EvidenceView evidence)
    implements ObjectiveEntry {

  /**
   * What it is called and how it is counted.
   *
   * @param label what must stand beside the figure, or null
   * @param groupBy the attribute by which it is counted too, or null
   */
  public record Identity(
      String name,
      String subject,
      String displayName,
      String service,
      @JsonSerialize(using = Json.Word.class) CountingMethod kind,
      @JsonSerialize(using = Json.Word.class) Measured measure,
      @Nullable String label,
      @Nullable String groupBy) {
    static Identity of(Objective objective) {
      String label = objective.kind().label();
      return new Identity(
          objective.name(),
          "slo/" + objective.name(),
          objective.title().displayName(),
          objective.title().service(),
          objective.kind(),
          objective.measure() instanceof Measure.Latency ? Measured.LATENCY : Measured.AVAILABILITY,
          label.isEmpty() ? null : label,
          objective.chain().flatMap(Chain::grouping).map(Grouping::attribute).orElse(null));
    }
  }

  /** What makes a request good. */
  public enum Measured {
    AVAILABILITY,
    LATENCY
  }

  /**
   * What is promised.
   *
   * @param threshold within which a request is fast enough; null where time is not measured
   */
  public record Goal(double target, @Nullable String threshold, WindowView window) {
    static Goal of(Objective objective, Instant now) {
      return new Goal(
          objective.goal().target(),
          objective.measure() instanceof Measure.Latency latency
              ? Durations.format(latency.threshold())
              : null,
          WindowView.of(objective.goal().window(), now));
    }
  }

  /**
   * The window's type, its length as text and in minutes.
   *
   * @param timeZone by whose clock a calendar window begins; null of one that moves
   * @param from when the one that goes on began
   * @param to when the next begins, and the budget anew
   */
  public record WindowView(
      @JsonSerialize(using = Json.Word.class) WindowType type,
      String length,
      long minutes,
      @Nullable String timeZone,
      @Nullable Instant from,
      @Nullable Instant to) {
    static WindowView of(Window window, Instant now) {
      long minutes = window.length().toMinutes();
      return switch (window) {
        case Window.Rolling _ ->
            new WindowView(WindowType.ROLLING, window.text(), minutes, null, null, null);
        case Window.Calendar calendar ->
            new WindowView(
                WindowType.CALENDAR,
                window.text(),
                minutes,
                calendar.zone().getId(),
                calendar.start(now),
                calendar.next(now));
      };
    }
  }

  /** Whether a window ends now, or begins anew with each day, week, month or quarter. */
  public enum WindowType {
    ROLLING,
    CALENDAR
  }

  /** How it stands, why, and since when. */
  public record Status(
      @JsonSerialize(using = Json.Word.class) State state, String stateReason, Instant since) {
    static Status of(ObjectiveStatus standing) {
      Instant since = Instant.ofEpochSecond(standing.alerts().since());
      return standing.objective().measure() instanceof Measure.Unmeasured(String reason)
          ? new Status(State.UNMEASURED, reason, since)
          : new Status(standing.alerts().state(), standing.reason(), since);
    }
  }

  /** What is known beside a standing: from the database, and what was lost on the way. */
  record StoredFigures(
      @Nullable Double p95Millis,
      long gapMinutes,
      Map<String, Long> losses,
      Optional<Unseen> unseen,
      Holds holds,
      Instant now) {}

  static ObjectiveView of(ObjectiveStatus standing, StoredFigures stored) {
    String incident = standing.alerts().incident();
    return new ObjectiveView(
        Identity.of(standing.objective()),
        Goal.of(standing.objective(), stored.now()),
        Status.of(standing),
        ObjectiveFigures.of(standing, stored.p95Millis(), stored.unseen()),
        incident.isEmpty() ? null : incident,
        stored.holds(),
        standing.lastEvent() == Long.MIN_VALUE
            ? null
            : Instant.ofEpochSecond(standing.lastEvent() * 60),
        stored.gapMinutes(),
        EvidenceView.of(standing, stored.losses(), stored.unseen(), stored.now()));
  }
}
