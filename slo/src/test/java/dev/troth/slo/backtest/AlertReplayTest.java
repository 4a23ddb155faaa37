package dev.troth.slo.backtest;

import static dev.troth.slo.ObjectivesForTests.chain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import dev.troth.testkit.Property;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class AlertReplayTest {
  private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

  private static Objective objective(RandomGenerator random) {
    Window window = new Window.Rolling(Duration.ofDays(1 + random.nextInt(30)));
    List<Condition> conditions = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      conditions.addAll(
          AlertPolicy.Preset.values()[random.nextInt(2)].scaledTo(window).conditions());
    }
    while (conditions.isEmpty() || random.nextInt(3) > 0) {
      int brief = 1 + random.nextInt(random.nextBoolean() ? 10 : 300);
      conditions.add(
          new Condition(
              Severity.values()[random.nextInt(2)],
              Duration.ofMinutes(brief),
              Duration.ofMinutes(brief + random.nextInt(600)),
              1 + random.nextInt(20)));
    }
    AlertPolicy policy =
        new AlertPolicy(
            conditions,
            random.nextInt(4) == 0
                ? new MinimumEvidence.Unlikely(0.01)
                : new MinimumEvidence.BadEvents(1 + random.nextInt(20)),
            random.nextBoolean()
                ? Optional.of(Duration.ofSeconds(random.nextInt(3_000)))
                : Optional.empty(),
            random.nextBoolean()
                ? Optional.of(Duration.ofMinutes(1 + random.nextInt(200)))
                : Optional.empty(),
            AlertPolicy.UNKNOWN_ABOVE);
    List<Exclusion> exclusions = new ArrayList<>();
    while (random.nextInt(3) == 0) {
      Instant from = START.plusSeconds(random.nextInt(4 * 86_400));
      exclusions.add(new Exclusion(from, from.plusSeconds(1 + random.nextInt(20_000)), "work"));
    }
    double target = List.of(0.9, 0.95, 0.99, 0.995, 0.999).get(random.nextInt(5));
    Measure measure = measure(random);
    boolean bounds =
        measure instanceof Measure.Requests requests && requests.kind() != CountingMethod.EXACT;
    Optional<TimeSlices> slices =
        bounds || random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new TimeSlices(
                    Duration.ofMinutes(1 + random.nextInt(random.nextBoolean() ? 10 : 120)),
                    1 - random.nextDouble() / 10));
    return new Objective(
        new Objective.Title("orders", "orders", "orders", ""),
        measure,
        new Goal(target, window, slices),
        new Objective.Rules(policy, exclusions, BudgetPolicy.DEFAULT));
  }

  private static Measure measure(RandomGenerator random) {
    Chain chain = chain(2, Chain.Retries.STRICT, Chain.Missing.BAD);
    return switch (random.nextInt(4)) {
      case 0 -> new Measure.Requests(chain, CountingMethod.EXACT);
      case 1 -> new Measure.Requests(chain, CountingMethod.ADDITIVE);
      case 2 -> new Measure.Latency(chain, Duration.ofSeconds(1));
      default ->
          new Measure.Counters(
              CountingMethod.DISJOINT,
              new CounterRef("total", Map.of()),
              List.of(new Measure.Part("bad", new CounterRef("bad", Map.of()), false, false)));
    };
  }

  /** Traffic of every size, failures, minutes without data, and stretches without events. */
  private static List<Minute> history(RandomGenerator random, boolean additive) {
    List<Minute> minutes = new ArrayList<>();
    int length = 600 + random.nextInt(5 * 1_440);
    int i = 0;
    while (i < length) {
      int stretch = 1 + random.nextInt(300);
      int traffic = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? 3 : 300);
      double failing = random.nextInt(3) == 0 ? random.nextDouble() : random.nextDouble() / 100;
      boolean left = random.nextInt(6) == 0;
      for (int j = 0; j < stretch; j++, i++) {
        long total = random.nextInt(2 * traffic + 1);
        long bad = Math.round(total * failing * (additive ? 2 : 1));
        if (!left || minutes.isEmpty()) {
          minutes.add(
              new Minute(START.plusSeconds(60L * i), total, additive ? bad : Math.min(total, bad)));
        }
      }
    }
    return minutes;
  }

  /** What was wrong: outages of any depth and length, also one after the other. */
  private static List<Incident> incidents(RandomGenerator random, List<Minute> minutes) {
    List<Incident> incidents = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      int from = random.nextInt(minutes.size());
      int to = Math.min(minutes.size(), from + 1 + random.nextInt(240));
      double failing = random.nextDouble();
      for (int at = from; at < to; at++) {
        Minute quiet = minutes.get(at);
        long bad = Math.max(quiet.bad(), (long) Math.ceil(quiet.total() * failing));
        minutes.set(at, new Minute(quiet.at(), quiet.total(), bad));
      }
      incidents.add(new Incident(minutes.get(from).at(), minutes.get(to - 1).at().plusSeconds(60)));
    }
    return incidents;
  }

  @Test
  void sumsDecideAsTheEngineDoes() {
    AtomicInteger alerts = new AtomicInteger();
    AtomicInteger resolved = new AtomicInteger();
    AtomicInteger paged = new AtomicInteger();
    Property.of("a replay of sums equals the engine")
        .runs(60, 3_000)
        .check(random -> {
          Objective objective = objective(random);
          List<Minute> minutes = history(random, objective.kind() == CountingMethod.ADDITIVE);
          List<Incident> incidents = incidents(random, minutes);
          EngineReplay engine = EngineReplay.of(objective, minutes);
          Backtest.Report report = Backtest.run(objective, minutes);
          assertThat(report.alerts()).isEqualTo(engine.alerts());
          // The engine keeps three days by the minute, and what is older by ten of them.
          Window window = objective.goal().window();
          if (window instanceof Window.Rolling rolling && rolling.length().toDays() <= 3) {
            assertThat(report.budget().lowest()).isCloseTo(engine.lowest(), within(1e-9));
          }
          alerts.addAndGet(report.alerts().size());
          resolved.addAndGet(
              (int) report.alerts().stream().filter(a -> a.resolvedAt().isPresent()).count());
          paged.addAndGet(report.scored(incidents).delays().size());
        });
    assertThat(alerts.get()).isGreaterThan(30);
    assertThat(resolved.get()).isGreaterThan(20);
    assertThat(paged.get()).isGreaterThan(5);
  }

  @Test
  void theBudgetLineIsThatOfTheMinutes() {
    Property.of("the budget line equals sums of minutes")
        .runs(20, 500)
        .check(random -> {
          Objective objective = objective(random);
          List<Minute> minutes = history(random, objective.kind() == CountingMethod.ADDITIVE);
          Window window =
              random.nextBoolean()
                  ? new Window.Calendar(
                      Window.Calendar.Unit.values()[random.nextInt(2)], ZoneId.of("Asia/Kathmandu"))
                  : objective.goal().window();
          Goal goal = new Goal(objective.goal().target(), window);
          var held = new Objective(objective.title(), objective.measure(), goal, objective.rules());
          BudgetLine line = BudgetLine.of(held, CountHistory.of(minutes));
          double lowest = Double.NaN;
          Instant last = minutes.getLast().at().plusSeconds(60);
          for (Instant end = START.plusSeconds(60);
              !end.isAfter(last);
              end = end.plusSeconds(7 * 60)) {
            Instant from = window.start(end);
            long total = 0;
            long bad = 0;
            for (Minute minute : minutes) {
              boolean in = !minute.at().isBefore(from) && minute.at().isBefore(end);
              boolean out =
                  held.rules().exclusions().stream()
                      .anyMatch(e ->
                          minute.at().plusSeconds(59).isAfter(e.from().minusNanos(1))
                              && minute.at().isBefore(e.to()));
              total += in && !out ? minute.total() : 0;
              bad += in && !out ? minute.bad() : 0;
            }
            double left = 1 - bad / (total * goal.budget());
            lowest = total > 0 && !(left >= lowest) ? left : lowest;
          }
          // Every seventh minute is looked at here, all of them there.
          if (!Double.isNaN(lowest)) {
            assertThat(line.lowest()).isLessThanOrEqualTo(lowest + 1e-9);
          }
        });
    List<Minute> three =
        List.of(
            new Minute(START, 100, 0),
            new Minute(START.plusSeconds(60), 100, 10),
            new Minute(START.plusSeconds(120), 800, 0));
    assertThat(BudgetLine.of(plain(0.9), CountHistory.of(three)))
        .isEqualTo(new BudgetLine(0.5, 0.99));
  }

  private static Objective plain(double target) {
    Window month = new Window.Rolling(Duration.ofDays(30));
    return new Objective(
        new Objective.Title("orders", "orders", "orders", ""),
        new Measure.Requests(
            chain(2, Chain.Retries.STRICT, Chain.Missing.BAD), CountingMethod.EXACT),
        new Goal(target, month),
        new Objective.Rules(
            AlertPolicy.Preset.WORKBOOK.scaledTo(month), List.of(), BudgetPolicy.DEFAULT));
  }

  @Test
  void countsThatCannotBeAreRefusedAsTheEngineRefusesThem() {
    Objective objective = plain(0.99);
    List<Minute> more = List.of(new Minute(START, 10, 11));
    assertThatThrownBy(() -> AlertReplay.alerts(objective, CountHistory.of(more)))
        .hasMessageContaining("11 bad events of 10");
    Minute once = new Minute(START, 10, 0);
    assertThatThrownBy(() -> CountHistory.of(List.of(once, once)))
        .hasMessageContaining("comes twice or after a later one");
    Minute before = new Minute(START.minusSeconds(60), 10, 0);
    assertThatThrownBy(() -> CountHistory.of(List.of(once, before)))
        .hasMessageContaining("comes twice or after a later one");
  }
}
