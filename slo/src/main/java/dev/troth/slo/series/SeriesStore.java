package dev.troth.slo.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All series of a history, by the names of their metrics. Not thread-safe. */
public final class SeriesStore {
  private final Map<LabelSet, Series> all = new LinkedHashMap<>();
  private final Map<String, List<Series>> byName = new HashMap<>();
  private final int most;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  /**
   * An empty store.
   *
   * @param most how many series it may hold
   */
  public SeriesStore(int most) {
    this.most = most;
  }

  /**
   * The same series for a replay that adds its own; samples are shared and stay as they are.
   *
   * @param names metrics that are left out, because the replay makes them
   * @param more how many series it may add
   */
  public SeriesStore without(Set<String> names, int more) {
    SeriesStore copy = new SeriesStore(most + more);
    byName.forEach((name, series) -> {
      if (!names.contains(name)) {
        copy.byName.put(name, new ArrayList<>(series));
        series.forEach(one -> copy.all.put(one.labels(), one));
      }
    });
    copy.first = first;
    copy.last = last;
    return copy;
  }

  /** The series with these labels; made if it is new. */
  public Series series(LabelSet labels) {
    Series known = all.get(labels);
    if (known != null) {
      return known;
    }
    if (all.size() >= most) {
      throw new IllegalArgumentException("there are more than %,d series".formatted(most));
    }
    Series made = new Series(labels);
    all.put(labels, made);
    byName.computeIfAbsent(labels.get(LabelSet.NAME), _ -> new ArrayList<>()).add(made);
    return made;
  }

  /** Adds a sample that was measured. */
  void measured(LabelSet labels, long millis, double value) {
    series(labels).add(millis, value);
    first = Math.min(first, millis);
    last = Math.max(last, millis);
  }

  /** The series of a metric. */
  public List<Series> named(String name) {
    return byName.getOrDefault(name, List.of());
  }

  /** Every series. */
  public List<Series> series() {
    return List.copyOf(all.values());
  }

  public int size() {
    return all.size();
  }

  /** The names of its metrics. */
  public Set<String> names() {
    return byName.keySet();
  }

  /** The time of the first sample that was measured, in milliseconds since 1970. */
  public long first() {
    return first;
  }

  /** The time of the last one. */
  public long last() {
    return last;
  }
}
