package dev.troth.server.history;

import dev.troth.slo.count.Delta;
import dev.troth.slo.engine.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What an objective counted after an instant: what is stored less this is what was stored then.
 *
 * @param deltas changes of minutes, one a minute
 * @param latencies changes of histograms
 */
public record LaterCounts(List<Delta> deltas, Map<Pending.Latency, Long> latencies) {
  public static final LaterCounts NONE = new LaterCounts(List.of(), Map.of());

  public LaterCounts {
    deltas = List.copyOf(deltas);
    latencies = Map.copyOf(latencies);
  }

  public static LaterCounts of(Pending sums) {
    List<Delta> deltas = new ArrayList<>();
    sums.buckets().forEach(deltas::add);
    return new LaterCounts(deltas, sums.latencies());
  }

  /** The same change taken back, at another minute. */
  public static Delta less(Delta delta, long minute) {
    long[] bad = new long[delta.parts()];
    for (int i = 0; i < bad.length; i++) {
      bad[i] = -delta.bad(i);
    }
    long[] steps = new long[delta.steps()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = -delta.stepBad(i);
    }
    return new Delta(minute, -delta.total(), bad, -delta.unknown(), steps);
  }

  /** Whether a change changes anything. */
  public static boolean isAny(Delta delta) {
    return delta.total() != 0
        || delta.unknown() != 0
        || IntStream.range(0, delta.parts()).anyMatch(part -> delta.bad(part) != 0)
        || IntStream.range(0, delta.steps()).anyMatch(step -> delta.stepBad(step) != 0);
  }
}
