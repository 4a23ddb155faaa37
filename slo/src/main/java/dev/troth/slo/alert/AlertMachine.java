package dev.troth.slo.alert;

import dev.troth.slo.alert.AlertMemory.Alarm;
import dev.troth.slo.alert.Burn.Status;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.count.Counts;
import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the alerts of one objective from its counts.
 *
 * <p>A severity fires when both windows of any of its conditions burn above the threshold and the
 * gate says that the traffic is evidence enough. It ends when no condition has held for a while.
 * Missing data never ends anything: a window without events leaves things as they are, and when
 * data stay away for longer than the traffic explains, everything freezes and that is an alert of
 * its own. Counts that cannot be true stop alerts in the same way. All alerts of an objective
 * belong to one incident; while it pages, tickets are recorded but inhibited.
 *
 * <p>Not thread-safe.
 */
public final class AlertMachine {
  private final Objective objective;
  private final String group;
  private final String name;
  private final Condition[] conditions;
  private final double budget;
  private final BudgetLevels levels;
  private final Silence silence;
  private final Reach[] reaches;
  private AlertMemory memory;
  private @Nullable AlertMemory whole;
  private Optional<Doubt> doubt = Optional.empty();

  /** The windows of a condition in minutes, and the share of bad events that burns. */
  private record Reach(long brief, long broad, double limit) {
    static Reach of(Condition condition, double budget) {
      return new Reach(
          condition.shortWindow().toMinutes(),
          condition.longWindow().toMinutes(),
          condition.above() * budget);
    }
  }

  /** The alerts of an objective as a whole. */
  public AlertMachine(Objective objective, AlertMemory memory) {
    this(objective, "", memory);
  }

  /** The alerts of a group of an objective; see {@link #evaluateGroup}. */
  public AlertMachine(Objective objective, String group, AlertMemory memory) {
    this.group = group;
    this.name = new GroupKey(objective.name(), group).toString();
    this.objective = objective;
    this.conditions = objective.rules().alerts().conditions().toArray(Condition[]::new);
    this.budget = objective.goal().budget();
    this.levels = new BudgetLevels(objective);
    this.silence = new Silence(objective);
    this.reaches =
        objective.rules().alerts().conditions().stream()
            .map(condition -> Reach.of(condition, budget))
            .toArray(Reach[]::new);
    this.memory = memory;
  }

  public AlertMemory memory() {
    return memory;
  }

  /** Whether the counts can be relied on, from the next evaluation on. */
  public void doubt(Optional<Doubt> found) {
    doubt = found;
  }

  /** Evaluates everything once; usually nothing has happened. */
  public List<Event> evaluate(Tally tally, Counts window, long nowSeconds) {
    List<Event> events = new ArrayList<>(0);
    AlertMemory before = memory;
    checkTelemetry(tally, nowSeconds, events);
    boolean insufficient = false;
    boolean possible = doubt.isEmpty() || !doubt.get().stopsAlerts();
    if (memory.lostSince() == 0 && tally.lastEvent() != Long.MIN_VALUE && possible) {
      insufficient = checkAlarm(Severity.PAGE, tally, nowSeconds, events);
      insufficient |= checkAlarm(Severity.TICKET, tally, nowSeconds, events);
      closeIncident(nowSeconds, events);
      checkBudget(window, nowSeconds, events);
    }
    State now = state(tally, insufficient);
    if (now != before.state()) {
      memory = memory.withState(now, nowSeconds);
      events.add(
          new Event.StateChanged(
              name, Instant.ofEpochSecond(nowSeconds), before.state(), now, reason(tally, now)));
    }
    return events;
  }

  /**
   * Evaluates the alerts of a group: no budget, and no loss of telemetry, because a group may be
   * idle. Its silence ends them. None begins while the objective as a whole has one that says as
   * much.
   *
   * @param objectives the alerts of the objective as a whole
   */
  public void evaluateGroup(
      Tally tally, AlertMemory objectives, long nowSeconds, List<Event> events) {
    whole = objectives;
    // A group that was silent for longer than any of its windows still ends what it began.
    if (tally.lastEvent() != Long.MIN_VALUE || !memory.incident().isEmpty()) {
      checkAlarm(Severity.PAGE, tally, nowSeconds, events);
      checkAlarm(Severity.TICKET, tally, nowSeconds, events);
      closeIncident(nowSeconds, events);
    }
  }

  /** Whether an alert may begin beside those of the objective as a whole. */
  private boolean mayFire(Severity severity) {
    return whole == null
        || !(whole.page().firing() || (severity == Severity.TICKET && whole.ticket().firing()));
  }

  /** Two groups may begin in one minute. */
  private String incidentAt(long minute) {
    return group.isEmpty()
        ? name + "-" + minute
        : "%s-%d-%s".formatted(objective.name(), minute, Grouping.digest(group));
  }

  private State state(Tally tally, boolean insufficient) {
    if (memory.lostSince() != 0) {
      return State.FROZEN;
    }
    if (tally.lastEvent() == Long.MIN_VALUE && doubt.isEmpty()) {
      return State.NO_DATA;
    }
    if (doubt.isPresent() && doubt.get().stopsAlerts()) {
      return doubt.get().state();
    }
    if (memory.page().firing()) {
      return State.PAGE;
    }
    if (memory.ticket().firing()) {
      return State.TICKET;
    }
    if (doubt.isPresent()) {
      return doubt.get().state();
    }
    return insufficient ? State.INSUFFICIENT_TRAFFIC : State.OK;
  }

  /** Returns whether a condition would fire, had there been more traffic. */
  private boolean checkAlarm(Severity severity, Tally tally, long now, List<Event> events) {
    int burning = -1;
    boolean insufficient = false;
    boolean unknown = false;
    Alarm alarm = memory.alarm(severity);
    boolean firing = alarm.firing();
    for (int i = 0; i < conditions.length; i++) {
      if (conditions[i].severity() == severity) {
        if (!firing && belowInShort(i, tally)) {
          continue;
        }
        Status status = status(i, tally);
        burning = status == Status.BURNING && burning < 0 ? i : burning;
        insufficient |= status == Status.INSUFFICIENT_TRAFFIC;
        unknown |= status == Status.NO_DATA && group.isEmpty();
      }
    }
    if (burning >= 0 && !firing && mayFire(severity)) {
      fire(severity, burning, tally, now, events);
    } else if (firing && (burning >= 0 || insufficient || unknown)) {
      if (alarm.quietSince() != 0) {
        memory = memory.with(severity, new Alarm(alarm.firedAt(), 0, alarm.condition()));
      }
    } else if (firing) {
      quiet(severity, alarm, now, events);
    }
    return insufficient;
  }

  private void fire(Severity severity, int index, Tally tally, long now, List<Event> events) {
    Condition condition = conditions[index];
    Instant at = Instant.ofEpochSecond(now);
    List<Cause> causes = causes(tally, condition.shortWindow());
    if (memory.incident().isEmpty()) {
      String id = incidentAt(now / 60);
      memory = memory.withIncident(id, now);
      events.add(new Event.IncidentOpened(name, at, id, severity, causes));
    }
    memory = memory.with(severity, new Alarm(now, 0, index));
    boolean inhibited = severity == Severity.TICKET && memory.page().firing();
    events.add(
        new Event.AlertFired(
            name,
            at,
            memory.incident(),
            severity,
            new Event.Evidence(
                condition.text(),
                burn(tally, condition.shortWindow(), severity),
                burn(tally, condition.longWindow(), severity),
                causes),
            inhibited));
  }

  private void quiet(Severity severity, Alarm alarm, long now, List<Event> events) {
    if (alarm.quietSince() == 0) {
      memory = memory.with(severity, new Alarm(alarm.firedAt(), now, alarm.condition()));
      return;
    }
    int fired = Math.clamp(alarm.condition(), 0, conditions.length - 1);
    Duration wait =
        objective.rules().alerts().resolveAfter().orElse(conditions[fired].shortWindow());
    if (now - alarm.quietSince() >= wait.toSeconds()) {
      memory = memory.with(severity, Alarm.QUIET);
      events.add(
          new Event.AlertResolved(
              name,
              Instant.ofEpochSecond(now),
              memory.incident(),
              severity,
              Instant.ofEpochSecond(alarm.firedAt())));
    }
  }

  private void closeIncident(long now, List<Event> events) {
    if (!memory.incident().isEmpty() && !memory.page().firing() && !memory.ticket().firing()) {
      events.add(
          new Event.IncidentResolved(
              name,
              Instant.ofEpochSecond(now),
              memory.incident(),
              Instant.ofEpochSecond(memory.incidentSince())));
      memory = memory.withIncident("", 0);
    }
  }

  private void checkTelemetry(Tally tally, long now, List<Event> events) {
    if (tally.lastEvent() == Long.MIN_VALUE) {
      return;
    }
    long tolerable = silence.tolerable(tally);
    // Maintenance is looked at only where it could matter: usually events go on.
    boolean lost = tally.head() - tally.lastEvent() > tolerable && tally.silent() > tolerable;
    if (lost && memory.lostSince() == 0) {
      memory = memory.withLost(now);
      Instant lastData = Instant.ofEpochSecond(tally.lastEvent() * 60 + 59);
      events.add(new Event.TelemetryLost(name, Instant.ofEpochSecond(now), lastData));
    } else if (!lost && memory.lostSince() != 0) {
      Instant since = Instant.ofEpochSecond(memory.lostSince());
      memory = memory.withLost(0);
      events.add(new Event.TelemetryBack(name, Instant.ofEpochSecond(now), since));
    }
  }

  private void checkBudget(Counts window, long now, List<Event> events) {
    int level = levels.crossed(window, memory.crossed());
    if (level == memory.crossed()) {
      return;
    }
    boolean up = level > memory.crossed();
    BudgetPolicy told = levels.policy(up ? level : memory.crossed());
    events.add(
        new Event.BudgetCrossed(
            name,
            Instant.ofEpochSecond(now),
            told.atPercent(),
            window.rateLow() / budget,
            up,
            told.action()));
    memory = memory.withCrossed(level);
  }

  /**
   * Whether the short window alone says that a condition neither burns nor lacks traffic. While
   * nothing fires, nothing else matters, and the long window need not be read.
   */
  private boolean belowInShort(int index, Tally tally) {
    Reach reach = reaches[index];
    Counts brief = tally.since(tally.head() - reach.brief);
    return brief.total() <= 0 || !(rate(brief, conditions[index].severity()) > reach.limit);
  }

  private Status status(int index, Tally tally) {
    Condition condition = conditions[index];
    Reach reach = reaches[index];
    Counts brief = tally.since(tally.head() - reach.brief);
    Counts broad = tally.since(tally.head() - reach.broad);
    if (brief.total() <= 0 || broad.total() <= 0) {
      return Status.NO_DATA;
    }
    Severity severity = condition.severity();
    if (!(rate(brief, severity) > reach.limit && rate(broad, severity) > reach.limit)) {
      return Status.QUIET;
    }
    boolean enough =
        objective.rules().alerts().gate().passes(bad(broad, severity), broad.total(), budget);
    return enough ? Status.BURNING : Status.INSUFFICIENT_TRAFFIC;
  }

  /** Pages look at what is certain, tickets at what is possible. */
  private static double rate(Counts counts, Severity severity) {
    return severity == Severity.PAGE ? counts.rateLow() : counts.rateHigh();
  }

  private static long bad(Counts counts, Severity severity) {
    return severity == Severity.PAGE ? counts.badLow() : counts.badHigh();
  }

  /** The window's minutes and the one that is still filling. */
  private static Counts counts(Tally tally, Duration window) {
    return tally.since(tally.head() - window.toMinutes());
  }

  private double burn(Tally tally, Duration window, Severity severity) {
    return rate(counts(tally, window), severity) / budget;
  }

  /** All conditions as they stand. */
  public List<Burn> burns(Tally tally) {
    List<Burn> burns = new ArrayList<>();
    for (int i = 0; i < conditions.length; i++) {
      Condition condition = conditions[i];
      burns.add(
          new Burn(
              condition,
              burn(tally, condition.shortWindow(), condition.severity()),
              burn(tally, condition.longWindow(), condition.severity()),
              status(i, tally)));
    }
    return burns;
  }

  /**
   * The steps that failed, worst first: over the short window, which says what fails now. Of steps
   * with the same share the last in the chain comes first: failures travel up the chain, so the
   * deepest step is where they began.
   */
  public List<Cause> causes(Tally tally, Duration window) {
    long from = tally.head() - window.toMinutes();
    long bad = tally.eventsSince(from).badHigh();
    List<Cause> causes = new ArrayList<>();
    List<String> steps = objective.steps();
    for (int i = steps.size() - 1; i >= 0; i--) {
      long failed = tally.stepBadSince(i, from);
      if (failed > 0 && bad > 0) {
        causes.add(new Cause(steps.get(i), failed, (double) failed / bad));
      }
    }
    causes.sort((a, b) -> Long.compare(b.bad(), a.bad()));
    return causes;
  }

  private String reason(Tally tally, State state) {
    return switch (state) {
      case OK -> "no alert";
      case NO_DATA -> "nothing was counted yet";
      case UNMEASURED -> "nothing to count from";
      case NO_SIGNAL, DATA_FAULT, UNCERTAIN -> doubt.map(Doubt::reason).orElse("not known");
      case FROZEN -> "no data since " + Instant.ofEpochSecond(tally.lastEvent() * 60 + 59);
      case PAGE -> reason(tally, memory.page());
      case TICKET -> reason(tally, memory.ticket());
      case INSUFFICIENT_TRAFFIC -> "the burn rate is high, but on too little traffic to tell";
    };
  }

  private String reason(Tally tally, Alarm alarm) {
    Condition condition = conditions[Math.clamp(alarm.condition(), 0, conditions.length - 1)];
    return "burn %.1f over %s and %.1f over %s, fired above %s"
        .formatted(
            burn(tally, condition.shortWindow(), condition.severity()),
            Durations.format(condition.shortWindow()),
            burn(tally, condition.longWindow(), condition.severity()),
            Durations.format(condition.longWindow()),
            condition.above());
  }

  /** Why it stands as it does, now. */
  public String reason(Tally tally) {
    return reason(tally, memory.state());
  }
}
