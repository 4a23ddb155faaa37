package dev.troth.slo.engine;

import dev.troth.slo.alert.AlertMachine;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Verdict;
import dev.troth.slo.count.Counts;
import dev.troth.slo.count.Delta;
import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One objective at work: turns verdicts and counter increments into counts, evaluates, and tells
 * how it stands. Not thread-safe.
 */
public final class ObjectiveEngine {
  private final Objective objective;
  private final Tally tally;
  private final AlertMachine machine;
  private final Pending pending = new Pending();
  private long sampled;
  private long windowStart = Long.MIN_VALUE;
  private long windowStartHour = Long.MIN_VALUE;

  /** Begins with what was stored: the alert memory, and then {@link #restore} for each bucket. */
  public ObjectiveEngine(Objective objective, AlertMemory memory, Instant oldest) {
    this.objective = objective;
    boolean interval = objective.kind() == CountingMethod.INTERVAL;
    int steps = objective.steps().size();
    var shape = new Tally.Shape(objective.goal().window().length(), interval ? steps : 1, steps);
    this.tally = new Tally(shape, objective.rules().exclusions(), Tally.minute(oldest));
    this.machine = new AlertMachine(objective, memory);
  }

  /** Adds the counts of a stored bucket; oldest first. */
  public void restore(Delta bucket) {
    tally.add(bucket);
  }

  /** Counts a request, or corrects what it counted as before. */
  void judged(Chain chain, @Nullable Verdict before, Verdict after) {
    if (before != null) {
      count(chain, before, -1);
    }
    count(chain, after, 1);
  }

  private void count(Chain chain, Verdict verdict, int sign) {
    switch (verdict.outcome()) {
      case GOOD -> add(verdict, sign, false);
      case BAD -> add(verdict, sign, true);
      case UNKNOWN -> unknown(chain, verdict, sign);
      case IGNORED -> {}
      case SAMPLED -> sampled += sign;
    }
  }

  private void unknown(Chain chain, Verdict verdict, int sign) {
    switch (chain.missing()) {
      case GOOD -> add(verdict, sign, false);
      case BAD -> add(verdict, sign, true);
      case EXCLUDED -> {}
    }
    int[] none = new int[objective.steps().size()];
    add(new Delta(verdict.minute(), 0, new int[parts()], sign, none));
  }

  private void add(Verdict verdict, int sign, boolean bad) {
    int weight = sign * weight(verdict);
    switch (objective.measure()) {
      case Measure.Requests requests -> addRequest(requests, verdict, weight, bad);
      case Measure.Latency latency -> {
        if (!bad && hasEntry(verdict)) {
          boolean slow = verdict.latencyNanos() > latency.threshold().toNanos();
          add(Delta.of(verdict.minute(), weight, slow ? weight : 0));
          pending.latency(verdict.minute(), Histogram.bucket(verdict.latencyNanos()), weight);
        }
      }
      case Measure.Counters counters -> {}
      case Measure.Unmeasured unmeasured -> {}
    }
  }

  private void addRequest(Measure.Requests requests, Verdict verdict, int weight, boolean bad) {
    int[] steps = new int[requests.chain().steps().size()];
    long blamed = verdict.failed() | (bad ? verdict.missing() : 0);
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (blamed & (1L << i)) != 0 ? weight : 0;
    }
    int[] counted =
        switch (requests.kind()) {
          case EXACT, DISJOINT -> new int[] {bad ? weight : 0};
          case ADDITIVE -> new int[] {weight * added(verdict, bad)};
          case INTERVAL -> steps;
        };
    add(new Delta(verdict.minute(), weight, counted, 0, steps));
    if (!bad && hasEntry(verdict)) {
      pending.latency(verdict.minute(), Histogram.bucket(verdict.latencyNanos()), weight);
    }
  }

  private static boolean hasEntry(Verdict verdict) {
    return (verdict.missing() & 1) == 0;
  }

  /** What the naive recipe counts: each failed attempt at each step. */
  private static int added(Verdict verdict, boolean bad) {
    return verdict.attempts() + (bad ? Long.bitCount(verdict.missing()) : 0);
  }

  /** How many whole requests it stands for. */
  private static int weight(Verdict verdict) {
    return Math.clamp(Math.round(verdict.weight()), 1, 1_000_000);
  }

  private void add(Delta delta) {
    if (tally.add(delta)) {
      pending.add(delta);
    }
  }

  /** Counts increments of counters; {@code part} -1 is the total. */
  void counted(Measure.Counters counters, int part, long minute, int increment) {
    int parts = counters.parts().size();
    int[] steps = new int[parts];
    boolean goodIsCounted = counters.parts().stream().anyMatch(Measure.Part::countsGood);
    int bad;
    if (part < 0) {
      bad = goodIsCounted ? increment : 0;
      add(new Delta(minute, increment, spread(counters.kind(), 0, bad), 0, steps));
      return;
    }
    Measure.Part counted = counters.parts().get(part);
    bad = counted.countsGood() ? -increment : increment;
    // Attempts bound nothing: one request may make several.
    boolean bounds = !(counters.kind() == CountingMethod.INTERVAL && counted.attempts());
    steps[part] = counted.countsGood() ? 0 : increment;
    add(new Delta(minute, 0, spread(counters.kind(), part, bounds ? bad : 0), 0, steps));
  }

  private int[] spread(CountingMethod kind, int part, int bad) {
    int[] counts = new int[parts()];
    counts[kind == CountingMethod.INTERVAL ? part : 0] = bad;
    return counts;
  }

  private int parts() {
    return objective.kind() == CountingMethod.INTERVAL ? objective.steps().size() : 1;
  }

  /** Moves on and evaluates: all windows, all conditions, the budget. */
  public List<Event> evaluate(Instant frontier, Instant now) {
    tally.advance(Tally.minute(frontier));
    if (objective.measure() instanceof Measure.Unmeasured) {
      return List.of();
    }
    return machine.evaluate(tally, window(), now.getEpochSecond());
  }

  /** The counts of the objective's window. */
  public Counts window() {
    return tally.since(startMinute());
  }

  /** A calendar window's start is worked out once an hour; a rolling one moves. */
  private long startMinute() {
    return switch (objective.goal().window()) {
      case Window.Rolling rolling -> tally.head() - rolling.length().toMinutes();
      case Window.Calendar calendar -> {
        long hour = tally.head() / 60;
        if (hour != windowStartHour) {
          windowStartHour = hour;
          windowStart = Tally.minute(calendar.start(Instant.ofEpochSecond(tally.head() * 60)));
        }
        yield windowStart;
      }
    };
  }

  /** How it stands at the last evaluation. */
  public ObjectiveStatus standing() {
    Counts counts = window();
    Duration longest =
        objective.rules().alerts().conditions().stream()
            .filter(c -> c.severity() == Severity.PAGE)
            .map(Condition::longWindow)
            .findFirst()
            .orElse(Duration.ofHours(1));
    return new ObjectiveStatus(
        objective,
        counts,
        tally.unknownSince(startMinute()),
        machine.memory(),
        new ArrayList<>(machine.burns(tally)),
        machine.causes(tally, longest),
        tally.lastEvent(),
        machine.reason(tally));
  }

  public Objective objective() {
    return objective;
  }

  /** What its alerts remember, to be stored. */
  public AlertMemory memory() {
    return machine.memory();
  }

  /** Requests that were refused because their sender samples. */
  public long sampled() {
    return sampled;
  }

  /** What has to be stored since the last time; the caller stores it and clears it. */
  public Pending pending() {
    return pending;
  }
}
