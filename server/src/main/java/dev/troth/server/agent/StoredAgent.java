package dev.troth.server.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * An agent as it was heard of last.
 *
 * @param instance which of the agents that ever ran on the host; a later one takes its place
 * @param missed how much it has missed since it started
 * @param missedAt when that last grew
 */
record StoredAgent(
    String host,
    String instance,
    Instant started,
    Instant seen,
    AgentState state,
    long missed,
    Instant missedAt) {
  /** Three heartbeats, and some time for the way. */
  static final Duration PATIENCE = Duration.ofSeconds(35);

  /** How long nothing may be missed until all is well again. */
  private static final Duration CALM = Duration.ofMinutes(1);

  /** An agent that reports for the first time. */
  static StoredAgent of(Report report, Instant now) {
    boolean missed = report.missed() > 0;
    return new StoredAgent(
        report.host(),
        report.instance(),
        report.started(),
        now,
        report.stopped() ? AgentState.STOPPED : missed ? AgentState.DROPPING : AgentState.REPORTING,
        report.missed(),
        missed ? now : Instant.EPOCH);
  }

  /** After a report. */
  StoredAgent heard(Report report, Instant now) {
    if (report.started().isBefore(started)) {
      return this;
    }
    if (!report.instance().equals(instance) || report.started().isAfter(started)) {
      return of(report, now);
    }
    Instant last = report.missed() > missed ? now : missedAt;
    AgentState next =
        report.stopped()
            ? AgentState.STOPPED
            : last.plus(CALM).isAfter(now) ? AgentState.DROPPING : AgentState.REPORTING;
    return new StoredAgent(host, instance, started, now, next, report.missed(), last);
  }

  /** When it will have been silent for too long; never if it is already, or has ended. */
  Instant due(Instant listening) {
    return switch (state) {
      case REPORTING, DROPPING -> (seen.isBefore(listening) ? listening : seen).plus(PATIENCE);
      case SILENT, STOPPED -> Instant.MAX;
    };
  }

  StoredAgent silent() {
    return new StoredAgent(host, instance, started, seen, AgentState.SILENT, missed, missedAt);
  }
}
