package dev.troth.slo.alert;

import dev.troth.slo.objective.Severity;

/**
 * All that the state machine of one objective remembers between evaluations; stored with the
 * buckets, so that a restart tells nothing twice. Times are seconds since 1970, 0 means never.
 *
 * @param incident the open incident's id, or empty
 * @param lostSince since when telemetry counts as lost
 * @param crossed the highest budget level that was told and not yet taken back, in percent
 */
public record AlertMemory(
    State state,
    long since,
    Alarm page,
    Alarm ticket,
    String incident,
    long incidentSince,
    long lostSince,
    int crossed) {

  /** Before the first evaluation. */
  public static AlertMemory fresh(long nowSeconds) {
    return new AlertMemory(State.NO_DATA, nowSeconds, Alarm.QUIET, Alarm.QUIET, "", 0, 0, 0);
  }

  /**
   * One severity's alert.
   *
   * @param condition the place in the policy of the condition that fired
   * @param quietSince since when none of its conditions holds
   */
  public record Alarm(long firedAt, long quietSince, int condition) {
    public static final Alarm QUIET = new Alarm(0, 0, -1);

    Alarm notAfter(long now) {
      return new Alarm(firedAt, Math.min(quietSince, now), condition);
    }

    public boolean firing() {
      return firedAt != 0;
    }
  }

  /** The same with no time later than now, for when the clock was set back. */
  public AlertMemory notAfter(long now) {
    return new AlertMemory(
        state,
        Math.min(since, now),
        page.notAfter(now),
        ticket.notAfter(now),
        incident,
        Math.min(incidentSince, now),
        Math.min(lostSince, now),
        crossed);
  }

  /** What it remembers of one severity's alert. */
  public Alarm alarm(Severity severity) {
    return switch (severity) {
      case PAGE -> page;
      case TICKET -> ticket;
    };
  }

  AlertMemory with(Severity severity, Alarm alarm) {
    return switch (severity) {
      case PAGE ->
          new AlertMemory(state, since, alarm, ticket, incident, incidentSince, lostSince, crossed);
      case TICKET ->
          new AlertMemory(state, since, page, alarm, incident, incidentSince, lostSince, crossed);
    };
  }

  AlertMemory withIncident(String id, long at) {
    return new AlertMemory(state, since, page, ticket, id, at, lostSince, crossed);
  }

  AlertMemory withLost(long at) {
    return new AlertMemory(state, since, page, ticket, incident, incidentSince, at, crossed);
  }

  AlertMemory withCrossed(int level) {
    return new AlertMemory(state, since, page, ticket, incident, incidentSince, lostSince, level);
  }

  AlertMemory withState(State now, long at) {
    return new AlertMemory(now, at, page, ticket, incident, incidentSince, lostSince, crossed);
  }
}
