package dev.troth.server.objective;

import dev.troth.server.ops.Metrics;
import dev.troth.slo.count.Delta;
import dev.troth.slo.count.Tally;
import dev.troth.slo.engine.Histogram;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.Pending;
import dev.troth.slo.objective.MaintenanceTimes;
import dev.troth.slo.objective.Objective;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this process counted and stored of each objective since its start, as counters that
 * Prometheus can read: they never fall. What maintenance and exclusions leave out of every window
 * is left out here, and counted apart. Late data may take a request back; what is taken back is
 * held against the next ones. Safe for use by many threads.
 */
final class CountedEvents {
  /** Bounds of the latency histogram: from a millisecond to a minute, by the root of 2. */
  private static final double[] BOUNDS = bounds();

  private final Map<String, Counts> byObjective = new LinkedHashMap<>();

  CountedEvents(List<Objective> objectives) {
    objectives.forEach(objective -> byObjective.put(objective.name(), new Counts(objective)));
  }

  private static double[] bounds() {
    double[] bounds = new double[33];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = Math.round(1e6 * 0.001 * Math.pow(2, i / 2.0)) / 1e6;
    }
    return bounds;
  }

  /** A count that others see; it rises and stays. */
  private static final class Rising {
    private long count;
    private long shown;

    void add(long change) {
      count += change;
      shown = Math.max(shown, count);
    }
  }

  private static final class Counts {
    private final Objective objective;
    private final Rising events = new Rising();
    private final Rising bad = new Rising();
    private final Rising leftOut = new Rising();
    private final MaintenanceTimes maintenance;
    private final List<Rising> steps = new ArrayList<>();
    private final List<Rising> latencies = new ArrayList<>();
    private double seconds;

    Counts(Objective objective) {
      this.objective = objective;
      this.maintenance = new MaintenanceTimes(objective.rules().maintenance());
      objective.steps().forEach(_ -> steps.add(new Rising()));
      for (int i = 0; i <= BOUNDS.length; i++) {
        latencies.add(new Rising());
      }
    }

    private boolean isLeftOut(long minute) {
      return maintenance.at(minute) >= 0
          || objective.rules().exclusions().stream()
              .anyMatch(one ->
                  minute >= Tally.minute(one.from())
                      && minute < Tally.minute(one.to().plusSeconds(59)));
    }

    void add(Pending pending) {
      for (Delta delta : pending.buckets()) {
        if (isLeftOut(delta.minute())) {
          leftOut.add(delta.total());
          continue;
        }
        events.add(delta.total());
        for (int i = 0; i < delta.parts(); i++) {
          bad.add(delta.bad(i));
        }
        for (int i = 0; i < steps.size(); i++) {
          steps.get(i).add(delta.stepBad(i));
        }
      }
      pending
          .latencies()
          .forEach((latency, count) -> {
            double each = Histogram.millis(latency.bucket()) / 1e3;
            int at = 0;
            while (at < BOUNDS.length && each > BOUNDS[at]) {
              at++;
            }
            latencies.get(at).add(count);
            seconds += Math.max(0, count) * each;
          });
    }
  }

  /** Takes what was just committed. */
  synchronized void add(ObjectiveEngine engine) {
    Counts counts = byObjective.get(engine.objective().name());
    if (counts != null) {
      counts.add(engine.pending());
    }
  }

  /** Takes a count and its labels. */
  private interface Each {
    void with(long count, String... labels);
  }

  private synchronized void events(Each each) {
    byObjective.forEach((name, counts) -> each.with(counts.events.shown, name));
  }

  private synchronized void leftOut(Each each) {
    byObjective.forEach((name, counts) -> each.with(counts.leftOut.shown, name));
  }

  private synchronized void bad(Each each) {
    byObjective.forEach((name, counts) -> each.with(counts.bad.shown, name));
  }

  private synchronized void steps(Each each) {
    byObjective.forEach((name, counts) -> {
      List<String> steps = counts.objective.steps();
      for (int i = 0; i < steps.size(); i++) {
        each.with(counts.steps.get(i).shown, name, steps.get(i));
      }
    });
  }

  void addTo(Metrics metrics) {
    CounterWithCallback.builder()
        .name("troth_slo_events_total")
        .help("Events of an objective that this process counted and stored.")
        .labelNames("objective")
        .callback(callback -> events((count, labels) -> callback.call((double) count, labels)))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_slo_left_out_events_total")
        .help("Events that maintenance and exclusions left out; they are of no other counter.")
        .labelNames("objective")
        .callback(callback -> leftOut((count, labels) -> callback.call((double) count, labels)))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_slo_bad_events_total")
        .help("Bad events among them; of an interval the sum over its parts.")
        .labelNames("objective")
        .callback(callback -> bad((count, labels) -> callback.call((double) count, labels)))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_slo_step_failures_total")
        .help("Events that failed at a step; one event may fail at several.")
        .labelNames("objective", "step")
        .callback(callback -> steps((count, labels) -> callback.call((double) count, labels)))
        .register(metrics.registry());
    Collector latencies = this::latencies;
    metrics.registry().register(latencies);
  }

  private synchronized HistogramSnapshot latencies() {
    var snapshot =
        HistogramSnapshot.builder()
            .name("troth_slo_latency_seconds")
            .help("Latency of good requests of a chain, in the bounds of the promise.");
    for (Counts counts : byObjective.values()) {
      if (counts.objective.chain().isEmpty()) {
        continue;
      }
      var buckets = ClassicHistogramBuckets.builder();
      for (int i = 0; i < BOUNDS.length; i++) {
        buckets.bucket(BOUNDS[i], counts.latencies.get(i).shown);
      }
      buckets.bucket(Double.POSITIVE_INFINITY, counts.latencies.getLast().shown);
      snapshot.dataPoint(
          HistogramDataPointSnapshot.builder()
              .labels(Labels.of("objective", counts.objective.name()))
              .classicHistogramBuckets(buckets.build())
              .sum(counts.seconds)
              .build());
    }
    return snapshot.build();
  }
}
