package dev.troth.bench.slo;

import dev.troth.bench.results.Figure;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.count.Delta;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One evaluation (all windows, all conditions, the budget) of each of 1,000 objectives, and their
 * memory, minute by minute over 90 simulated days.
 *
 * <p>The peer in the same run is the plain way: summing the buckets of each window again at every
 * evaluation.
 */
public final class EvaluationBench {
  private static final int OBJECTIVES = 1_000;
  private static final int DAYS = 90;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private EvaluationBench() {}

  public static void main(String[] arguments) throws IOException {
    long before = used();
    List<ObjectiveEngine> engines = new ArrayList<>();
    for (int i = 0; i < OBJECTIVES; i++) {
      engines.add(engine(i));
    }
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    long minute = START.getEpochSecond() / 60;
    long end = minute + DAYS * 1_440L;
    long nanos = 0;
    long evaluations = 0;
    int events = 0;
    int day = 0;
    double each = 0;
    double memory = 0;
    System.out.println("day  ns/evaluation  kB/objective");
    while (minute < end) {
      for (ObjectiveEngine engine : engines) {
        int bad = random.nextInt(1_000) == 0 ? 3 : 0;
        engine.restore(Delta.of(minute, 40 + random.nextInt(40), bad));
      }
      minute++;
      Instant now = Instant.ofEpochSecond(minute * 60);
      long from = System.nanoTime();
      for (ObjectiveEngine engine : engines) {
        events += engine.evaluate(now, now).size();
      }
      nanos += System.nanoTime() - from;
      evaluations += OBJECTIVES;
      if (minute % (10 * 1_440) == 0) {
        day += 10;
        each = (double) nanos / evaluations;
        memory = (used() - before) / 1e3 / OBJECTIVES;
        System.out.printf("%3d  %13.0f  %12.1f%n", day, each, memory);
        nanos = 0;
        evaluations = 0;
      }
    }
    System.out.printf("%d events in all%n", events);
    double peer = peer(random);
    System.out.printf("peer, summing each window's minutes again: %.0f ns%n", peer);
    Figure.of("slo.evaluation", each, peer, "ns", "summing each window's minutes again").report();
    Figure.of("slo.memory", memory, "kB").report();
  }

  private static ObjectiveEngine engine(int number) {
    Window month = new Window.Rolling(Duration.ofDays(30));
    var part = new Measure.Part("bad", new CounterRef("bad", Map.of()), false, false);
    Objective objective =
        new Objective(
            new Objective.Title("o" + number, "", "", ""),
            new Measure.Counters(
                CountingMethod.DISJOINT, new CounterRef("total", Map.of()), List.of(part)),
            new Goal(0.995, month),
            new Objective.Rules(
                AlertPolicy.Preset.WORKBOOK.scaledTo(month), List.of(), BudgetPolicy.DEFAULT));
    var engine = new ObjectiveEngine(objective, AlertMemory.fresh(START.getEpochSecond()), START);
    engine.receivedAll(START);
    return engine;
  }

  /** Both counts of the eight windows and of 30 days, from one array of minutes. */
  private static double peer(RandomGenerator random) {
    int[] minutes = new int[43_200 * 2];
    for (int i = 0; i < minutes.length; i++) {
      minutes[i] = random.nextInt(40);
    }
    int[] windows = {5, 60, 30, 360, 120, 1_440, 360, 4_320, 43_200};
    int runs = 400;
    long sink = 0;
    long from = System.nanoTime();
    for (int run = 0; run < runs; run++) {
      for (int window : windows) {
        for (int i = minutes.length - 2 * window; i < minutes.length; i++) {
          sink += minutes[i];
        }
      }
    }
    double each = (double) (System.nanoTime() - from) / runs;
    return sink == 42 ? 0 : each;
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
