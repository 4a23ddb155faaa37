package dev.troth.slo.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.count.Delta;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import dev.troth.testkit.Property;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A calendar window counts from its start by the clock of its zone, to the minute. */
final class CalendarWindowTest {
  private static Loaded loaded(String window) {
    return ObjectiveFiles.read(
        Map.of(
            "a.yaml",
            """
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: orders}
            spec:
              service: shop
              indicator:
                spec:
                  ratioMetric:
                    total: {metricSource: {type: otlp, spec: {metric: all}}}
                    bad: {metricSource: {type: otlp, spec: {metric: bad}}}
              timeWindow: [%s]
              budgetingMethod: Occurrences
              objectives: [{target: 0.99}]
            """
                .formatted(window)));
  }

  private static Objective objective(String window) {
    Loaded loaded = loaded(window);
    assertThat(loaded.problems()).isEmpty();
    return loaded.objectives().getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{duration: 1M, isRolling: false, calendar: {timeZone: Europe/Berlin}} | 2026-03-31T21:59:00Z | 2026-02-28T23:00:00Z | 2026-03-31T22:00:00Z",
        "{duration: 1M, calendar: {timeZone: Asia/Kolkata}} | 2026-03-31T18:30:00Z | 2026-03-31T18:30:00Z | 2026-04-30T18:30:00Z",
        "{duration: 1Q, isRolling: false, calendar: {timeZone: America/New_York}} | 2026-04-01T03:59:00Z | 2026-01-01T05:00:00Z | 2026-04-01T04:00:00Z",
        "{duration: 3M, isRolling: false} | 2026-12-31T23:59:00Z | 2026-10-01T00:00:00Z | 2027-01-01T00:00:00Z",
        "{duration: 1w, isRolling: false, calendar: {timeZone: UTC}} | 2026-03-01T12:00:00Z | 2026-02-23T00:00:00Z | 2026-03-02T00:00:00Z",
        "{duration: 1M, calendar: {startTime: 2020-01-21 12:30:00, timeZone: America/New_York}} | 2026-03-01T00:00:00Z | 2026-02-21T17:30:00Z | 2026-03-21T16:30:00Z",
        "{duration: 1M, calendar: {startTime: 2020-01-31 00:00:00}} | 2026-03-01T00:00:00Z | 2026-02-28T00:00:00Z | 2026-03-31T00:00:00Z",
        "{duration: 1Q, calendar: {startTime: 2030-02-01 06:00:00}} | 2026-03-01T00:00:00Z | 2026-02-01T06:00:00Z | 2026-05-01T06:00:00Z"
      })
  void openSlosCalendarFormBeginsWhereItSays(String window, Instant now, Instant from, Instant to) {
    Window.Calendar calendar = (Window.Calendar) objective(window).goal().window();
    assertThat(calendar.start(now)).isEqualTo(from);
    assertThat(calendar.next(now)).isEqualTo(to);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{duration: 1Y, isRolling: false} | duration is '1Y', expected 1d, 1w, 1M or 1Q (3M)",
        "{duration: 1M, isRolling: true, calendar: {timeZone: UTC}} | isRolling is 'true', expected false beside calendar",
        "{duration: 1M, calendar: {timeZone: Mars}} | timeZone is 'Mars', expected a time zone such as Europe/Berlin",
        "{duration: 1M, calendar: {startTime: noon}} | startTime is 'noon', expected a time such as 2026-01-01 00:00:00",
        "{duration: 1M, calendar: {startTime: 2026-01-01 00:00:30}} | expected a whole minute",
        "{duration: 1M, calendar: {zone: UTC}} | zone"
      })
  void whatCannotBeKeptIsRefused(String window, String why) {
    assertThat(loaded(window).problems().toString()).contains(why);
  }

  @Test
  void itsCountsAreThoseSinceItsStartWhateverTheZone() {
    String[] zones = {
      "UTC",
      "Europe/Berlin",
      "Asia/Kolkata",
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
      "America/New_York"
    };
    Property.of("calendar windows")
        .runs(8, 200)
        .check(random -> {
          ZoneId zone = ZoneId.of(zones[random.nextInt(zones.length)]);
          Window.Calendar.Unit unit = Window.Calendar.Unit.values()[random.nextInt(4)];
          Window.Calendar window =
              random.nextBoolean()
                  ? new Window.Calendar(unit, zone)
                  : new Window.Calendar(
                      unit,
                      zone,
                      LocalDateTime.of(2026, 1 + random.nextInt(12), 1 + random.nextInt(28), 7, 0)
                          .plusMinutes(random.nextInt(1_440)));
          Objective bare = objective("{duration: 30d, isRolling: true}");
          Objective objective =
              new Objective(
                  bare.title(),
                  bare.measure(),
                  new dev.troth.slo.objective.Goal(0.99, window),
                  bare.rules());
          Instant start =
              ZonedDateTime.of(2026, 1 + random.nextInt(12), 20, 0, 0, 0, 0, zone).toInstant();
          ObjectiveEngine engine =
              new ObjectiveEngine(objective, AlertMemory.fresh(start.getEpochSecond()), start);
          engine.receivedAll(start.minusSeconds(3_600));
          int days = unit == Window.Calendar.Unit.QUARTER ? 100 : 40;
          long first = start.getEpochSecond() / 60;
          long[] sums = new long[days * 1_440 + 1];
          for (int i = 0; i < days * 1_440; i++) {
            int events = random.nextInt(5);
            sums[i + 1] = sums[i] + events;
            engine.restore(Delta.of(first + i, events, 0));
            Instant end = start.plusSeconds(60L * (i + 1));
            var _ = engine.evaluate(end, end);
            long begin = Math.max(0, window.start(end).getEpochSecond() / 60 - first);
            assertThat(engine.window().total())
                .as("%s %s at %s", window.text(), zone, end)
                .isEqualTo(sums[i + 1] - sums[(int) Math.min(begin, i + 1)]);
          }
        });
  }

  @Test
  void theBudgetBeginsAnewAtMidnightAlsoWhereThatIsInTheMiddleOfAnHourElsewhere() {
    Objective objective = objective("{duration: 1M, calendar: {timeZone: Asia/Kolkata}}");
    Instant start = Instant.parse("2026-03-31T18:00:00Z");
    ObjectiveEngine engine =
        new ObjectiveEngine(objective, AlertMemory.fresh(start.getEpochSecond()), start);
    engine.receivedAll(start.minusSeconds(3_600));
    for (int i = 0; i < 40; i++) {
      engine.restore(Delta.of(start.getEpochSecond() / 60 + i, 10, 5));
      Instant end = start.plusSeconds(60L * (i + 1));
      var _ = engine.evaluate(end, end);
      // The month ends at 18:30 UTC.
      assertThat(engine.window().total()).as(end.toString()).isEqualTo(10L * ((i + 1) % 30));
    }
  }

  @Test
  void aStartIsAWholeMinute() {
    assertThatThrownBy(() ->
            new Window.Calendar(
                Window.Calendar.Unit.MONTH,
                ZoneId.of("UTC"),
                LocalDateTime.of(2026, 1, 1, 0, 0, 1)))
        .hasMessageContaining("startTime is 2026-01-01T00:00:01, expected a whole minute");
  }
}
