package dev.troth.server.breakdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.breakdown.BreakdownStore.Sums;
import dev.troth.slo.count.Delta;
import dev.troth.slo.engine.Pending;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import dev.troth.testkit.Property;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Counts of groups as they grow old, against a count by hand. */
final class BreakdownStoreTest {
  private static final Instant START = Instant.parse("2026-03-01T12:17:00Z");

  private final TestPlatform platform = TestPlatform.start();
  private final BreakdownStore store = new BreakdownStore();

  @AfterEach
  void stop() {
    platform.close();
  }

  private static Objective objective(String name, String window) {
    String file =
        """
        apiVersion: troth.dev/v1
        kind: CompositeSLO
        metadata: {name: %s}
        spec:
          service: two
          groupBy: {attribute: tenant}
          steps:
            - {name: first, match: {service: a}}
            - {name: second, match: {service: b}}
          timeWindow: [%s]
          objectives: [{measure: availability, target: 0.99}]
          alerting:
            conditions: [{severity: page, short: 1m, long: 5m, above: 6}]
        """
            .formatted(name, window);
    var loaded = ObjectiveFiles.read(Map.of("groups.yaml", file));
    assertThat(loaded.problems()).isEmpty();
    return loaded.objectives().getFirst();
  }

  private record Counted(String group, Delta delta) {}

  private void save(Objective objective, List<Counted> counted) {
    Pending pending = new Pending();
    counted.forEach(one -> pending.add(one.group, one.delta));
    boolean _ =
        platform
            .database()
            .write(handle -> {
              store.save(handle, objective, pending);
              return true;
            });
  }

  private void trim(Objective objective, Instant now) {
    boolean _ =
        platform
            .database()
            .write(handle -> {
              store.trim(handle, objective, now);
              return true;
            });
  }

  private Map<String, Sums> sums(Objective objective, long last) {
    return platform.database().read(handle -> store.sums(handle, objective, last));
  }

  private long rows(Objective objective) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery("SELECT count(*) FROM group_bucket WHERE objective = ?")
                .bind(0, objective.name())
                .mapTo(Long.class)
                .one());
  }

  @Test
  void everyWindowIsTheSumOfItsMinutesWhateverWasRolledUp() {
    Property.of("windows of groups").runs(8, 200).check(this::oneRun);
  }

  private int run;

  private void oneRun(RandomGenerator random) {
    List<String> windows =
        List.of(
            "{duration: 1h}",
            "{duration: 6h}",
            "{duration: 1d}",
            "{duration: 10d}",
            "{duration: 1d, isRolling: false, calendar: {timeZone: Asia/Kolkata}}");
    run++;
    Objective objective = objective("o" + run, windows.get(random.nextInt(windows.size())));
    List<Counted> all = new ArrayList<>();
    long minute = START.getEpochSecond() / 60;
    for (int step = 0; step < 30; step++) {
      minute += random.nextInt(1, 900);
      List<Counted> some = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        boolean bad = random.nextBoolean();
        // At most an hour late, and some that take back a good one for a bad one.
        long at = minute - random.nextInt(60);
        some.add(
            new Counted(
                "g" + random.nextInt(3),
                new Delta(
                    at,
                    random.nextInt(2),
                    new long[] {bad ? 1 : 0},
                    random.nextInt(2),
                    new long[] {0, bad ? 1 : 0})));
      }
      save(objective, some);
      all.addAll(some);
      if (random.nextBoolean()) {
        trim(objective, Instant.ofEpochSecond(60 * minute));
      }
      check(objective, all, minute);
    }
  }

  private void check(Objective objective, List<Counted> all, long last) {
    long exact =
        objective.goal().window() instanceof Window.Calendar calendar
            ? calendar.start(Instant.ofEpochSecond(60 * last)).getEpochSecond() / 60
            : last - objective.goal().window().length().toMinutes();
    // Half an hour within an hour of UTC is where days of Kolkata begin.
    long age = last - exact;
    long slot = age <= 360 ? 1 : age <= 72 * 60 ? 10 : 60;
    long phase = objective.goal().window() instanceof Window.Calendar ? 30 : 0;
    long first = Math.floorDiv(exact - phase, slot) * slot + phase;
    Map<String, Sums> found = sums(objective, last);
    for (int g = 0; g < 3; g++) {
      String name = "g" + g;
      List<Delta> own =
          all.stream()
              .filter(one -> one.group.equals(name))
              .map(Counted::delta)
              .filter(delta -> delta.minute() >= first && delta.minute() <= last)
              .toList();
      Sums sums = found.getOrDefault(name, new Sums(0, 0, 0, Map.of()));
      assertThat(sums.total()).as(name).isEqualTo(own.stream().mapToLong(Delta::total).sum());
      assertThat(sums.bad()).isEqualTo(own.stream().mapToLong(delta -> delta.bad(0)).sum());
      assertThat(sums.unknown()).isEqualTo(own.stream().mapToLong(Delta::unknown).sum());
      assertThat(sums.failed().getOrDefault("second", 0L))
          .isEqualTo(own.stream().mapToLong(delta -> delta.stepBad(1)).sum());
    }
  }

  @Test
  void aMonthOfAGroupHasAtMostSixteenHundredRowsAndAfterItsWindowNone() {
    Objective objective = objective("month", "{duration: 30d}");
    long first = START.getEpochSecond() / 60;
    long minute = first;
    for (int day = 0; day < 31; day++) {
      List<Counted> counted = new ArrayList<>();
      for (int i = 0; i < 1_440; i++) {
        counted.add(new Counted("busy", Delta.of(minute++, 1, 0)));
      }
      save(objective, counted);
      trim(objective, Instant.ofEpochSecond(60 * minute));
    }
    assertThat(rows(objective)).isBetween(1_000L, 1_600L);
    platform
        .database()
        .write(handle ->
            handle.execute(
                "INSERT INTO slo_group (objective, grp, since) VALUES ('month', 'busy', 0)"));
    Instant after = Instant.ofEpochSecond(60 * minute).plus(Duration.ofDays(30).plusHours(4));
    trim(objective, after);
    assertThat(rows(objective)).isZero();
    var gone = platform.database().write(handle -> store.forget(handle, first));
    assertThat(gone).containsExactly(new GroupKey("month", "busy"));
  }

  @Test
  void aClockThatIsSetBackLosesNoCounts() {
    Objective objective = objective("back", "{duration: 6h}");
    long now = START.getEpochSecond() / 60;
    save(
        objective,
        List.of(
            new Counted("acme", Delta.of(now - 5, 1, 1)),
            new Counted("acme", Delta.of(now + 90, 3, 0)),
            new Counted("acme", Delta.of(now + 91, 4, 2))));
    platform
        .database()
        .write(handle -> {
          store.setBack(handle, now);
          return true;
        });
    assertThat(sums(objective, now).get("acme")).isEqualTo(new Sums(8, 3, 0, Map.of()));
  }
}
