package dev.troth.slo.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import dev.troth.testkit.Property;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The tally against a brute force that keeps each minute. */
final class TallyTest {
  private static final long START = Tally.minute(Instant.parse("2026-10-01T00:00:00Z"));
  private static final Duration MONTH = Duration.ofDays(30);

  private final Map<Long, long[]> minutes = new TreeMap<>();

  private static Tally tally(Optional<TimeSlices> slices, List<Exclusion> excluded) {
    return new Tally(
        new Tally.Shape(
            new Window.Rolling(MONTH), 1, 0, Tally.Edge.WHOLE, false, Tally.Shape.DAYS, slices),
        excluded,
        START);
  }

  private static boolean isExcluded(long minute, List<Exclusion> excluded) {
    Instant at = Instant.ofEpochSecond(60 * minute);
    return excluded.stream().anyMatch(one -> !at.isBefore(one.from()) && at.isBefore(one.to()));
  }

  /** The slices that ended before the frontier, with their last minutes since one. */
  private Counts slices(TimeSlices rule, long from, long frontier, List<Exclusion> excluded) {
    long length = rule.length().toMinutes();
    Map<Long, long[]> sums = new TreeMap<>();
    minutes.forEach((minute, counts) -> {
      if (!isExcluded(minute, excluded)) {
        long[] sum = sums.computeIfAbsent(Math.floorDiv(minute, length), _ -> new long[2]);
        sum[0] += counts[0];
        sum[1] += counts[1];
      }
    });
    long total = 0;
    long bad = 0;
    for (Map.Entry<Long, long[]> slice : sums.entrySet()) {
      long last = (slice.getKey() + 1) * length - 1;
      long[] sum = slice.getValue();
      if (last >= from && last < frontier && sum[0] > 0) {
        total++;
        bad += sum[0] - sum[1] < rule.target() * sum[0] ? 1 : 0;
      }
    }
    return new Counts(total, bad, bad);
  }

  private void take(Tally tally, long minute, long total, long bad) {
    if (tally.add(Delta.of(minute, total, bad))) {
      long[] counts = minutes.computeIfAbsent(minute, _ -> new long[2]);
      counts[0] += total;
      counts[1] += bad;
    }
  }

  /** New events, corrections of late ones, and some that are ahead of the frontier. */
  private void traffic(Tally tally, long frontier, RandomGenerator random) {
    for (int i = random.nextInt(6); i > 0; i--) {
      long minute = frontier + 3 - random.nextInt(random.nextInt(4) == 0 ? 100 : 6);
      long[] known = minutes.getOrDefault(minute, new long[2]);
      if (random.nextInt(4) == 0 && known[0] > 0) {
        boolean was = known[1] > 0 && random.nextBoolean();
        take(tally, minute, random.nextBoolean() ? -1 : 0, was ? -1 : 0);
      } else if (minute >= START) {
        long total = 1 + random.nextInt(20);
        take(tally, minute, total, random.nextInt(3) == 0 ? random.nextInt((int) total + 1) : 0);
      }
    }
  }

  @Test
  void timeSlicesAreWhatABruteForceMakesOfTheMinutesAlsoOfLateOnesAndAfterARestart() {
    Property.of("time slices are those of a brute force")
        .runs(150, 5_000)
        .check(random -> {
          minutes.clear();
          TimeSlices rule =
              new TimeSlices(
                  Duration.ofMinutes(1 + random.nextInt(random.nextBoolean() ? 12 : 1_440)),
                  1 - random.nextDouble() / 2);
          List<Exclusion> excluded = new ArrayList<>();
          while (random.nextBoolean()) {
            Instant from = Instant.ofEpochSecond(60 * (START + random.nextInt(3_000)));
            excluded.add(
                new Exclusion(from, from.plusSeconds(60 + 60L * random.nextInt(300)), "x"));
          }
          Tally tally = tally(Optional.of(rule), excluded);
          long frontier = START;
          for (int i = 0; i < 400; i++) {
            traffic(tally, frontier, random);
            frontier += random.nextInt(50) == 0 ? random.nextInt(400) : random.nextInt(3);
            tally.advance(frontier);
            if (random.nextInt(100) == 0) {
              tally = tally(Optional.of(rule), excluded);
              for (Map.Entry<Long, long[]> minute : minutes.entrySet()) {
                long[] counts = minute.getValue();
                tally.add(Delta.of(minute.getKey(), counts[0], counts[1]));
              }
              tally.advance(frontier);
            }
            long from = frontier - random.nextInt(4_000);
            assertThat(tally.since(from))
                .describedAs("%s since %d before %d", rule, from - START, frontier - START)
                .isEqualTo(slices(rule, from, frontier, excluded));
          }
        });
  }

  @Test
  void exclusionsAreExactToTheMinuteHoweverLongAgoTheyWere() {
    Property.of("exclusions are exact")
        .runs(40, 1_000)
        .check(random -> {
          List<Exclusion> excluded = new ArrayList<>();
          for (int i = 1 + random.nextInt(4); i > 0; i--) {
            Instant from = Instant.ofEpochSecond(60 * (START + random.nextInt(14_400)));
            excluded.add(
                new Exclusion(from, from.plusSeconds(60 + 60L * random.nextInt(6_000)), "x"));
          }
          Tally tally = tally(Optional.empty(), excluded);
          long total = 0;
          long bad = 0;
          for (long minute = START; minute < START + 14_400; minute++) {
            long events = random.nextInt(10);
            long failed = random.nextInt((int) events + 1);
            tally.add(Delta.of(minute, events, failed));
            if (!isExcluded(minute, excluded)) {
              total += events;
              bad += failed;
            }
          }
          tally.advance(START + 14_400);
          assertThat(tally.since(START)).isEqualTo(new Counts(total, bad, bad));
        });
  }

  @Test
  void aSliceOfWhichNotEverythingWasMeasuredIsOfNoWindow() {
    Tally tally = tally(Optional.of(new TimeSlices(Duration.ofMinutes(5), 0.95)), List.of());
    tally.measuredFrom(START + 7);
    for (long minute = START; minute < START + 16; minute++) {
      tally.add(Delta.of(minute, 10, 10));
    }
    tally.advance(START + 16);
    assertThat(tally.since(START)).isEqualTo(new Counts(1, 1, 1));
    tally.measuredFrom(Long.MAX_VALUE);
    assertThat(tally.since(START)).isEqualTo(Counts.NONE);
  }

  @Test
  void onlySlicesThatCanStillChangeAreKeptBesideTheSums() {
    Tally tally = tally(Optional.of(new TimeSlices(Duration.ofMinutes(1), 0.95)), List.of());
    for (long minute = START; minute < START + 50_000; minute++) {
      tally.add(Delta.of(minute, 10, minute % 7 == 0 ? 3 : 0));
      tally.advance(minute);
    }
    assertThat(tally.since(START + 50_000 - 43_200).total()).isBetween(43_180L, 43_200L);
    assertThat(tally.openSlices()).isLessThan(100);
  }
}
