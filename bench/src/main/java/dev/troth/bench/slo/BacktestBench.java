package dev.troth.bench.slo;

import dev.troth.bench.results.Figure;
import dev.troth.slo.backtest.AlertReplay;
import dev.troth.slo.backtest.Backtest;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.CountHistory;
import dev.troth.slo.objective.AlertPolicy.Preset;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What it costs to replay 1,000 objectives over 30 days, each over a history of its own, in time of
 * the processor: one version of each, and two as {@code --diff} does it.
 */
public final class BacktestBench {
  private static final int OBJECTIVES = 1_000;
  private static final int MINUTES = 30 * 1_440;
  private static final Window MONTH = new Window.Rolling(Duration.ofDays(30));

  private BacktestBench() {}

  static void main() throws IOException {
    Objective old = objective(Preset.WORKBOOK);
    Objective fresh = objective(Preset.ORIGINAL);
    long warm = 0;
    for (int i = 0; i < 20; i++) {
      List<Minute> minutes = history(i);
      warm += Backtest.run(old, minutes).alerts().size();
      for (int j = 0; j < 10; j++) {
        warm += AlertReplay.alerts(old, CountHistory.of(minutes)).size();
      }
    }
    long whole = 0;
    long sums = 0;
    double lowest = 1;
    long alerts = 0;
    for (int i = 0; i < OBJECTIVES; i++) {
      List<Minute> minutes = history(i);
      long begin = cpu();
      Backtest.Report report = Backtest.run(old, minutes);
      long middle = cpu();
      CountHistory history = CountHistory.of(minutes);
      alerts += AlertReplay.alerts(old, history).size();
      alerts += AlertReplay.alerts(fresh, history).size();
      sums += cpu() - middle;
      whole += middle - begin;
      lowest = Math.min(lowest, report.budget().lowest());
    }
    System.out.printf(
        "%d objectives over 30 days: alerts and budget %.2f s, alerts of two versions %.2f s;"
            + " %d alerts, least budget %.0f %% (warm-up: %d alerts)%n",
        OBJECTIVES, whole / 1e9, sums / 1e9, alerts, 100 * lowest, warm);
    Figure.of("slo.backtest", whole / 1e9, "s").report();
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Objective objective(Preset preset) {
    return new Objective(
        new Objective.Title("orders", "orders", "orders", ""),
        new Measure.Counters(
            CountingMethod.DISJOINT,
            new CounterRef("total", Map.of()),
            List.of(new Measure.Part("bad", new CounterRef("bad", Map.of()), false, false))),
        new Goal(0.995, MONTH),
        new Objective.Rules(preset.scaledTo(MONTH), List.of(), BudgetPolicy.DEFAULT));
  }

  /** Traffic with a few failures a minute, and five incidents. */
  private static List<Minute> history(int seed) {
    Random random = new Random(seed);
    Instant start = Instant.parse("2026-10-01T00:00:00Z");
    int[] incidents = random.ints(5, 0, MINUTES).toArray();
    List<Minute> minutes = new ArrayList<>(MINUTES);
    for (int i = 0; i < MINUTES; i++) {
      int total = 500 + random.nextInt(500);
      int bad = random.nextInt(4);
      for (int incident : incidents) {
        if (i >= incident && i < incident + 45) {
          bad = total / 4;
        }
      }
      minutes.add(new Minute(start.plusSeconds(60L * i), total, bad));
    }
    return minutes;
  }
}
