package dev.troth.slo.alert;

import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.List;

/** Something about an objective that people may want to be told; each becomes one change. */
public sealed interface Event {
  /** Its name, or that of one of its groups: see {@link dev.troth.slo.objective.GroupKey}. */
  String objective();

  Instant at();

  /** The objective stands otherwise than before. */
  record StateChanged(String objective, Instant at, State from, State to, String reason)
      implements Event {}

  /**
   * An alert began.
   *
   * @param inhibited a page is open already, so nobody is told of this ticket on its own
   */
  record AlertFired(
      String objective,
      Instant at,
      String incident,
      Severity severity,
      Evidence evidence,
      boolean inhibited)
      implements Event {}

  /** What made an alert fire. */
  record Evidence(String condition, double shortBurn, double longBurn, List<Cause> causes) {}

  /**
   * An alert ended.
   *
   * @param why it ended though nothing was evaluated; empty if its conditions hold no longer
   */
  record AlertResolved(
      String objective, Instant at, String incident, Severity severity, Instant firedAt, String why)
      implements Event {
    /** Its conditions hold no longer. */
    public AlertResolved(
        String objective, Instant at, String incident, Severity severity, Instant firedAt) {
      this(objective, at, incident, severity, firedAt, "");
    }
  }

  /** The first alert of an objective opened its incident. */
  record IncidentOpened(
      String objective, Instant at, String incident, Severity severity, List<Cause> causes)
      implements Event {}

  /**
   * The last alert of an objective ended.
   *
   * @param why it ended though nothing was evaluated; empty if its conditions hold no longer
   */
  record IncidentResolved(
      String objective, Instant at, String incident, Instant openedAt, String why)
      implements Event {
    /** Its conditions hold no longer. */
    public IncidentResolved(String objective, Instant at, String incident, Instant openedAt) {
      this(objective, at, incident, openedAt, "");
    }
  }

  /** No data for longer than the traffic explains. */
  record TelemetryLost(String objective, Instant at, Instant lastData) implements Event {}

  /** Data again. */
  record TelemetryBack(String objective, Instant at, Instant lostSince) implements Event {}

  /**
   * The budget spent crossed a level.
   *
   * @param spent the share of the budget that is spent; 1 is all of it
   * @param up towards exhaustion; otherwise it has recovered below the level
   */
  record BudgetCrossed(
      String objective, Instant at, int percent, double spent, boolean up, String action)
      implements Event {}

  /**
   * A value of the attribute that requests are counted by has no group of its own, because there
   * are as many as there may be: it is counted as one of the others. Told once.
   *
   * @param value the first value that found no group
   */
  record GroupsFull(String objective, Instant at, String attribute, int limit, String value)
      implements Event {}

  /** A step and how many of the bad requests failed there; shares overlap and may exceed 1. */
  record Cause(String step, long bad, double share) {}
}
