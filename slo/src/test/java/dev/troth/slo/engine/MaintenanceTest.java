package dev.troth.slo.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.backtest.AlertReplay;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.BudgetLine;
import dev.troth.slo.backtest.CountHistory;
import dev.troth.slo.count.Delta;
import dev.troth.slo.export.CloudFormationExport;
import dev.troth.slo.export.PrometheusExport;
import dev.troth.slo.export.RefusedException;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.Objective;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests in maintenance count for nothing, and nobody is told of them. */
final class MaintenanceTest {
  private static final Instant START = Instant.parse("2026-10-20T00:00:00Z");
  private static final int DAYS = 10;

  private static Loaded loaded(String maintenance) {
    return ObjectiveFiles.read(
        Map.of(
            "a.yaml",
            """
            apiVersion: troth.dev/v1
            kind: CompositeSLO
            metadata: {name: orders}
            spec:
              steps:
                - {name: gateway, match: {service: api}}
              cloudWatch: {gateway: {httpApi: a1}}
              timeWindow: [{duration: 7d, isRolling: true}]
              objectives: [{target: 0.99}]
            %s
            """
                .formatted(maintenance)));
  }

  private static final String NIGHTS =
      "  maintenance: [{name: backup, timeZone: Europe/Berlin, days: daily, start: \"02:00\","
          + " duration: 90m, reason: the table is backed up}]";

  private static Objective objective() {
    Loaded loaded = loaded(NIGHTS);
    assertThat(loaded.problems()).isEmpty();
    return loaded.objectives().getFirst();
  }

  /** Every night from 02:00 to 03:30 in Berlin; on the 25th the clock is set back at 03:00. */
  private static boolean isNight(Instant at) {
    long minute = at.getEpochSecond() / 60 % 1_440;
    boolean summer = at.isBefore(Instant.parse("2026-10-26T00:00:00Z"));
    return summer ? minute < 90 : minute >= 60 && minute < 150;
  }

  /** In each night everything fails, or nothing is sent; else all is well. */
  private static List<Minute> minutes(boolean silent) {
    List<Minute> minutes = new ArrayList<>();
    for (int i = 0; i < DAYS * 1_440; i++) {
      Instant at = START.plusSeconds(60L * i);
      boolean night = isNight(at);
      if (!night || !silent) {
        minutes.add(new Minute(at, 100, night ? 100 : 0));
      }
    }
    return minutes;
  }

  /** Runs the live engine over minutes; what it told besides that it is well. */
  private static List<Event> run(ObjectiveEngine engine, List<Minute> minutes) {
    List<Event> told = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < DAYS * 1_440; i++) {
      Instant at = START.plusSeconds(60L * i);
      if (next < minutes.size() && minutes.get(next).at().equals(at)) {
        Minute minute = minutes.get(next++);
        engine.restore(
            new Delta(
                at.getEpochSecond() / 60,
                minute.total(),
                new long[] {minute.bad()},
                0,
                new long[] {minute.bad()}));
      }
      Instant end = at.plusSeconds(60);
      engine.evaluate(end, end).stream()
          .filter(event -> !(event instanceof Event.StateChanged))
          .forEach(told::add);
    }
    return told;
  }

  private static ObjectiveEngine engine(Objective objective) {
    return new ObjectiveEngine(objective, AlertMemory.fresh(START.getEpochSecond()), START);
  }

  @Test
  void outagesInItNeitherCountNorAlertAndItIsSaidWhatWasLeftOut() {
    ObjectiveEngine engine = engine(objective());
    assertThat(run(engine, minutes(false))).isEmpty();
    ObjectiveStatus standing = engine.standing();
    assertThat(standing.availability()).isEqualTo(1.0);
    assertThat(standing.counts().total()).isEqualTo(100L * 7 * (1_440 - 90));
    assertThat(standing.evidence().leftOut())
        .singleElement()
        .satisfies(left -> {
          assertThat(left.maintenance().name()).isEqualTo("backup");
          assertThat(left.counts().total()).isEqualTo(7 * 90 * 100);
          assertThat(left.counts().badLow()).isEqualTo(7 * 90 * 100);
        });
  }

  @Test
  void theSameOutagesWithoutItAlert() {
    Objective bare = loaded("").objectives().getFirst();
    assertThat(run(engine(bare), minutes(false)))
        .hasAtLeastOneElementOfType(Event.AlertFired.class);
  }

  @Test
  void silenceInItIsNoLossOfTelemetry() {
    assertThat(run(engine(objective()), minutes(true))).isEmpty();
    Objective bare = loaded("").objectives().getFirst();
    assertThat(run(engine(bare), minutes(true)))
        .hasAtLeastOneElementOfType(Event.TelemetryLost.class);
  }

  @Test
  void anOutageBesideItAlertsInTheMinuteInWhichABacktestSaysSo() {
    List<Minute> minutes = new ArrayList<>();
    for (Minute minute : minutes(false)) {
      long at = (minute.at().getEpochSecond() - START.getEpochSecond()) / 60;
      boolean outage = at >= 4 * 1_440 + 600 && at < 4 * 1_440 + 700;
      minutes.add(outage ? new Minute(minute.at(), 100, 80) : minute);
    }
    List<Instant> fired =
        run(engine(objective()), minutes).stream()
            .filter(Event.AlertFired.class::isInstance)
            .map(Event::at)
            .toList();
    assertThat(fired).isNotEmpty();
    CountHistory history = CountHistory.of(minutes);
    assertThat(AlertReplay.alerts(objective(), history).stream().map(alert -> alert.firedAt()))
        .containsExactlyElementsOf(fired);
    assertThat(BudgetLine.of(objective(), history).availability()).isBetween(0.99, 0.995);
  }

  @Test
  void anExportRefusesItByName() {
    for (String kind : List.of("prometheus", "cloudformation")) {
      assertThatThrownBy(
              () -> {
                var _ =
                    kind.equals("prometheus")
                        ? PrometheusExport.of(loaded(NIGHTS), Optional.empty())
                        : CloudFormationExport.of(loaded(NIGHTS), Optional.empty(), false);
              })
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(
              "orders: maintenance 'backup' is daily at 02:00 for 90m (Europe/Berlin)");
    }
  }

  @Test
  void whatIsWrongInAFileIsSaidWithItsPlace() {
    assertThat(
            wrong(
                "{name: a, timeZone: Mars, days: sun, start: \"02:00\", duration: 1h, reason: x}"))
        .contains("timeZone is 'Mars', expected one such as Europe/Berlin");
    assertThat(
            wrong("{name: a, timeZone: UTC, days: sun, start: \"02:00\", duration: 8d, reason: x}"))
        .contains("duration is 8d, expected whole minutes, 1m to 7d");
    assertThat(
            wrong(
                "{name: a, timeZone: UTC, cron: \"0 2 * * *\", days: sun, duration: 1h, reason: x}"))
        .contains("either cron or days and start, not both");
    assertThat(wrong("{name: a, timeZone: UTC, days: sun, start: \"02:00\", duration: 1h}"))
        .contains("reason");
    String one = "{name: a, timeZone: UTC, cron: \"0 2 * * *\", duration: 1h, reason: x}";
    assertThat(wrong(one + ", " + one)).contains("two times of maintenance have one name");
  }

  private static String wrong(String entries) {
    return loaded("  maintenance: [" + entries + "]").problems().toString();
  }
}
