package dev.troth.server.counting;

import dev.troth.slo.count.Delta;
import dev.troth.slo.engine.Pending;
import dev.troth.slo.engine.RequestSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one platform counted of requests that it judged, on the way to the one that evaluates; in
 * SQL as JSON.
 *
 * @param losses what was not counted, by reason
 */
record CountedSums(List<Sums> objectives, Map<String, Long> losses) {
  CountedSums {
    objectives = List.copyOf(objectives);
    losses = Map.copyOf(losses);
  }

  /**
   * The sums of one objective.
   *
   * @param groups minutes of each value, where it is counted by an attribute; older programs do not
   *     say it
   */
  record Sums(
      String objective,
      List<Minute> minutes,
      List<Latency> latencies,
      long sampled,
      @Nullable Map<String, List<Minute>> groups) {
    Pending pending() {
      Pending pending = new Pending();
      minutes.forEach(minute -> pending.add(minute.delta()));
      if (groups != null) {
        groups.forEach((group, all) -> all.forEach(one -> pending.add(group, one.delta())));
      }
      latencies.forEach(latency ->
          pending.latency(new Pending.Latency(latency.slot, latency.bucket), latency.count));
      return pending;
    }

    long requests() {
      return minutes.stream().mapToLong(minute -> minute.total + minute.unknown).sum();
    }
  }

  private record Minute(long at, long total, long[] bad, long unknown, long[] steps) {
    static Minute of(Delta delta) {
      long[] bad = new long[delta.parts()];
      long[] steps = new long[delta.steps()];
      for (int i = 0; i < bad.length; i++) {
        bad[i] = delta.bad(i);
      }
      for (int i = 0; i < steps.length; i++) {
        steps[i] = delta.stepBad(i);
      }
      return new Minute(delta.minute(), delta.total(), bad, delta.unknown(), steps);
    }

    Delta delta() {
      return new Delta(at, total, bad, unknown, steps);
    }
  }

  private record Latency(long slot, int bucket, long count) {}

  /** The sums of several joins as one. */
  static CountedSums of(List<Map<String, RequestSums.Sum>> parts, Map<String, Long> losses) {
    Map<String, Pending> pending = new TreeMap<>();
    Map<String, Long> sampled = new TreeMap<>();
    for (Map<String, RequestSums.Sum> part : parts) {
      part.forEach((name, sum) -> {
        Pending all = pending.computeIfAbsent(name, objective -> new Pending());
        sum.pending().buckets().forEach(all::add);
        sum.pending().latencies().forEach(all::latency);
        sum.pending().eachOfGroups(all::add);
        sampled.merge(name, sum.sampled(), Long::sum);
      });
    }
    List<Sums> objectives = new ArrayList<>();
    pending.forEach((name, sums) -> {
      List<Minute> minutes = new ArrayList<>();
      sums.buckets().forEach(delta -> minutes.add(Minute.of(delta)));
      List<Latency> latencies = new ArrayList<>();
      sums.latencies()
          .forEach((key, count) -> latencies.add(new Latency(key.slot(), key.bucket(), count)));
      Map<String, List<Minute>> groups = new TreeMap<>();
      sums.eachOfGroups((group, delta) ->
          groups.computeIfAbsent(group, value -> new ArrayList<>()).add(Minute.of(delta)));
      objectives.add(new Sums(name, minutes, latencies, sampled.getOrDefault(name, 0L), groups));
    });
    return new CountedSums(objectives, losses);
  }

  boolean isEmpty() {
    return objectives.isEmpty() && losses.isEmpty();
  }
}
