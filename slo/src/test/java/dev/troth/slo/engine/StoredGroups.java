package dev.troth.slo.engine;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.count.Delta;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is stored of groups: total and bad by group. */
final class StoredGroups {
  final Map<String, long[]> counts = new TreeMap<>();
  final Map<String, TreeMap<Long, Delta>> minutes = new TreeMap<>();
  final Map<String, Long> since = new TreeMap<>();

  void take(ObjectiveEngine engine) {
    since.putAll(engine.pending().admitted());
    engine
        .pending()
        .eachOfGroups((group, delta) -> {
          long[] sums = counts.computeIfAbsent(group, name -> new long[3]);
          sums[0] += delta.total();
          sums[1] += delta.bad(0);
          sums[2] += delta.stepBad(1);
          minutes
              .computeIfAbsent(group, name -> new TreeMap<>())
              .merge(delta.minute(), delta, Delta::plus);
        });
    engine.pending().clear();
  }

  void restore(ObjectiveEngine engine, Instant oldest) {
    Groups groups = engine.groups().orElseThrow();
    since.forEach((name, from) -> groups.restore(name, from, AlertMemory.fresh(0), oldest));
    minutes.forEach(
        (name, deltas) -> deltas.values().forEach(delta -> groups.restore(name, delta)));
    Optional.ofNullable(minutes.get(Grouping.OTHERS))
        .ifPresent(others -> groups.restoreNewestOther(others.lastKey()));
  }
}
