package dev.troth.slo.alert;

import static dev.troth.slo.ObjectivesForTests.MONTH;
import static dev.troth.slo.ObjectivesForTests.objective;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.alert.Event.AlertResolved;
import dev.troth.slo.alert.Event.BudgetCrossed;
import dev.troth.slo.alert.Event.IncidentOpened;
import dev.troth.slo.alert.Event.IncidentResolved;
import dev.troth.slo.alert.Event.StateChanged;
import dev.troth.slo.alert.Event.TelemetryBack;
import dev.troth.slo.alert.Event.TelemetryLost;
import dev.troth.slo.count.Delta;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alerts over minutes of counts, told minute by minute. */
final class AlertTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private final List<Event> events = new ArrayList<>();
  private ObjectiveEngine engine = engine(List.of());
  private int minute;

  @BeforeEach
  void fresh() {
    engine = engine(List.of());
  }

  private static ObjectiveEngine engine(List<Exclusion> exclusions) {
    var total = new CounterRef("total", Map.of());
    var bad = new Measure.Part("bad", new CounterRef("bad", Map.of()), false, false);
    var measure = new Measure.Counters(CountingMethod.DISJOINT, total, List.of(bad));
    Objective objective = objective("orders", measure, new Goal(0.995, MONTH), exclusions);
    ObjectiveEngine engine =
        new ObjectiveEngine(objective, AlertMemory.fresh(START.getEpochSecond()), START);
    engine.receivedAll(START);
    return engine;
  }

  /** So many minutes of the same counts, each evaluated at its end. */
  private void minutes(int count, int total, int bad) {
    for (int i = 0; i < count; i++) {
      long now = START.getEpochSecond() / 60 + minute;
      if (total > 0) {
        engine.restore(new Delta(now, total, new long[] {bad}, 0, new long[] {bad}));
      }
      minute++;
      Instant end = Instant.ofEpochSecond((now + 1) * 60);
      events.addAll(engine.evaluate(end, end));
    }
  }

  private <E extends Event> List<E> told(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private long minutesAfter(int from, Event event) {
    return (event.at().getEpochSecond() - START.getEpochSecond()) / 60 - from;
  }

  @Test
  void anOutagePagesWithinMinutesAndRecoveryResolvesIt() {
    minutes(4_320, 100, 0);
    minutes(30, 100, 100);
    AlertFired page = told(AlertFired.class).getFirst();
    assertThat(page.severity()).isEqualTo(Severity.PAGE);
    // 14.4 * 0.5 % = 7.2 % of an hour is 4.3 minutes of complete outage.
    assertThat(minutesAfter(4_320, page)).isEqualTo(5);
    assertThat(page.evidence().causes()).extracting(Event.Cause::step).containsExactly("bad");

    minutes(6 * 1_440, 100, 0);
    assertThat(told(IncidentOpened.class)).hasSize(1);
    assertThat(told(IncidentResolved.class)).hasSize(1);
    AlertResolved resolved = told(AlertResolved.class).getFirst();
    assertThat(resolved.severity()).isEqualTo(Severity.PAGE);
    assertThat(resolved.incident()).isEqualTo(page.incident());
    assertThat(engine.standing().alerts().state()).isEqualTo(State.OK);
  }

  @Test
  void aPageInhibitsTheTicketOfTheSameObjective() {
    minutes(4_320, 100, 0);
    minutes(60, 100, 50);
    assertThat(told(AlertFired.class))
        .filteredOn(alert -> alert.severity() == Severity.TICKET)
        .isNotEmpty()
        .allMatch(AlertFired::inhibited);
    assertThat(told(IncidentOpened.class)).hasSize(1);
  }

  @Test
  void aSlowBurnOpensATicketAndNeverPages() {
    minutes(4_320, 1_000, 0);
    minutes(4_320, 1_000, 8);
    assertThat(told(AlertFired.class))
        .extracting(AlertFired::severity)
        .containsExactly(Severity.TICKET);
  }

  @Test
  void oneFailureOnLittleTrafficIsShownButWakesNobody() {
    minutes(60, 0, 0);
    minutes(5, 1, 0);
    minutes(1, 1, 1);
    assertThat(told(AlertFired.class)).isEmpty();
    assertThat(engine.standing().alerts().state()).isEqualTo(State.INSUFFICIENT_TRAFFIC);
  }

  @Test
  void noDataFreezesAnOpenAlertAndIsAnAlertOfItsOwn() {
    minutes(600, 100, 0);
    minutes(20, 100, 100);
    events.clear();
    minutes(1_440, 0, 0);
    assertThat(told(AlertResolved.class)).isEmpty();
    assertThat(told(TelemetryLost.class)).hasSize(1);
    assertThat(engine.standing().alerts().state()).isEqualTo(State.FROZEN);
    assertThat(engine.standing().alerts().page().firing()).isTrue();

    minutes(60, 100, 0);
    assertThat(told(TelemetryBack.class)).hasSize(1);
    assertThat(told(AlertResolved.class))
        .extracting(AlertResolved::severity)
        .contains(Severity.PAGE);
  }

  @Test
  void quietServicesAreNotTakenForLostOnes() {
    for (int hour = 0; hour < 48; hour++) {
      minutes(59, 0, 0);
      minutes(1, 1, 0);
    }
    assertThat(told(TelemetryLost.class)).isEmpty();
  }

  @Test
  void budgetLevelsAreToldOnceEach() {
    minutes(1_000, 100, 0);
    // 100,000 requests allow 500 bad ones.
    minutes(60, 0, 0);
    minutes(6, 100, 100);
    List<BudgetCrossed> crossed = told(BudgetCrossed.class);
    assertThat(crossed).extracting(BudgetCrossed::percent).containsExactly(50, 75, 100);
    assertThat(crossed).allMatch(BudgetCrossed::up);
    assertThat(engine.standing().budget().exhausted()).isTrue();
  }

  @Test
  void anExclusionDeclaredAfterwardsGivesTheBudgetBack() {
    Exclusion night =
        new Exclusion(START.plusSeconds(600 * 60), START.plusSeconds(630 * 60), "upgrade");
    engine = engine(List.of(night));
    minutes(600, 100, 0);
    minutes(30, 100, 100);
    minutes(60, 100, 1);
    assertThat(engine.standing().counts().total()).isEqualTo(66_000);
    assertThat(engine.standing().counts().badLow()).isEqualTo(60);
    assertThat(told(AlertFired.class)).isEmpty();
  }

  @Test
  void aRestartInTheMiddleOfAnIncidentTellsNothingTwice() {
    minutes(600, 100, 0);
    minutes(30, 100, 100);
    AlertMemory memory = engine.standing().alerts();
    ObjectiveEngine restarted = new ObjectiveEngine(engine.objective(), memory, START);
    for (int i = 0; i < minute; i++) {
      int bad = i < 600 ? 0 : 100;
      long at = START.getEpochSecond() / 60 + i;
      restarted.restore(new Delta(at, 100, new long[] {bad}, 0, new long[] {bad}));
    }
    restarted.receivedAll(START);
    Instant now = START.plusSeconds(60L * minute);
    restarted.resume(now, now);
    assertThat(restarted.standing().counts()).isEqualTo(engine.standing().counts());
    engine = restarted;
    events.clear();
    minutes(1, 100, 100);
    assertThat(told(AlertFired.class)).isEmpty();
    assertThat(told(StateChanged.class)).isEmpty();
    minutes(4 * 1_440, 100, 0);
    assertThat(told(IncidentResolved.class))
        .extracting(IncidentResolved::incident)
        .containsExactly(memory.incident());
  }
}
