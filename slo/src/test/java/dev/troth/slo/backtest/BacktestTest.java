package dev.troth.slo.backtest;

import static dev.troth.slo.ObjectivesForTests.objective;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BacktestTest {
  private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
  private static final Objective OBJECTIVE =
      objective(
          "orders",
          new Measure.Counters(
              CountingMethod.DISJOINT,
              new CounterRef("total", Map.of()),
              List.of(new Measure.Part("bad", new CounterRef("bad", Map.of()), false, false))),
          0.995);

  /** Seven days of 100 requests a minute, in which everything fails for half an hour. */
  private static List<Minute> week() {
    List<Minute> minutes = new ArrayList<>();
    for (int i = 0; i < 7 * 1_440; i++) {
      boolean outage = i >= 5_000 && i < 5_030;
      minutes.add(new Minute(START.plusSeconds(60L * i), 100, outage ? 100 : 0));
    }
    return minutes;
  }

  @Test
  void anOutageIsPagedWithinMinutesAndScored() {
    Backtest.Report report = Backtest.run(OBJECTIVE, week());
    Incident outage = new Incident(START.plusSeconds(60L * 5_000), START.plusSeconds(60L * 5_030));
    Incident unseen = new Incident(START.plusSeconds(60), START.plusSeconds(120));
    Backtest.Score score = report.scored(List.of(unseen, outage));
    assertThat(score.precision()).isEqualTo(1);
    assertThat(score.recall()).isEqualTo(0.5);
    assertThat(score.delays()).containsExactly(Duration.ofMinutes(5));
    assertThat(report.alerts())
        .filteredOn(alert -> alert.severity() == Severity.PAGE)
        .singleElement()
        .satisfies(alert -> assertThat(alert.resolvedAt()).isPresent());
    // 3,000 bad of 503,000 requests so far, of which 2,515 may be.
    assertThat(report.budget().lowest()).isBetween(-0.2, -0.19);
  }

  @Test
  void theLeastBudgetOfACalendarMonthOutlivesTheMonth() {
    var calendar =
        new Window.Calendar(Window.Calendar.Unit.MONTH, java.time.ZoneId.of("Europe/Berlin"));
    Objective monthly =
        objective("orders", OBJECTIVE.measure(), new Goal(0.995, calendar), List.of());
    List<Minute> minutes = new ArrayList<>();
    for (int i = 0; i < 40 * 1_440; i++) {
      boolean outage = i >= 20 * 1_440 && i < 20 * 1_440 + 300;
      minutes.add(new Minute(START.plusSeconds(60L * i), 100, outage ? 100 : 0));
    }
    Backtest.Report report = Backtest.run(monthly, minutes);
    // 300 of 20 days' 29,100 minutes are 1.03 %, of which 0.5 % may be.
    assertThat(report.budget().lowest()).isBetween(-1.1, -1.0);
    assertThat(report.budget().availability()).isEqualTo(1);
  }

  @Test
  void countsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new Minute(START, 10, -1))
        .hasMessageContaining("10 events and -1 bad ones, expected none below 0");
    assertThatThrownBy(() -> new Minute(START, -5, 0)).hasMessageContaining("-5 events");
    assertThatThrownBy(() -> Backtest.run(OBJECTIVE, List.of(new Minute(START, 10, 12))))
        .hasMessageContaining("12 bad events of 10, expected at most all of them");
    assertThatThrownBy(() ->
            Backtest.run(OBJECTIVE, List.of(new Minute(START, 10, 0), new Minute(START, 10, 0))))
        .hasMessageContaining("comes twice or after a later one");
  }

  @Test
  void aQuietWeekAlertsNobody() {
    List<Minute> quiet =
        week().stream().map(minute -> new Minute(minute.at(), minute.total(), 0)).toList();
    assertThat(Backtest.run(OBJECTIVE, quiet).alerts()).isEmpty();
  }

  @Test
  void aTimeSliceCountsOnceHoweverBusyItIs() {
    List<Minute> minutes =
        List.of(
            new Minute(START, 1, 1),
            new Minute(START.plusSeconds(60), 1_000, 40),
            new Minute(START.plusSeconds(5 * 60), 10, 1),
            new Minute(START.plusSeconds(6 * 60), 0, 0),
            new Minute(START.plusSeconds(11 * 60), 0, 0),
            new Minute(START.plusSeconds(19 * 60), 20, 1),
            new Minute(START.plusSeconds(20 * 60), 20, 20));
    // The slice at 00:05 is bad, that at 00:10 has no events, and that at 00:20 has not ended.
    assertThat(availability(Duration.ofMinutes(5), minutes)).isEqualTo(1 - 1 / 3.0);
    assertThat(availability(Duration.ofMinutes(1), minutes)).isEqualTo(1 - 3 / 5.0);
  }

  private static double availability(Duration slice, List<Minute> minutes) {
    Goal goal = new Goal(0.9, OBJECTIVE.goal().window(), Optional.of(new TimeSlices(slice, 0.95)));
    Objective sliced =
        new Objective(OBJECTIVE.title(), OBJECTIVE.measure(), goal, OBJECTIVE.rules());
    return Backtest.run(sliced, minutes).budget().availability();
  }

  @Test
  void aHistoryOfThousandsOfYearsOrOfCountlessEventsIsRefused() {
    Minute early = new Minute(Instant.parse("0001-01-01T00:00:00Z"), 1, 0);
    Minute late = new Minute(Instant.parse("9999-01-01T00:00:00Z"), 1, 0);
    assertThatThrownBy(() -> CountHistory.of(List.of(early, late)))
        .hasMessageContaining(
            "from 0001-01-01T00:00:00Z to 9999-01-01T00:00:00Z, expected at most");
    assertThatThrownBy(() -> new Minute(Instant.EPOCH, Long.MAX_VALUE, 0))
        .hasMessageContaining("expected at most 1000000000000");
  }
}
