package dev.troth.watch.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quiet hours and digests by a clock that is changed twice a year. */
final class ClockChangesTest {
  private static final ZoneId OSLO = ZoneId.of("Europe/Oslo");

  /**
   * On 29 March 2026 02:00 becomes 03:00 (01:00 UTC), on 25 October 03:00 becomes 02:00 (01:00
   * UTC).
   */
  @ParameterizedTest(name = "{0} at {1} is quiet until {2}")
  @CsvSource({
    // An ordinary night, an hour before UTC.
    "22:00-07:00, 2026-03-01T20:59:59Z, ",
    "22:00-07:00, 2026-03-01T21:00:00Z, 2026-03-02T06:00:00Z",
    "22:00-07:00, 2026-03-02T05:59:59Z, 2026-03-02T06:00:00Z",
    "22:00-07:00, 2026-03-02T06:00:00Z, ",
    // The short night: it ends an hour earlier.
    "22:00-07:00, 2026-03-28T21:00:00Z, 2026-03-29T05:00:00Z",
    "22:00-07:00, 2026-03-29T04:59:59Z, 2026-03-29T05:00:00Z",
    "22:00-07:00, 2026-03-29T05:00:00Z, ",
    // The long night.
    "22:00-07:00, 2026-10-24T20:00:00Z, 2026-10-25T06:00:00Z",
    "22:00-07:00, 2026-10-25T05:59:59Z, 2026-10-25T06:00:00Z",
    // An end that the spring leaves out is the change itself; one that comes twice is the first.
    "22:00-02:30, 2026-03-29T00:59:59Z, 2026-03-29T01:00:00Z",
    "22:00-02:30, 2026-03-29T01:00:00Z, ",
    "22:00-02:30, 2026-10-25T00:29:59Z, 2026-10-25T00:30:00Z",
    "22:00-02:30, 2026-10-25T01:10:00Z, ",
    // A beginning within the hour that is left out, and one that comes twice.
    "02:30-05:00, 2026-03-29T01:00:00Z, 2026-03-29T03:00:00Z",
    "02:30-05:00, 2026-10-25T00:30:00Z, 2026-10-25T04:00:00Z",
    "02:30-05:00, 2026-10-25T01:10:00Z, 2026-10-25T04:00:00Z",
    // Within one day.
    "12:00-13:00, 2026-03-01T11:30:00Z, 2026-03-01T12:00:00Z",
    "12:00-13:00, 2026-03-01T12:00:00Z, ",
    "off, 2026-03-01T23:00:00Z, "
  })
  void quietHoursFollowTheUsersClock(String hours, String at, String end) {
    assertThat(QuietHours.parse(hours).endOf(Instant.parse(at), OSLO))
        .isEqualTo(java.util.Optional.ofNullable(end).map(Instant::parse));
  }

  @ParameterizedTest(name = "{0} after {2} in {1} is {3}")
  @CsvSource({
    // Over midnight, at the end of a window and just before it.
    "1h, Europe/Oslo, 2026-03-01T22:59:59Z, 2026-03-01T23:00:00Z",
    "1h, Europe/Oslo, 2026-03-01T23:00:00Z, 2026-03-02T00:00:00Z",
    "6h, Europe/Oslo, 2026-03-01T22:30:00Z, 2026-03-01T23:00:00Z",
    "24h, Europe/Oslo, 2026-03-01T22:59:59Z, 2026-03-01T23:00:00Z",
    "24h, Europe/Oslo, 2026-03-01T23:00:00Z, 2026-03-02T23:00:00Z",
    // Zones with half and quarter hours.
    "1h, Asia/Kathmandu, 2026-03-01T12:00:00Z, 2026-03-01T12:15:00Z",
    "24h, Asia/Kathmandu, 2026-03-01T12:00:00Z, 2026-03-01T18:15:00Z",
    // Over the leap day, and over the day that an ordinary year does not have.
    "24h, UTC, 2028-02-28T12:00:00Z, 2028-02-29T00:00:00Z",
    "24h, UTC, 2028-02-29T12:00:00Z, 2028-03-01T00:00:00Z",
    "24h, UTC, 2026-02-28T12:00:00Z, 2026-03-01T00:00:00Z",
    "cron 0 8 29 2 *, UTC, 2026-03-01T00:00:00Z, 2028-02-29T08:00:00Z",
    "cron 0 8 29 2 *, UTC, 2096-02-29T08:00:00Z, 2104-02-29T08:00:00Z",
    "cron 0 0 31 * *, UTC, 2026-03-31T00:00:00Z, 2026-05-31T00:00:00Z",
    // Long windows end by the clock, also on the days that are not of 24 hours.
    "6h, Europe/Oslo, 2026-03-28T23:30:00Z, 2026-03-29T04:00:00Z",
    "6h, Europe/Oslo, 2026-10-24T22:30:00Z, 2026-10-25T05:00:00Z",
    "24h, Europe/Oslo, 2026-03-29T10:00:00Z, 2026-03-29T22:00:00Z",
    // Short ones are equally long.
    "15m, Europe/Oslo, 2026-03-29T00:59:00Z, 2026-03-29T01:00:00Z",
    "15m, Europe/Oslo, 2026-03-29T01:00:00Z, 2026-03-29T01:15:00Z",
    "15m, Europe/Oslo, 2026-10-25T01:05:00Z, 2026-10-25T01:15:00Z",
    // A time that the spring leaves out comes at the change; one that comes twice comes once.
    "cron 30 2 * * *, Europe/Oslo, 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z",
    "cron 30 2 * * *, Europe/Oslo, 2026-10-25T00:00:00Z, 2026-10-25T00:30:00Z",
    "cron 30 2 * * *, Europe/Oslo, 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
    "cron 0 8 * * 1-5, Europe/Oslo, 2026-03-06T08:00:00Z, 2026-03-09T07:00:00Z",
    "cron */20 9-17/4 * * mon, UTC, 2026-03-02T09:40:00Z, 2026-03-02T13:00:00Z",
    "cron 0 0 13 * 5, UTC, 2026-03-01T00:00:00Z, 2026-03-06T00:00:00Z",
    "cron 0 0 1 jan 7, UTC, 2026-01-01T00:00:00Z, 2026-01-04T00:00:00Z",
    "off, UTC, 2026-01-01T00:00:07Z, 2026-01-01T00:00:07Z"
  })
  void aDigestGoesOutAtItsNextTime(String schedule, String zone, String after, String next) {
    assertThat(Schedule.parse(schedule).next(Instant.parse(after), ZoneId.of(zone)))
        .isEqualTo(Instant.parse(next));
    assertThat(Schedule.parse(schedule).toString()).isEqualTo(schedule);
  }

  @Test
  void theWindowsOfADayFollowEachOtherAlsoWhenClocksAreChanged() {
    List<Integer> counts = new ArrayList<>();
    for (String day : new String[] {"2026-03-28", "2026-03-29", "2026-10-25"}) {
      Instant at = Instant.parse(day + "T00:00:00Z").minusSeconds(7_200);
      Schedule schedule = Schedule.parse("30m");
      int count = 0;
      while (at.isBefore(Instant.parse(day + "T22:00:00Z"))) {
        Instant next = schedule.next(at, OSLO);
        assertThat(next).isAfter(at).isBeforeOrEqualTo(at.plusSeconds(1_800));
        at = next;
        count++;
      }
      counts.add(count);
    }
    assertThat(counts).containsExactly(48, 48, 48);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7m",
        "30s",
        "25h",
        "2d",
        "hourly",
        "cron",
        "cron * * * *",
        "cron 60 * * * *",
        "cron 0 0 30 2 *",
        "cron 5-1 * * * *",
        "cron 0 0 0 * *",
        "cron 0 0 * foo *",
        "cron */0 * * * *"
      })
  void aScheduleThatCannotBeIsRefusedWithWhatWasExpected(String text) {
    assertThatThrownBy(() -> Schedule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"22:00", "22-7", "25:00-07:00", "07:00-07:00", "22:00-07:00-08:00", ""})
  void quietHoursThatCannotBeAreRefused(String text) {
    assertThatThrownBy(() -> QuietHours.parse(text))
        .hasMessageContaining("expected two times such as 22:00-07:00");
  }
}
