package dev.troth.slo.engine;

import static dev.troth.slo.ObjectivesForTests.chain;
import static dev.troth.slo.ObjectivesForTests.objective;
import static dev.troth.slo.ObjectivesForTests.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.chain.Chain.Missing;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Span;
import dev.troth.slo.count.Counts;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.testkit.Property;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * The figure against a count by hand, over traces whose failures overlap, are retried, swallowed,
 * missing, late or delivered twice.
 */
final class UnionTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final int TRACES = 100;

  /** What a count by hand says. */
  private static final class Truth {
    int total;
    int strict;
    int finalTotal;
    int lastAttempts;
    int added;
    int unknown;
  }

  private record Arrival(long at, Span span) {}

  @Test
  void unionEqualsBruteForceAndIntervalsContainIt() {
    Property.of("union equals brute force").runs(100, 10_000).check(this::oneRun);
  }

  private void oneRun(RandomGenerator random) {
    int steps = random.nextInt(1, 7);
    Missing missing = List.of(Missing.values()).get(random.nextInt(3));
    List<Objective> objectives =
        List.of(
            requests("strict", steps, Retries.STRICT, missing, CountingMethod.EXACT),
            requests("final", steps, Retries.FINAL, missing, CountingMethod.EXACT),
            requests("interval", steps, Retries.STRICT, missing, CountingMethod.INTERVAL),
            requests("additive", steps, Retries.STRICT, missing, CountingMethod.ADDITIVE));
    Truth truth = new Truth();
    List<Arrival> arrivals = traffic(random, steps, missing, truth);
    SloEngine engine = engine(objectives);
    deliver(engine, arrivals);

    Counts strict = counts(engine, "strict");
    assertThat(strict).isEqualTo(new Counts(truth.total, truth.strict, truth.strict));
    Counts lastAttempt = counts(engine, "final");
    assertThat(lastAttempt)
        .isEqualTo(new Counts(truth.finalTotal, truth.lastAttempts, truth.lastAttempts));
    Counts interval = counts(engine, "interval");
    assertThat(interval.total()).isEqualTo(truth.total);
    assertThat(interval.badLow()).isLessThanOrEqualTo(truth.strict);
    assertThat(interval.badHigh()).isBetween((long) truth.strict, (long) truth.total);
    Counts additive = counts(engine, "additive");
    assertThat(additive.badHigh()).isEqualTo(truth.added);
    assertThat(engine.standing("strict").orElseThrow().unknown()).isEqualTo(truth.unknown);

    SloEngine elsewhere = engine(objectives);
    judgedInParts(random.nextInt(1, 5), objectives, arrivals, elsewhere);
    for (Objective objective : objectives) {
      assertThat(counts(elsewhere, objective.name()))
          .as(objective.name())
          .isEqualTo(counts(engine, objective.name()));
    }
    assertThat(elsewhere.standing("strict").orElseThrow().unknown()).isEqualTo(truth.unknown);
  }

  /** Traces are shared among several joins, whose sums one engine adds up. */
  private static void judgedInParts(
      int parts, List<Objective> objectives, List<Arrival> arrivals, SloEngine engine) {
    List<RequestSums> joins = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      joins.add(new RequestSums(objectives, Limits.DEFAULT));
    }
    Instant now = START;
    for (Arrival arrival : arrivals) {
      for (; now.toEpochMilli() <= arrival.at; now = now.plusSeconds(30)) {
        add(joins, now, engine);
      }
      int part = Math.floorMod(arrival.span.ids().trace().hashCode(), parts);
      var _ = joins.get(part).accept(arrival.span, Instant.ofEpochMilli(arrival.at));
    }
    add(joins, now.plus(Limits.DEFAULT.watermark()), engine);
  }

  private static void add(List<RequestSums> joins, Instant now, SloEngine engine) {
    for (RequestSums join : joins) {
      join.settle(now);
      join.sums()
          .forEach(
              (name, sum) -> assertThat(engine.add(name, sum.pending(), sum.sampled())).isTrue());
      join.clear();
    }
    engine.tick(now);
  }

  private static Objective requests(
      String name, int steps, Retries retries, Missing missing, CountingMethod kind) {
    return objective(name, new Measure.Requests(chain(steps, retries, missing), kind), 0.995);
  }

  private static SloEngine engine(List<Objective> objectives) {
    List<ObjectiveEngine> engines = new ArrayList<>();
    for (Objective objective : objectives) {
      engines.add(new ObjectiveEngine(objective, AlertMemory.fresh(0), START));
    }
    return new SloEngine(engines, Limits.DEFAULT);
  }

  private static Counts counts(SloEngine engine, String name) {
    return engine.standing(name).orElseThrow().counts();
  }

  /** Spans in order of arrival; some come twice, some up to 50 minutes late. */
  private static List<Arrival> traffic(
      RandomGenerator random, int steps, Missing missing, Truth truth) {
    List<Arrival> arrivals = new ArrayList<>();
    double faults = random.nextDouble();
    for (int i = 0; i < TRACES; i++) {
      long start = START.toEpochMilli() + random.nextLong(60 * 60_000);
      trace(random, "t" + i, start, steps, faults, arrivals, missing, truth);
    }
    arrivals.sort((a, b) -> Long.compare(a.at, b.at));
    return arrivals;
  }

  private static void trace(
      RandomGenerator random,
      String trace,
      long start,
      int steps,
      double faults,
      List<Arrival> arrivals,
      Missing missing,
      Truth truth) {
    boolean anyFailed = false;
    boolean lastFailed = false;
    int absent = 0;
    int added = 0;
    boolean lost = random.nextInt(10) == 0;
    for (int step = 0; step < steps; step++) {
      // The entry is always there, so that the trace is a request at all.
      if (step > 0 && lost && random.nextBoolean()) {
        absent++;
        continue;
      }
      // A second span of the entry would be a request of its own.
      int attempts = step > 0 && random.nextInt(5) == 0 ? random.nextInt(1, 4) : 1;
      for (int attempt = 0; attempt < attempts; attempt++) {
        boolean failed = random.nextDouble() < faults * 0.3;
        long from = start + step * 10L + attempt;
        Span span = span(trace, step * 16L + attempt + 1, "s" + step, from, from + 5, failed);
        long delay = random.nextInt(8) == 0 ? random.nextLong(50 * 60_000) : random.nextLong(900);
        arrivals.add(new Arrival(from + 5 + delay, span));
        if (random.nextInt(10) == 0) {
          arrivals.add(new Arrival(from + 5 + delay + random.nextLong(60_000), span));
        }
        anyFailed |= failed;
        added += failed ? 1 : 0;
        lastFailed |= failed && attempt == attempts - 1;
      }
    }
    count(truth, missing, anyFailed, lastFailed, absent, added);
  }

  private static void count(
      Truth truth, Missing missing, boolean any, boolean last, int absent, int added) {
    truth.unknown += !any && absent > 0 ? 1 : 0;
    boolean excluded = missing == Missing.EXCLUDED && absent > 0;
    if (any || !excluded) {
      truth.total++;
      boolean bad = any || (absent > 0 && missing == Missing.BAD);
      truth.strict += bad ? 1 : 0;
      truth.added += added + (bad && (any || missing == Missing.BAD) ? absent : 0);
    }
    truth.finalTotal += last || !excluded ? 1 : 0;
    truth.lastAttempts += last || (absent > 0 && missing == Missing.BAD) ? 1 : 0;
  }

  private static void deliver(SloEngine engine, List<Arrival> arrivals) {
    long tick = START.toEpochMilli();
    for (Arrival arrival : arrivals) {
      for (; tick <= arrival.at; tick += 30_000) {
        engine.tick(Instant.ofEpochMilli(tick));
      }
      engine.accept(arrival.span, Instant.ofEpochMilli(arrival.at));
    }
    engine.tick(Instant.ofEpochMilli(tick).plus(Limits.DEFAULT.watermark()));
  }
}
