package dev.troth.server.incident;

import dev.troth.slo.alert.Event;
import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.alert.Event.AlertResolved;
import dev.troth.slo.alert.Event.BudgetCrossed;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.alert.Event.GroupsFull;
import dev.troth.slo.alert.Event.IncidentOpened;
import dev.troth.slo.alert.Event.IncidentResolved;
import dev.troth.slo.alert.Event.StateChanged;
import dev.troth.slo.alert.Event.TelemetryBack;
import dev.troth.slo.alert.Event.TelemetryLost;
import dev.troth.slo.alert.State;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Events of objectives as changes of the subjects {@code slo/<name>} and {@code incident/<id>}, so
 * that watchers are told.
 *
 * <p>A page passes mutes and quiet hours. A ticket while a page is open is kept in the alert
 * history and told to nobody.
 */
public final class AlertChanges {
  /** Who says what nobody said. */
  static final String ACTOR = "slo";

  private final ChangeLog<Handle> changes;
  private final Map<String, String> titles;
  private final Doubts doubts;

  /**
   * Says whether what nobody has seen could explain an alert; empty if nothing is known of that.
   */
  @FunctionalInterface
  public interface Doubts {
    Optional<String> of(Handle handle, AlertFired fired);
  }

  /** Tells into this log of these objectives. */
  public AlertChanges(ChangeLog<Handle> changes, List<Objective> objectives, Doubts doubts) {
    this.changes = changes;
    this.titles =
        objectives.stream()
            .collect(Collectors.toMap(Objective::name, one -> one.title().displayName()));
    this.doubts = doubts;
  }

  /** Appends what watchers are told, within the transaction that stores it. */
  public void tell(Handle handle, Event event) {
    switch (event) {
      case AlertFired fired -> {
        Optional<String> doubt = doubts.of(handle, fired);
        doubt.ifPresent(text -> IncidentStore.saveUnseen(handle, fired, text));
        if (!fired.inhibited()) {
          changes.append(handle, fired(fired, doubt));
        }
      }
      case AlertResolved resolved -> changes.append(handle, resolved(resolved));
      case IncidentOpened opened ->
          changes.append(
              handle,
              incident(opened.incident(), "incident.opened")
                  .after(
                      named(opened)
                          .with("state", "open")
                          .with("severity", opened.severity().word())
                          .with("because", because(opened.causes()))
                          .fields()));
      case IncidentResolved resolved ->
          changes.append(
              handle,
              incident(resolved.incident(), "incident.resolved")
                  .before(named(resolved).with("state", "open").fields())
                  .after(
                      named(resolved)
                          .with("state", "resolved")
                          .with("lasted", lasted(resolved.openedAt(), resolved.at()))
                          .because(resolved.why())
                          .fields()));
      case TelemetryLost lost ->
          changes.append(
              handle,
              objective(lost, "telemetry.lost")
                  .before(named(lost).with("telemetry", "arriving").fields())
                  .after(
                      named(lost)
                          .with("telemetry", "lost")
                          .with("lastData", lost.lastData().toString())
                          .fields()));
      case TelemetryBack back ->
          changes.append(
              handle,
              objective(back, "telemetry.back")
                  .before(named(back).with("telemetry", "lost").fields())
                  .after(named(back).with("telemetry", "arriving").fields()));
      case BudgetCrossed crossed -> changes.append(handle, budget(crossed));
      case GroupsFull full -> changes.append(handle, full(full));
      case StateChanged changed -> {
        if (isDoubt(changed.to()) || (!told(changed.from()) && !told(changed.to()))) {
          changes.append(handle, state(changed));
        }
      }
    }
  }

  /** Somebody looks after an incident or silenced it, or changed until when. */
  void said(Handle handle, Optional<Hold> before, Hold hold) {
    var _ =
        changes.append(
            handle,
            NewChange.of(
                    new Subject("incident", hold.incident()), "incident." + hold.kind(), hold.by())
                .before(before.map(this::fields).orElse(Fields.none()))
                .after(fields(hold)));
  }

  /**
   * What somebody said of an incident holds no longer.
   *
   * @param burns the worst that still fires
   */
  void ended(Handle handle, Hold hold, String actor, Optional<Severity> burns) {
    FieldList after = named(hold.objective()).with("state", burns.isPresent() ? "burning" : "over");
    boolean outgrown = burns.filter(hold::isBelow).isPresent();
    var _ =
        changes.append(
            handle,
            NewChange.of(
                    new Subject("incident", hold.incident()),
                    "incident.%s-ended".formatted(hold.kind().thing()),
                    actor)
                .before(fields(hold))
                .after((outgrown ? after.with("why", outgrown(hold)) : after).fields()));
  }

  private Fields fields(Hold hold) {
    FieldList said =
        named(hold.objective())
            .with("by", hold.by())
            .with("until", hold.until().toString())
            .with("severity", hold.severity().word());
    return (hold.reason().isEmpty() ? said : said.with("why", hold.reason())).fields();
  }

  /** An alert that still fires, when what held it back is over. */
  void again(Handle handle, AlertFired fired, Hold hold) {
    NewChange change = fired(fired, doubts.of(handle, fired));
    String why =
        hold.isBelow(fired.severity())
            ? outgrown(hold)
            : "the %s of %s is over".formatted(hold.kind().thing(), hold.by());
    var _ =
        changes.append(
            handle, change.after(new FieldList(change.after()).with("again", why).fields()));
  }

  private static String outgrown(Hold hold) {
    return "the silence of %s was of a ticket, and this is a page".formatted(hold.by());
  }

  /** Of these states an alert, or the loss of telemetry, tells already. */
  private static boolean told(State state) {
    return switch (state) {
      case PAGE, TICKET, FROZEN -> true;
      case OK, INSUFFICIENT_TRAFFIC, NO_DATA, UNMEASURED, NO_SIGNAL, DATA_FAULT, UNCERTAIN -> false;
    };
  }

  /** Of these states nothing else tells, wherever they come from: the figure says nothing. */
  private static boolean isDoubt(State state) {
    return switch (state) {
      case NO_SIGNAL, DATA_FAULT, UNCERTAIN -> true;
      case OK, PAGE, TICKET, INSUFFICIENT_TRAFFIC, NO_DATA, UNMEASURED, FROZEN -> false;
    };
  }

  private NewChange state(StateChanged changed) {
    String type =
        isDoubt(changed.to())
            ? "evidence.lost"
            : isDoubt(changed.from()) ? "evidence.back" : "slo.state";
    return objective(changed, type)
        .before(named(changed).with("state", changed.from().word()).fields())
        .after(
            named(changed)
                .with("state", changed.to().word())
                .with("why", changed.reason())
                .fields());
  }

  private NewChange fired(AlertFired fired, Optional<String> doubt) {
    String alert = fired.severity().word();
    FieldList after =
        named(fired)
            .with("alert", alert)
            .with("because", because(fired.evidence().causes()))
            .with(
                "burn",
                String.format(
                    Locale.ROOT,
                    "%.1f and %.1f, condition %s",
                    fired.evidence().shortBurn(),
                    fired.evidence().longBurn(),
                    fired.evidence().condition()))
            .with("incident", fired.incident());
    NewChange change =
        objective(fired, "alert.fired")
            .before(named(fired).with("alert", "none").fields())
            .after(
                doubt.map(text -> after.with("lossCouldExplainIt", text)).orElse(after).fields());
    return fired.severity() == Severity.PAGE ? change.critical() : change;
  }

  private NewChange resolved(AlertResolved resolved) {
    return objective(resolved, "alert.resolved")
        .before(
            named(resolved)
                .with("alert", resolved.severity().word())
                .with("incident", resolved.incident())
                .fields())
        .after(
            named(resolved)
                .with("alert", "none")
                .with("incident", resolved.incident())
                .with("lasted", lasted(resolved.firedAt(), resolved.at()))
                .because(resolved.why())
                .fields());
  }

  private NewChange budget(BudgetCrossed crossed) {
    String spent = String.format(Locale.ROOT, "%.0f %% spent", 100 * crossed.spent());
    String level = crossed.percent() + " %";
    return objective(crossed, crossed.up() ? "budget.crossed" : "budget.recovered")
        .before(named(crossed).with("budget", crossed.up() ? "below " + level : level).fields())
        .after(
            named(crossed)
                .with("budget", crossed.up() ? level : "below " + level)
                .with("action", crossed.action())
                .with("spent", spent)
                .fields());
  }

  private NewChange full(GroupsFull full) {
    return objective(full, "groups.full")
        .before(named(full).with("groups", "fewer than " + full.limit()).fields())
        .after(
            named(full)
                .with("groups", "%d by %s, the limit".formatted(full.limit(), full.attribute()))
                .with("further", "counted as " + Grouping.OTHERS)
                .with("first", full.value())
                .fields());
  }

  private static NewChange objective(Event event, String type) {
    GroupKey key = GroupKey.parse(event.objective());
    return NewChange.of(new Subject("slo", key.objective()), type, ACTOR);
  }

  private static NewChange incident(String id, String type) {
    return NewChange.of(new Subject("incident", id), type, ACTOR);
  }

  /** {@code bus failed in 102 requests}: the worst step alone. */
  private static String because(List<Cause> causes) {
    if (causes.isEmpty()) {
      return "the cause is not known";
    }
    Cause worst = causes.getFirst();
    return "%s failed in %d %s"
        .formatted(worst.step(), worst.bad(), worst.bad() == 1 ? "request" : "requests");
  }

  private static String lasted(Instant from, Instant to) {
    Duration length = Duration.between(from, to);
    return length.toMinutes() < 10
        ? length.toSeconds() + "s"
        : Durations.approximate(length.toSeconds() / 60.0);
  }

  private FieldList named(Event event) {
    return named(event.objective());
  }

  /** An objective's title, and the group that it is about. */
  private FieldList named(String objective) {
    GroupKey key = GroupKey.parse(objective);
    FieldList named = new FieldList(Fields.of("name", title(key.objective())));
    return key.isGroup() ? named.with("group", key.group()) : named;
  }

  private String title(String objective) {
    return titles.getOrDefault(objective, objective);
  }

  /** Fields in the order in which they are read. */
  private record FieldList(Fields fields) {
    FieldList because(String why) {
      return why.isEmpty() ? this : with("why", why);
    }

    FieldList with(String name, Object value) {
      var values = new java.util.LinkedHashMap<String, @org.jspecify.annotations.Nullable Object>();
      values.putAll(fields.values());
      values.put(name, value);
      return new FieldList(new Fields(values));
    }
  }
}
