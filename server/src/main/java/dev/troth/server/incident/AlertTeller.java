package dev.troth.server.incident;

import static java.util.Objects.requireNonNull;

import dev.troth.server.incident.IncidentStore.StoredAlert;
import dev.troth.slo.alert.Event;
import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.alert.Event.AlertResolved;
import dev.troth.slo.alert.Event.IncidentOpened;
import dev.troth.slo.alert.Event.IncidentResolved;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Severity;
import dev.troth.watch.change.Subject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Stores what happened to objectives and tells watchers, but nothing of an incident that is
 * silenced. A page ends a silence that was made while only tickets fired. When a silence ends, the
 * difference that it made is told: what still burns, and the end of what was told before it. When
 * nobody looks after an incident any longer, what still burns is told again. All of it is read from
 * the store, so that it does not matter which platform does it.
 */
public final class AlertTeller {
  private static final Comparator<Severity> WORST_FIRST =
      Comparator.comparing(severity -> severity != Severity.PAGE);

  private final AlertChanges changes;
  private final Paging paging;
  private final IncidentStore incidents = new IncidentStore();
  private final HoldStore holds = new HoldStore();

  public AlertTeller(AlertChanges changes, Paging paging) {
    this.changes = changes;
    this.paging = paging;
  }

  AlertChanges changes() {
    return changes;
  }

  /** Takes what happened, in the transaction that stores all else of it. */
  public void take(Handle handle, List<Event> events, Instant at) {
    events.forEach(event -> incidents.save(handle, event));
    Set<String> settled = new HashSet<>();
    Set<String> fired = new HashSet<>();
    for (Event event : events) {
      if (event instanceof AlertFired alert) {
        fired.add(key(alert.incident(), alert.severity()));
      }
    }
    for (Hold hold : ending(handle, events, at)) {
      if (holds.end(handle, hold)) {
        ended(handle, hold, AlertChanges.ACTOR, at, fired);
        if (hold.kind() == Hold.Kind.SILENCED) {
          settled.add(hold.incident());
        }
      }
    }
    for (Event event : events) {
      String incident = incident(event);
      boolean isQuiet =
          !incident.isEmpty()
              && (settled.contains(incident)
                  || holds.holds(handle, incident, Hold.Kind.SILENCED, at));
      if (!isQuiet) {
        changes.tell(handle, event);
      }
    }
  }

  /** Incidents that go on, of all objectives and groups. */
  public List<IncidentView> open(Handle handle) {
    return incidents.open(handle, Optional.empty(), Integer.MAX_VALUE);
  }

  /** Forgets incidents that were over before a time, with their alerts. */
  public void forget(Handle handle, Instant before) {
    incidents.trim(handle, before);
  }

  /** Ends an incident that nothing evaluates any more, and says why. */
  public void end(Handle handle, IncidentView incident, String why, Instant now) {
    // After the clock was set back it began in a time that has not come yet.
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    Instant at = second.isBefore(incident.openedAt()) ? incident.openedAt() : second;
    String name = incident.key().toString();
    List<Event> events = new ArrayList<>();
    for (StoredAlert alert : incidents.alertsOf(handle, incident.id())) {
      if (alert.isFiring()) {
        events.add(
            new AlertResolved(name, at, incident.id(), alert.severity(), alert.firedAt(), why));
      }
    }
    events.add(new IncidentResolved(name, at, incident.id(), incident.openedAt(), why));
    take(handle, events, now);
  }

  /** Holds whose time is over, and silences of less than what has just fired. */
  private List<Hold> ending(Handle handle, List<Event> events, Instant at) {
    List<Hold> ending = new ArrayList<>(holds.due(handle, at));
    for (Event event : events) {
      if (event instanceof AlertFired alert) {
        holds
            .find(handle, alert.incident(), Hold.Kind.SILENCED)
            .filter(hold -> hold.isBelow(alert.severity()) && hold.until().isAfter(at))
            .ifPresent(ending::addFirst);
      }
    }
    return ending;
  }

  private static String key(String incident, Severity severity) {
    return incident + " " + severity.word();
  }

  /** Of which incident an event speaks; empty if it is about the objective as such. */
  private static String incident(Event event) {
    return switch (event) {
      case AlertFired fired -> fired.incident();
      case AlertResolved resolved -> resolved.incident();
      case IncidentOpened opened -> opened.incident();
      case IncidentResolved resolved -> resolved.incident();
      case Event.StateChanged _,
          Event.TelemetryLost _,
          Event.TelemetryBack _,
          Event.BudgetCrossed _,
          Event.GroupsFull _ ->
          "";
    };
  }

  /** Ends a hold before its time, and says so. */
  boolean end(Handle handle, Hold hold, String user, Instant at) {
    if (!holds.end(handle, hold)) {
      return false;
    }
    ended(handle, hold, user, at, Set.of());
    return true;
  }

  /**
   * Tells what follows from an end.
   *
   * @param toldAnyway alerts that fired just now and are told for themselves
   */
  private void ended(Handle handle, Hold hold, String actor, Instant at, Set<String> toldAnyway) {
    List<StoredAlert> alerts = incidents.alertsOf(handle, hold.incident());
    Optional<Severity> burns =
        alerts.stream().filter(StoredAlert::isFiring).map(StoredAlert::severity).min(WORST_FIRST);
    changes.ended(handle, hold, actor, burns);
    switch (hold.kind()) {
      case SILENCED -> unsilenced(handle, hold, alerts, at);
      case ACKNOWLEDGED -> {
        if (!holds.holds(handle, hold.incident(), Hold.Kind.SILENCED, at)) {
          paging.forgotten(handle, subject(hold), group(hold));
          alerts.stream()
              .filter(alert -> !toldAnyway.contains(key(hold.incident(), alert.severity())))
              .forEach(alert -> firing(handle, hold, alert, alerts, at));
        }
      }
    }
  }

  private void unsilenced(Handle handle, Hold hold, List<StoredAlert> alerts, Instant at) {
    for (StoredAlert alert : alerts) {
      Instant resolved = alert.resolvedAt();
      boolean wasTold = alert.firedAt().isBefore(hold.began()) && !alert.inhibited();
      if (resolved != null && wasTold && !resolved.isBefore(hold.began())) {
        changes.tell(
            handle,
            new AlertResolved(
                hold.objective(), resolved, hold.incident(), alert.severity(), alert.firedAt()));
      }
    }
    incidents
        .incident(handle, hold.incident())
        .filter(incident -> incident.resolvedAt() != null)
        .ifPresent(incident ->
            changes.tell(
                handle,
                new IncidentResolved(
                    hold.objective(),
                    requireNonNull(incident.resolvedAt()),
                    hold.incident(),
                    incident.openedAt())));
    if (!holds.holds(handle, hold.incident(), Hold.Kind.ACKNOWLEDGED, at)) {
      paging.forgotten(handle, subject(hold), group(hold));
    }
    alerts.forEach(alert -> firing(handle, hold, alert, alerts, at));
  }

  /** A ticket says nothing beside a page, as when it fires. */
  private void firing(
      Handle handle, Hold hold, StoredAlert alert, List<StoredAlert> alerts, Instant at) {
    boolean beside =
        alert.severity() == Severity.TICKET
            && alerts.stream().anyMatch(one -> one.isFiring() && one.severity() == Severity.PAGE);
    if (alert.isFiring() && !beside) {
      changes.again(
          handle,
          new AlertFired(
              hold.objective(), at, hold.incident(), alert.severity(), alert.evidence(), false),
          hold);
    }
  }

  static Subject subject(Hold hold) {
    return new Subject("slo", GroupKey.parse(hold.objective()).objective());
  }

  /** The group that an incident is of; empty where it is of the whole objective. */
  static String group(Hold hold) {
    return GroupKey.parse(hold.objective()).group();
  }
}
