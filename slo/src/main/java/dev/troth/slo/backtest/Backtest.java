package dev.troth.slo.backtest;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.alert.Event.AlertResolved;
import dev.troth.slo.count.Delta;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replays minutes of counts through the engine that runs live, and tells what would have alerted.
 *
 * <pre>{@code
 * Report report = Backtest.run(objective, minutes);
 * report.scored(incidents).recall();
 * }</pre>
 */
public final class Backtest {
  private Backtest() {}

  /** The counts of one minute, which begins at this time. */
  public record Minute(Instant at, long total, long bad) {
    public Minute {
      if (total < 0 || bad < 0) {
        throw new IllegalArgumentException(
            "minute %s has %d events and %d bad ones, expected none below 0"
                .formatted(at, total, bad));
      }
    }
  }

  /**
   * A stretch of time in which something was really wrong.
   *
   * @param name empty if nobody named it
   */
  public record Incident(String name, Instant from, Instant to) {
    public Incident(Instant from, Instant to) {
      this("", from, to);
    }

    public Incident {
      if (to.isBefore(from)) {
        throw new IllegalArgumentException(
            "incident ends at " + to + ", expected an end after its start " + from);
      }
    }

    /** Whether an alert that fired at this time tells of it, at most an hour after its end. */
    boolean explains(Instant firedAt) {
      return !firedAt.isBefore(from) && !firedAt.isAfter(to.plus(Duration.ofHours(1)));
    }
  }

  /** An alert that would have fired; open at the end if it is not resolved. */
  public record Alert(
      Severity severity, Instant firedAt, Optional<Instant> resolvedAt, String condition) {}

  /**
   * What would have happened.
   *
   * @param standing how the objective stands at the end
   * @param lowestBudget the least share of the budget that was ever left; NaN without counts
   */
  public record Report(List<Alert> alerts, ObjectiveStatus standing, double lowestBudget) {
    /** Compares pages with what was really wrong. */
    public Score scored(List<Incident> incidents) {
      return Score.of(alerts, incidents);
    }
  }

  /** How well pages told of incidents: of each one, the time from its start to the first page. */
  public record Score(int pages, int right, int incidents, List<Duration> delays) {
    /** Compares the pages among alerts with what was really wrong. */
    public static Score of(List<Alert> alerts, List<Incident> incidents) {
      List<Alert> pages =
          alerts.stream().filter(alert -> alert.severity() == Severity.PAGE).toList();
      long right =
          pages.stream()
              .filter(page -> incidents.stream().anyMatch(i -> i.explains(page.firedAt())))
              .count();
      List<Duration> delays = new ArrayList<>();
      for (Incident incident : incidents) {
        pages.stream()
            .filter(page -> incident.explains(page.firedAt()))
            .findFirst()
            .ifPresent(page -> delays.add(Duration.between(incident.from(), page.firedAt())));
      }
      return new Score(pages.size(), (int) right, incidents.size(), delays);
    }

    /** The share of pages that told of an incident; NaN without pages. */
    public double precision() {
      return pages == 0 ? Double.NaN : (double) right / pages;
    }

    /** The share of incidents that were paged; NaN without incidents. */
    public double recall() {
      return incidents == 0 ? Double.NaN : (double) delays.size() / incidents;
    }
  }

  /** Runs over minutes in the order of time; minutes that are left out had no data. */
  public static Report run(Objective objective, List<Minute> minutes) {
    if (minutes.isEmpty()) {
      throw new IllegalArgumentException("there are no minutes to replay");
    }
    Instant start = minutes.getFirst().at();
    var engine = new ObjectiveEngine(objective, AlertMemory.fresh(start.getEpochSecond()), start);
    engine.receivedAll(start);
    List<Alert> alerts = new ArrayList<>();
    double lowest = Double.NaN;
    long at = minute(start);
    boolean additive = objective.kind() == CountingMethod.ADDITIVE;
    for (Minute minute : minutes) {
      if (minute(minute.at()) < at) {
        throw new IllegalArgumentException(
            "minute %s comes twice or after a later one, expected the order of time"
                .formatted(minute.at()));
      }
      if (minute.bad() > minute.total() && !additive) {
        throw new IllegalArgumentException(
            "minute %s has %d bad events of %d, expected at most all of them"
                .formatted(minute.at(), minute.bad(), minute.total()));
      }
      for (; at < minute(minute.at()); at++) {
        evaluate(engine, at, alerts);
      }
      engine.restore(Delta.of(minute(minute.at()), minute.total(), minute.bad()));
      evaluate(engine, at, alerts);
      at++;
      double left = engine.budget().remainingRatio();
      // A calendar window begins without events, of which no share is left or spent.
      if (!Double.isNaN(left)) {
        lowest = Double.isNaN(lowest) ? left : Math.min(lowest, left);
      }
    }
    return new Report(List.copyOf(alerts), engine.standing(), lowest);
  }

  private static long minute(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), 60L);
  }

  /** Evaluates at the end of a minute. */
  private static void evaluate(ObjectiveEngine engine, long minute, List<Alert> alerts) {
    Instant end = Instant.ofEpochSecond((minute + 1) * 60);
    for (Event event : engine.evaluate(end, end)) {
      switch (event) {
        case AlertFired fired ->
            alerts.add(
                new Alert(
                    fired.severity(), fired.at(), Optional.empty(), fired.evidence().condition()));
        case AlertResolved resolved -> resolve(alerts, resolved);
        case Event.StateChanged changed -> {}
        case Event.IncidentOpened opened -> {}
        case Event.IncidentResolved closed -> {}
        case Event.TelemetryLost lost -> {}
        case Event.TelemetryBack back -> {}
        case Event.BudgetCrossed crossed -> {}
      }
    }
  }

  private static void resolve(List<Alert> alerts, AlertResolved resolved) {
    alerts.replaceAll(alert ->
        alert.severity() == resolved.severity() && alert.firedAt().equals(resolved.firedAt())
            ? new Alert(
                alert.severity(), alert.firedAt(), Optional.of(resolved.at()), alert.condition())
            : alert);
  }
}
