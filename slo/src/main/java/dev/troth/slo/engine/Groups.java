package dev.troth.slo.engine;

import dev.troth.slo.alert.AlertMachine;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.chain.Grouping.AlertOn;
import dev.troth.slo.count.Delta;
import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.MaintenanceTimes;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests of an objective by the value of an attribute: which values have a group, and what
 * alerts of each.
 *
 * <p>The first values get a group each; what comes when there are as many as there may be is
 * counted with the others, and that is told once. A group has all that belongs to it since a
 * minute: what its value counted before, with the others, is corrected there. Counts go to the
 * store; here is kept only which groups there are, about 100 bytes and its name each. Where groups
 * alert, each also has the counts of the alerts' windows: two counters of 6 hours by the minute and
 * 3 days by ten minutes, 11 kB, and 3 kB for each step and the unknown ones, so 26 kB for a chain
 * of four. Not thread-safe.
 */
public final class Groups {
  private static final int MINUTES = 360;

  private final Objective objective;
  private final Grouping grouping;
  private final MaintenanceTimes maintenance;
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private int named;
  private long newestOther = Long.MIN_VALUE;
  private @Nullable String homeless;

  Groups(Objective objective, Grouping grouping) {
    this.objective = objective;
    this.grouping = grouping;
    this.maintenance = new MaintenanceTimes(objective.rules().maintenance());
  }

  /** A group, with what it needs to alert where groups do. */
  private record Group(long since, @Nullable Alerting alerting) {}

  private record Alerting(Tally tally, AlertMachine machine) {}

  /** A group that was there before a restart; before {@link #restore} of its counts. */
  public void restore(String name, long since, AlertMemory memory, Instant oldest) {
    put(name, since, memory, Tally.minute(oldest));
  }

  /** Adds the counts of a stored bucket; oldest first. */
  public void restore(String name, Delta bucket) {
    Group group = groups.get(name);
    if (group != null && group.alerting != null) {
      group.alerting.tally.add(bucket);
    }
  }

  /** The newest minute in which anything was counted with the others. */
  public void restoreNewestOther(long minute) {
    newestOther = Math.max(newestOther, minute);
  }

  /** How far back counts are restored; zero where no group alerts. */
  public Duration reach() {
    return grouping.alertOn() == AlertOn.GROUPS ? longest() : Duration.ZERO;
  }

  /** Counts what a value counted; in maintenance, that is nothing. */
  void count(String value, Delta delta, long head, Pending pending) {
    if (maintenance.at(delta.minute()) >= 0) {
      return;
    }
    String name = place(value, delta.minute(), head, pending);
    Group group = groups.get(name);
    if (group != null && group.alerting != null) {
      group.alerting.tally.add(delta);
    }
    pending.add(name, delta);
  }

  /** The group that a value counts as in a minute, the same whenever it is asked. */
  private String place(String value, long minute, long head, Pending pending) {
    Group group = groups.get(value);
    if (group == null && (value.equals(Grouping.NONE) || named < grouping.limit())) {
      long since =
          value.equals(Grouping.NONE) || newestOther == Long.MIN_VALUE
              ? Long.MIN_VALUE
              : newestOther + 1;
      group = admit(value, since, head, pending);
    }
    if (group != null && minute >= group.since) {
      return value;
    }
    if (!groups.containsKey(Grouping.OTHERS)) {
      homeless = value;
      admit(Grouping.OTHERS, Long.MIN_VALUE, head, pending);
    }
    newestOther = Math.max(newestOther, minute);
    return Grouping.OTHERS;
  }

  private Group admit(String name, long since, long head, Pending pending) {
    pending.admit(name, since);
    return put(name, since, AlertMemory.fresh(head * 60), head);
  }

  private Group put(String name, long since, AlertMemory memory, long minute) {
    Alerting alerting =
        grouping.alertOn() == AlertOn.GROUPS
            ? new Alerting(
                new Tally(shape(), objective.rules().exclusions(), minute),
                new AlertMachine(objective, name, memory))
            : null;
    Group group = new Group(since, alerting);
    if (groups.put(name, group) == null && !isReserved(name)) {
      named++;
    }
    return group;
  }

  private static boolean isReserved(String name) {
    return name.equals(Grouping.NONE) || name.equals(Grouping.OTHERS);
  }

  private Tally.Shape shape() {
    return new Tally.Shape(
        new Window.Rolling(longest()),
        1,
        objective.steps().size(),
        Tally.Edge.FILLING,
        false,
        MINUTES,
        objective.goal().slices());
  }

  private Duration longest() {
    return objective.rules().alerts().conditions().stream()
        .map(Condition::longWindow)
        .max(Duration::compareTo)
        .orElse(Duration.ofHours(1));
  }

  /** Forgets a group of which nothing is stored any more, so that another has its place. */
  public void forget(String name) {
    if (groups.remove(name) != null && !isReserved(name)) {
      named--;
    }
  }

  /** Evaluates the alerts of groups, and tells of a value that found none. */
  void evaluate(long head, Instant now, AlertMemory whole, List<Event> events) {
    if (homeless != null) {
      events.add(
          new Event.GroupsFull(
              objective.name(), now, grouping.attribute(), grouping.limit(), homeless));
      homeless = null;
    }
    if (grouping.alertOn() == AlertOn.TOTAL) {
      return;
    }
    for (Group group : groups.values()) {
      Alerting alerting = group.alerting;
      if (alerting != null) {
        alerting.tally.advance(head);
        // Without telemetry everything stays as it is.
        if (whole.lostSince() == 0) {
          alerting.machine.evaluateGroup(alerting.tally, whole, now.getEpochSecond(), events);
        }
      }
    }
  }

  void addMemories(Map<String, AlertMemory> memories) {
    groups.forEach((name, group) -> {
      if (group.alerting != null) {
        memories.put(
            new GroupKey(objective.name(), name).toString(), group.alerting.machine.memory());
      }
    });
  }
}
