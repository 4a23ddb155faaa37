package dev.troth.slo.engine;

import static dev.troth.slo.ObjectivesForTests.objective;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.alert.State;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Measure.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Objectives over counters: what is counted when, and what is never believed. */
final class CountersTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private static final Duration EVERY = Duration.ofMinutes(1);

  private final List<Event> events = new ArrayList<>();
  private SloEngine engine = engine(CountingMethod.DISJOINT, part("good", true));
  private Instant now = START;

  private static Part part(String name, boolean good) {
    return new Part(name, new CounterRef(name, Map.of()), good, false);
  }

  private static SloEngine engine(CountingMethod kind, Part... parts) {
    var measure = new Measure.Counters(kind, new CounterRef("total", Map.of()), List.of(parts));
    return new SloEngine(
        List.of(
            new ObjectiveEngine(
                objective("orders", measure, 0.995),
                AlertMemory.fresh(START.getEpochSecond()),
                START.minusSeconds(3_600))),
        Limits.DEFAULT);
  }

  /** A counter counted so much since its last point, 60 s ago, and says so now. */
  private void point(String metric, long increment) {
    engine
        .uses(metric, Map.of())
        .forEach(use -> use.count(now.minus(EVERY), now, EVERY, increment));
  }

  private void pass(double seconds) {
    now = now.plusMillis((long) (1_000 * seconds));
    events.addAll(engine.tick(now));
  }

  private ObjectiveStatus orders() {
    return engine.standing("orders").orElseThrow();
  }

  private List<AlertFired> alerts() {
    return events.stream()
        .filter(AlertFired.class::isInstance)
        .map(AlertFired.class::cast)
        .toList();
  }

  @Test
  void aGoodCounterThatIsReadBeforeItsTotalBurnsNothing() {
    for (int minute = 0; minute < 90; minute++) {
      point("good", 1_000);
      pass(1.6);
      point("total", 1_000);
      pass(0.4);
      for (int i = 0; i < 29; i++) {
        pass(2);
        assertThat(orders().counts().badHigh()).isLessThanOrEqualTo(3);
      }
    }
    assertThat(alerts()).isEmpty();
    assertThat(orders().alerts().state()).isEqualTo(State.OK);
    assertThat(orders().counts().badHigh()).isLessThanOrEqualTo(3);
    assertThat(orders().counts().total()).isGreaterThan(80_000);
  }

  @Test
  void aTotalThatIsReadBeforeItsGoodOnesBurnsNothing() {
    for (int minute = 0; minute < 90; minute++) {
      point("total", 1_000);
      for (int i = 0; i < 50; i++) {
        pass(1);
      }
      point("good", 1_000);
      pass(10);
    }
    assertThat(alerts()).isEmpty();
    assertThat(orders().availability()).isGreaterThanOrEqualTo(0.9999);
  }

  @Test
  void countersThatAreReadMoreSeldomThanTheWatermarkAreWaitedFor() {
    Duration five = Duration.ofMinutes(5);
    for (int i = 0; i < 30; i++) {
      engine.uses("total", Map.of()).forEach(use -> use.count(now.minus(five), now, five, 5_000));
      pass(100);
      engine.uses("good", Map.of()).forEach(use -> use.count(now.minus(five), now, five, 5_000));
      pass(100);
      pass(100);
    }
    assertThat(alerts()).isEmpty();
    assertThat(orders().availability()).isGreaterThanOrEqualTo(0.9999);
    assertThat(orders().counts().total()).isGreaterThan(100_000);
  }

  @Test
  void failuresStillPageWithinTheWatermark() {
    for (int minute = 0; minute < 60; minute++) {
      point("total", 1_000);
      point("good", 1_000);
      pass(60);
    }
    for (int minute = 0; minute < 10; minute++) {
      point("total", 1_000);
      point("good", 0);
      pass(60);
    }
    assertThat(alerts()).isNotEmpty();
    assertThat(alerts().getFirst().at()).isBefore(START.plusSeconds(70 * 60));
  }

  @Test
  void moreGoodThanAllIsADataFaultAndNeitherGreenNorABurn() {
    for (int minute = 0; minute < 30; minute++) {
      point("total", 100);
      point("good", 120);
      pass(60);
    }
    assertThat(orders().alerts().state()).isEqualTo(State.DATA_FAULT);
    assertThat(orders().reason()).matches("\\d+ good events of \\d+ in all in the last hour");
    assertThat(orders().availability()).isLessThanOrEqualTo(1);
    assertThat(alerts()).isEmpty();
  }

  @Test
  void moreBadThanAllIsADataFaultToo() {
    engine = engine(CountingMethod.DISJOINT, part("bad", false));
    for (int minute = 0; minute < 30; minute++) {
      point("total", 100);
      point("bad", 120);
      pass(60);
    }
    assertThat(orders().alerts().state()).isEqualTo(State.DATA_FAULT);
    assertThat(orders().availability()).isZero();
    assertThat(alerts()).isEmpty();
  }

  @Test
  void aCounterThatWasNeverReceivedIsNoSignalAndNotZero() {
    engine = engine(CountingMethod.DISJOINT, part("gateway", false), part("swallowed", false));
    for (int minute = 0; minute < 30; minute++) {
      point("total", 100);
      point("gateway", 0);
      pass(60);
    }
    assertThat(orders().alerts().state()).isEqualTo(State.NO_SIGNAL);
    assertThat(orders().reason()).isEqualTo("the counter swallowed (swallowed) was never received");
    // It is there, at zero: that is a signal.
    point("swallowed", 0);
    pass(60);
    assertThat(orders().alerts().state()).isEqualTo(State.OK);
  }

  @Test
  void withoutTheGoodCounterNothingIsMeasuredAndNobodyIsPaged() {
    for (int minute = 0; minute < 30; minute++) {
      point("total", 100);
      pass(60);
    }
    assertThat(orders().alerts().state()).isEqualTo(State.NO_SIGNAL);
    assertThat(orders().counts().total()).isZero();
    assertThat(alerts()).isEmpty();
  }

  @Test
  void certainFailuresPageAlthoughAnotherCounterIsMissing() {
    engine = engine(CountingMethod.DISJOINT, part("gateway", false), part("swallowed", false));
    for (int minute = 0; minute < 30; minute++) {
      point("total", 100);
      point("gateway", 60);
      pass(60);
    }
    assertThat(alerts()).isNotEmpty();
    assertThat(orders().alerts().state()).isEqualTo(State.PAGE);
  }

  @Test
  void eachGoodCounterOfAnIntervalIsComparedWithTheTotalOnItsOwn() {
    engine = engine(CountingMethod.INTERVAL, part("first", true), part("second", true));
    for (int minute = 0; minute < 30; minute++) {
      point("total", 100);
      point("first", 90);
      point("second", 80);
      pass(60);
    }
    assertThat(orders().availabilityAtBest()).isBetween(0.79, 0.81);
    assertThat(orders().availability()).isBetween(0.69, 0.71);
  }

  @Test
  void aHugeIncrementIsCountedWhole() {
    engine = engine(CountingMethod.DISJOINT, part("bad", false));
    for (int minute = 0; minute < 20; minute++) {
      point("total", 3_000_000_000L);
      point("bad", 1_500_000_000L);
      pass(60);
    }
    assertThat(orders().availability()).isBetween(0.499, 0.501);
    assertThat(orders().counts().total()).isGreaterThan(40_000_000_000L);
  }
}
