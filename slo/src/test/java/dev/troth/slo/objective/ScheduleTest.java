package dev.troth.slo.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When maintenance is, also on the days on which clocks are changed. */
final class ScheduleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static long minute(String at) {
    return Instant.parse(at).getEpochSecond() / 60;
  }

  private static List<String> times(Schedule schedule, String length, String from, String to) {
    Maintenance one = new Maintenance("m", schedule, Durations.parse(length), "because");
    return new MaintenanceTimes(List.of(one))
        .times(minute(from), minute(to)).stream()
            .map(time -> time.from() + " to " + time.to())
            .toList();
  }

  @Test
  void aTimeThatIsSkippedIsWhenTheClockIsSetForwardAndOneThatComesTwiceTheFirst() {
    Schedule sundays = Schedule.of("sun", "02:30", BERLIN);
    assertThat(times(sundays, "1h", "2026-03-22T00:00:00Z", "2026-04-06T00:00:00Z"))
        .containsExactly(
            "2026-03-22T01:30:00Z to 2026-03-22T02:30:00Z",
            "2026-03-29T01:00:00Z to 2026-03-29T02:00:00Z",
            "2026-04-05T00:30:00Z to 2026-04-05T01:30:00Z");
    assertThat(times(sundays, "1h", "2026-10-18T00:00:00Z", "2026-11-02T00:00:00Z"))
        .containsExactly(
            "2026-10-18T00:30:00Z to 2026-10-18T01:30:00Z",
            "2026-10-25T00:30:00Z to 2026-10-25T01:30:00Z",
            "2026-11-01T01:30:00Z to 2026-11-01T02:30:00Z");
    // Six hours pass, whatever the clock shows at their end: 04:00 here, 06:00 in spring.
    Schedule nights = Schedule.of("sat", "23:00", BERLIN);
    assertThat(times(nights, "6h", "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"))
        .containsExactly("2026-10-24T21:00:00Z to 2026-10-25T03:00:00Z");
    assertThat(times(nights, "6h", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"))
        .containsExactly("2026-03-28T22:00:00Z to 2026-03-29T04:00:00Z");
  }

  @Test
  void everyHourGoesByTheHoursThatThereAre() {
    Schedule hourly = Schedule.cron("30 * * * *", BERLIN);
    assertThat(times(hourly, "5m", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")).hasSize(23);
    assertThat(times(hourly, "5m", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")).hasSize(25);
    assertThat(
            times(
                Schedule.cron("30 2 * * *", BERLIN),
                "5m",
                "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z"))
        .containsExactly("2026-10-25T00:30:00Z to 2026-10-25T00:35:00Z");
  }

  /** What a reader of a wall clock would note down in two years, minute by minute. */
  private static List<Instant> byTheClock(DayRule days, LocalTime start, ZoneId zone) {
    List<Instant> noted = new ArrayList<>();
    long first = minute("2025-12-31T00:00:00Z");
    LocalDateTime before = local(first - 1, zone);
    LocalDateTime latest = before;
    for (long minute = first; minute < minute("2028-01-02T00:00:00Z"); minute++) {
      LocalDateTime now = local(minute, zone);
      LocalDateTime at = now.toLocalDate().atTime(start);
      boolean reached = now.equals(at) && at.isAfter(latest);
      boolean skipped = at.isAfter(before) && at.isBefore(now);
      if (days.fits(now.toLocalDate()) && (reached || skipped)) {
        noted.add(Instant.ofEpochSecond(minute * 60));
      }
      latest = now.isAfter(latest) ? now : latest;
      before = now;
    }
    return noted;
  }

  private static LocalDateTime local(long minute, ZoneId zone) {
    return LocalDateTime.ofInstant(Instant.ofEpochSecond(minute * 60), zone);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "daily; 02:30; Europe/Berlin",
        "mon-fri,sun; 01:15; Europe/London",
        "last sun; 02:00; Europe/Berlin",
        "second tue, day 31, last day; 23:59; America/New_York",
        "first sun; 02:15; Australia/Lord_Howe",
        "weekends; 00:00; America/Asuncion",
        "fri-mon; 12:00; Asia/Kolkata"
      })
  void itIsWhatAReaderOfTheWallClockNotes(String days, String start, ZoneId zone) {
    Schedule schedule = Schedule.of(days, start, zone);
    Maintenance one = new Maintenance("m", schedule, Duration.ofMinutes(1), "because");
    assertThat(
            new MaintenanceTimes(List.of(one))
                .times(minute("2025-12-31T00:00:00Z"), minute("2028-01-02T00:00:00Z")).stream()
                    .map(MaintenanceTimes.Time::from))
        .isEqualTo(byTheClock(schedule.days(), LocalTime.parse(start), zone))
        .hasSizeGreaterThan(20);
  }

  @Test
  void aMinuteBelongsToTheFirstMaintenanceThatItIsIn() {
    MaintenanceTimes times =
        new MaintenanceTimes(
            List.of(
                new Maintenance(
                    "a", Schedule.of("daily", "02:00", BERLIN), Duration.ofHours(2), "x"),
                new Maintenance("b", Schedule.cron("0 0 1 * *", BERLIN), Duration.ofDays(2), "y")));
    for (long minute = minute("2026-02-27T00:00:00Z");
        minute < minute("2026-03-05T00:00:00Z");
        minute++) {
      LocalDateTime at = local(minute, BERLIN);
      boolean night = at.getHour() == 2 || at.getHour() == 3;
      boolean first = at.getMonthValue() == 3 && at.getDayOfMonth() <= 2;
      assertThat(times.at(minute)).as(at.toString()).isEqualTo(night ? 0 : first ? 1 : -1);
    }
    assertThat(times.minutes(minute("2026-03-10T00:00:00Z"), minute("2026-03-12T00:00:00Z")))
        .isEqualTo(240);
    assertThat(times.next(times.all().getLast(), Instant.parse("2026-03-02T10:00:00Z")))
        .hasValueSatisfying(
            time -> assertThat(time.from()).isEqualTo(Instant.parse("2026-02-28T23:00:00Z")));
    assertThat(times.next(times.all().getLast(), Instant.parse("2026-03-02T23:00:00Z")))
        .hasValueSatisfying(
            time -> assertThat(time.from()).isEqualTo(Instant.parse("2026-03-31T22:00:00Z")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "61 * * * *; minute is '61', expected 0 to 59",
        "0 0 * *; expected five fields",
        "0 0 * foo *; month is 'foo', expected 1 to 12 or a name such as dec",
        "0 9-5 * * *; range is '9-5', expected its start before its end",
        "*/0 0 * * *; step is '0', expected a whole number above 0",
        "* * * * *; begins 1440 times a day, expected at most 24"
      })
  void whatIsNoCronExpressionIsRefusedByItsField(String text, String why) {
    assertThatThrownBy(() -> Schedule.cron(text, BERLIN)).hasMessageContaining(why);
  }

  @Test
  void daysOfTheMonthAndOfTheWeekAreEitherAsCronHasThem() {
    assertThat(
            times(
                Schedule.cron("0 12 13 * fri", BERLIN),
                "1m",
                "2026-02-01T00:00:00Z",
                "2026-02-28T00:00:00Z"))
        .extracting(time -> time.substring(0, 10))
        .containsExactly("2026-02-06", "2026-02-13", "2026-02-20", "2026-02-27");
    assertThatThrownBy(() -> Schedule.of("fifth sun", "02:00", BERLIN))
        .hasMessageContaining("days is 'fifth sun', expected daily, weekdays");
    assertThatThrownBy(() -> Schedule.of("sun", "2:00", BERLIN))
        .hasMessageContaining("start is '2:00', expected a time such as 02:30");
  }
}
