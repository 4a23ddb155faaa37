package dev.troth.slo.engine;

import static dev.troth.slo.ObjectivesForTests.MONTH;
import static dev.troth.slo.ObjectivesForTests.chain;
import static dev.troth.slo.ObjectivesForTests.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.alert.State;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Chain.Missing;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Chain.Sampling;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Span;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Objectives over live spans: skewed clocks, sampling, steps that stay unseen. */
final class TrafficTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private final List<Event> events = new ArrayList<>();
  private Instant now = START;
  private long traces;

  private static final Condition PAGE =
      new Condition(Severity.PAGE, Duration.ofMinutes(1), Duration.ofMinutes(5), 6);
  private static final Condition TICKET =
      new Condition(Severity.TICKET, Duration.ofMinutes(5), Duration.ofMinutes(30), 3);

  private static SloEngine engine(Chain chain) {
    return engine(chain, List.of(PAGE, TICKET));
  }

  private static SloEngine engine(Chain chain, List<Condition> conditions) {
    return engine(new Measure.Requests(chain, CountingMethod.EXACT), conditions);
  }

  private static SloEngine engine(Measure measure, List<Condition> conditions) {
    Objective objective =
        new Objective(
            new Objective.Title("orders", "", "", ""),
            measure,
            new Goal(0.99, MONTH),
            new Objective.Rules(AlertPolicy.of(conditions), List.of(), BudgetPolicy.DEFAULT));
    return new SloEngine(
        List.of(
            new ObjectiveEngine(
                objective, AlertMemory.fresh(START.getEpochSecond()), START.minusSeconds(3_600))),
        Limits.DEFAULT);
  }

  private void request(SloEngine engine, Duration skew, boolean failed, int... steps) {
    String trace = "t" + traces++;
    long at = now.plus(skew).toEpochMilli();
    for (int step : steps) {
      engine.accept(span(trace, step + 1, "s" + step, at - 5, at, failed && step > 0), now);
    }
  }

  private void tick(SloEngine engine, int seconds) {
    now = now.plusSeconds(seconds);
    events.addAll(engine.tick(now));
  }

  private static ObjectiveStatus orders(SloEngine engine) {
    return engine.standing("orders").orElseThrow();
  }

  @Test
  void aHostTwoMinutesAheadCannotStopAPage() {
    SloEngine engine = engine(chain(2, Retries.STRICT, Missing.EXCLUDED));
    for (int second = 0; second < 1_800; second++) {
      for (int i = 0; i < 3; i++) {
        request(engine, Duration.ZERO, second > 900, 0, 1);
      }
      request(engine, Duration.ofMinutes(2), false, 0, 1);
      tick(engine, 1);
    }
    List<Instant> pages =
        events.stream()
            .filter(event -> event instanceof AlertFired f && f.severity() == Severity.PAGE)
            .map(Event::at)
            .toList();
    assertThat(pages).isNotEmpty();
    // The watermark, and a minute of failures.
    assertThat(pages.getFirst()).isBefore(START.plusSeconds(900 + 240));
  }

  @Test
  void weightsThatAreFractionsAddUpExactly() {
    Chain weighted =
        new Chain(
            chain(1, Retries.STRICT, Missing.EXCLUDED).steps(),
            Retries.STRICT,
            Missing.EXCLUDED,
            Sampling.WEIGHTED);
    SloEngine engine = engine(weighted);
    // 950 good ones, kept at 40 %, and 50 bad ones, all kept.
    for (int i = 0; i < 380; i++) {
      weighted(engine, 2.5, false);
      if (i % 8 == 0) {
        weighted(engine, 1, true);
      }
      tick(engine, 1);
    }
    weighted(engine, 1, true);
    weighted(engine, 1, true);
    tick(engine, 300);
    assertThat(orders(engine).counts().total()).isEqualTo(1_000);
    assertThat(orders(engine).counts().badHigh()).isEqualTo(50);
  }

  private void weighted(SloEngine engine, double weight, boolean bad) {
    long at = now.toEpochMilli() * 1_000_000;
    engine.accept(
        new Span(
            new Span.Ids("w" + traces++, 1, 0),
            new Span.Place("service", "s0", Span.SpanKind.SERVER),
            new Span.Interval(at, at),
            bad,
            Map.of(),
            weight),
        now);
  }

  @Test
  void whereSamplingCannotBeDetectedTheObjectiveSaysSo() {
    SloEngine engine = engine(chain(1, Retries.STRICT, Missing.EXCLUDED));
    assertThat(orders(engine).evidence().notes())
        .singleElement()
        .asString()
        .contains("cannot be told", "ratio");
  }

  @Test
  void aStepThatIsMostlyUnseenIsNeverGreen() {
    SloEngine engine = engine(chain(3, Retries.STRICT, Missing.EXCLUDED));
    for (int i = 0; i < 100; i++) {
      if (i % 10 == 0) {
        request(engine, Duration.ZERO, false, 0, 1, 2);
      } else {
        request(engine, Duration.ZERO, false, 0);
      }
      tick(engine, 1);
    }
    tick(engine, 180);
    assertThat(orders(engine).alerts().state()).isEqualTo(State.UNCERTAIN);
    assertThat(orders(engine).reason())
        .isEqualTo(
            "of 90 requests (90.0 %) in the last hour a step was never seen, at most 5.0 % may be");
    assertThat(orders(engine).evidence().unknownCounted()).isFalse();
    assertThat(events)
        .anyMatch(event -> event instanceof Event.StateChanged s && s.to() == State.UNCERTAIN);
  }

  @Test
  void aShareIsOfAllRequestsAlsoWhenNoneWasSeenWhole() {
    for (Missing missing : List.of(Missing.EXCLUDED, Missing.BAD)) {
      Chain chain = chain(3, Retries.STRICT, missing);
      SloEngine engine =
          engine(new Measure.Latency(chain, Duration.ofSeconds(1)), List.of(PAGE, TICKET));
      for (int i = 0; i < 10; i++) {
        request(engine, Duration.ZERO, false, 0);
        tick(engine, 1);
      }
      tick(engine, 180);
      assertThat(orders(engine).reason()).contains("of 10 requests (100.0 %)");
      for (int i = 0; i < 10; i++) {
        request(engine, Duration.ZERO, false, 0, 1, 2);
        tick(engine, 1);
      }
      tick(engine, 180);
      assertThat(orders(engine).reason()).contains("of 10 requests (50.0 %)");
    }
  }

  @Test
  void causesAreThoseOfTheShortWindow() {
    SloEngine engine = engine(chain(3, Retries.STRICT, Missing.EXCLUDED), List.of(TICKET));
    for (int second = 0; second < 1_500; second++) {
      boolean first = second >= 300 && second < 600;
      boolean then = second >= 1_320;
      String trace = "t" + traces++;
      long at = now.toEpochMilli();
      for (int step = 0; step < 3; step++) {
        boolean failed = (first && step == 2) || (then && step == 1);
        engine.accept(span(trace, step + 1, "s" + step, at - 5, at, failed), now);
      }
      tick(engine, 1);
    }
    tick(engine, 30);
    // For five minutes the last step failed, much later and shorter the middle one.
    AlertFired newest =
        events.stream()
            .filter(AlertFired.class::isInstance)
            .map(AlertFired.class::cast)
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(newest.at()).isAfter(START.plusSeconds(1_320));
    assertThat(newest.evidence().causes().getFirst().step()).isEqualTo("s1");
    assertThat(orders(engine).causes().getFirst().step()).isEqualTo("s1");
  }
}
