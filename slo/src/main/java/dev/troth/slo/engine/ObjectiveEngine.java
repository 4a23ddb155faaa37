package dev.troth.slo.engine;

import dev.troth.slo.alert.AlertMachine;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Doubt;
import dev.troth.slo.alert.Event;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Verdict;
import dev.troth.slo.count.Counts;
import dev.troth.slo.count.Delta;
import dev.troth.slo.count.Tally;
import dev.troth.slo.engine.Evidence.LeftOut;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Maintenance;
import dev.troth.slo.objective.MaintenanceTimes;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One objective at work: turns verdicts and counter increments into counts, evaluates, and tells
 * how it stands. Not thread-safe.
 */
public final class ObjectiveEngine {
  private static final String UNDETECTABLE =
      "a sender that samples without 'ot=th' in its tracestate cannot be told from one that does"
          + " not: what it leaves out is missing here (sampling: {ratio: 0.1} declares it)";

  private final Objective objective;
  private final double budget;
  private final Tally tally;
  private final AlertMachine machine;
  private final Pending pending = new Pending();
  private final RequestCounts.Sink counted = new Counted();
  private final Doubts doubts;
  private final @Nullable Chain chain;
  private final @Nullable Signals signals;
  private final @Nullable Groups groups;
  private long sampled;
  private long sampledBefore;
  private long windowStart = Long.MIN_VALUE;
  private long windowEnd = Long.MIN_VALUE;

  /** Begins with what was stored: the alert memory, and then {@link #restore} for each bucket. */
  public ObjectiveEngine(Objective objective, AlertMemory memory, Instant oldest) {
    this.objective = objective;
    this.budget = objective.goal().budget();
    boolean interval = objective.kind() == CountingMethod.INTERVAL;
    int steps = objective.steps().size();
    this.chain = objective.chain().orElse(null);
    this.signals =
        objective.measure() instanceof Measure.Counters counters ? new Signals(counters) : null;
    var shape =
        new Tally.Shape(
            objective.goal().window(),
            interval ? steps : 1,
            steps,
            signals == null ? Tally.Edge.FILLING : Tally.Edge.WHOLE,
            objective.kind() == CountingMethod.ADDITIVE,
            Tally.Shape.DAYS,
            objective.goal().slices());
    var maintenance = new MaintenanceTimes(objective.rules().maintenance());
    this.tally =
        new Tally(shape, objective.rules().exclusions(), maintenance, Tally.minute(oldest));
    this.machine = new AlertMachine(objective, memory);
    this.doubts = new Doubts(objective, signals);
    this.groups =
        objective
            .chain()
            .flatMap(Chain::grouping)
            .map(by -> new Groups(objective, by))
            .orElse(null);
    measure();
  }

  /** Adds the counts of a stored bucket; oldest first. */
  public void restore(Delta bucket) {
    tally.add(bucket);
  }

  /** Counts a request, or corrects what it counted as before. */
  void judged(Chain chain, @Nullable Verdict before, Verdict after) {
    RequestCounts.judged(objective, chain, before, after, counted);
  }

  /**
   * Adds what requests counted that were judged elsewhere; it has to be stored like all else.
   *
   * @return false, and adds nothing, if they were counted by other steps
   */
  boolean add(Pending sums, long refused) {
    int steps = objective.steps().size();
    for (Delta delta : sums.buckets()) {
      if (delta.parts() != parts() || (delta.steps() != 0 && delta.steps() != steps)) {
        return false;
      }
    }
    Set<Long> tooLate = new HashSet<>();
    for (Delta delta : sums.buckets()) {
      if (!add(delta)) {
        tooLate.add(delta.minute());
      }
    }
    if (groups != null) {
      sums.eachOfGroups((group, delta) -> {
        if (!tooLate.contains(delta.minute())) {
          groups.count(group, delta, tally.head(), pending);
        }
      });
    }
    sums.latencies().forEach(pending::latency);
    sampled += refused;
    return true;
  }

  private boolean add(Delta delta) {
    if (tally.add(delta)) {
      pending.add(delta);
      return true;
    }
    return false;
  }

  /** Takes what requests count as. */
  private final class Counted implements RequestCounts.Sink {
    @Override
    public void add(Delta delta) {
      ObjectiveEngine.this.add(delta);
    }

    @Override
    public void add(String group, Delta delta) {
      if (groups != null && tally.takes(delta.minute())) {
        groups.count(group, delta, tally.head(), pending);
      }
    }

    @Override
    public void latency(long minute, int bucket, long count) {
      pending.latency(minute, bucket, count);
    }

    @Override
    public void sampled(int requests) {
      sampled += requests;
    }
  }

  /** Counts the increment of a counter in a minute; {@code part} -1 is the total. */
  void counted(Measure.Counters counters, int part, long minute, long increment) {
    long[] steps = new long[counters.parts().size()];
    long[] bad = new long[parts()];
    if (part < 0) {
      for (int i = 0; i < counters.parts().size(); i++) {
        // What is not counted as good is bad, of each part on its own.
        if (counters.parts().get(i).countsGood()) {
          bad[parts() == 1 ? 0 : i] = increment;
        }
      }
      add(new Delta(minute, increment, bad, 0, steps));
      return;
    }
    Measure.Part counted = counters.parts().get(part);
    // Attempts bound nothing: one request may make several.
    boolean bounds = !(counters.kind() == CountingMethod.INTERVAL && counted.attempts());
    long failed = counted.countsGood() ? -increment : increment;
    bad[parts() == 1 ? 0 : part] = bounds ? failed : 0;
    steps[part] = counted.countsGood() ? 0 : increment;
    add(new Delta(minute, 0, bad, 0, steps));
  }

  /**
   * A point of a counter was received, with whatever increment; {@code part} -1 is the total.
   * Returns whether that is news, to be stored.
   */
  public boolean received(int part, Signal signal) {
    if (signals == null || !signals.received(part, signal)) {
      return false;
    }
    measure();
    return true;
  }

  /** What is known of a counter; empty if there is no such one. */
  public Optional<Signal> signal(int part) {
    return Optional.ofNullable(signals).map(known -> known.signal(part));
  }

  /** Nothing is measured before the counters that only mean something together are there. */
  private void measure() {
    if (signals != null) {
      tally.measuredFrom(signals.complete().orElse(Long.MAX_VALUE));
    }
  }

  private int parts() {
    return objective.kind() == CountingMethod.INTERVAL ? objective.steps().size() : 1;
  }

  /** All of its counters are received from this time on. */
  public void receivedAll(Instant from) {
    if (objective.measure() instanceof Measure.Counters counters) {
      for (int part = -1; part < counters.parts().size(); part++) {
        received(part, new Signal(Tally.minute(from) - 1, Duration.ZERO));
      }
    }
  }

  /** Moves on and evaluates: all windows, all conditions, the budget. */
  public List<Event> evaluate(Instant frontier, Instant now) {
    resume(frontier, now);
    if (objective.measure() instanceof Measure.Unmeasured) {
      return List.of();
    }
    machine.doubt(doubts.find(tally, startMinute(), machine.memory().state()));
    List<Event> events = machine.evaluate(tally, window(), now.getEpochSecond());
    if (groups != null) {
      groups.evaluate(tally.head(), now, machine.memory(), events);
    }
    return events;
  }

  /** Moves on without evaluating; after a restart, to where it was. */
  public void resume(Instant frontier, Instant now) {
    Duration watermark = Duration.between(frontier, now);
    Instant complete = signals == null ? frontier : now.minus(signals.complete(watermark));
    tally.advance(Tally.minute(complete));
  }

  /** Where its windows end, in minutes since 1970. */
  public long head() {
    return tally.head();
  }

  /** Moves on to where its windows ended before. */
  public void resumeAt(long head) {
    tally.advance(head);
  }

  /** The counts of the objective's window. */
  public Counts window() {
    return tally.since(startMinute());
  }

  /** What of the budget is left. */
  public ObjectiveStatus.Budget budget() {
    return ObjectiveStatus.Budget.of(objective, budget, window());
  }

  /** A calendar window's start is worked out when the one before ends; a rolling one moves. */
  private long startMinute() {
    return switch (objective.goal().window()) {
      case Window.Rolling rolling -> tally.head() - rolling.length().toMinutes();
      case Window.Calendar calendar -> {
        if (tally.head() >= windowEnd) {
          Instant now = Instant.ofEpochSecond(tally.head() * 60);
          windowStart = Tally.minute(calendar.start(now));
          windowEnd = Tally.minute(calendar.next(now));
        }
        yield windowStart;
      }
    };
  }

  /** How it stands at the last evaluation. */
  public ObjectiveStatus standing() {
    Optional<Doubt> doubt = doubts.find(tally, startMinute(), machine.memory().state());
    machine.doubt(doubt);
    return new ObjectiveStatus(
        objective,
        window(),
        evidence(doubt),
        machine.memory(),
        new ArrayList<>(machine.burns(tally)),
        machine.causes(tally, shortWindow()),
        tally.lastEvent(),
        machine.reason(tally));
  }

  /** Over which causes are ranked: the short window of the condition that fired or could page. */
  private Duration shortWindow() {
    List<Condition> conditions = objective.rules().alerts().conditions();
    AlertMemory memory = machine.memory();
    int fired = memory.page().firing() ? memory.page().condition() : memory.ticket().condition();
    if (fired >= 0 && fired < conditions.size()) {
      return conditions.get(fired).shortWindow();
    }
    return conditions.stream()
        .filter(condition -> condition.severity() == Severity.PAGE)
        .map(Condition::shortWindow)
        .findFirst()
        .orElse(Duration.ofHours(1));
  }

  private Evidence evidence(Optional<Doubt> doubt) {
    List<String> notes = new ArrayList<>();
    if (chain != null && chain.sampling().equals(Chain.Sampling.NONE)) {
      notes.add(UNDETECTABLE);
    }
    objective
        .goal()
        .slices()
        .ifPresent(slices -> notes.add("what counts are " + slices.text() + ", not requests"));
    return new Evidence(
        tally.unknownSince(startMinute()),
        doubts.unknownCounted(),
        sampled(),
        doubt,
        notes,
        leftOut());
  }

  private List<LeftOut> leftOut() {
    List<Maintenance> all = objective.rules().maintenance();
    List<LeftOut> left = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      left.add(new LeftOut(all.get(i), tally.leftOut(i, startMinute())));
    }
    return left;
  }

  public Objective objective() {
    return objective;
  }

  /** What its alerts remember, to be stored. */
  public AlertMemory memory() {
    return machine.memory();
  }

  /** The same with those of its groups, by the names of {@link GroupKey}. */
  public Map<String, AlertMemory> memories() {
    Map<String, AlertMemory> memories = new HashMap<>();
    memories.put(objective.name(), machine.memory());
    if (groups != null) {
      groups.addMemories(memories);
    }
    return memories;
  }

  /** Its groups; empty if it is not counted by an attribute. */
  public Optional<Groups> groups() {
    return Optional.ofNullable(groups);
  }

  /** Requests that were refused because their sender samples, since the start. */
  public long sampled() {
    return sampledBefore + sampled;
  }

  /** So many were refused before this engine took over. */
  public void sampledBefore(long before) {
    sampledBefore = before;
  }

  /** What has to be stored since the last time; the caller stores it and clears it. */
  public Pending pending() {
    return pending;
  }
}
