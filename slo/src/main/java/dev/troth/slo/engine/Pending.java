package dev.troth.slo.engine;

import dev.troth.slo.count.Delta;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The counts of one objective that are not stored yet; sums, so that order does not matter. */
public final class Pending {
  private final Map<Long, Delta> buckets = new TreeMap<>();
  private final Map<Latency, Long> latencies = new TreeMap<>();
  private final Map<String, Map<Long, Delta>> groups = new TreeMap<>();
  private final Map<String, Long> admitted = new TreeMap<>();

  /** A ten-minute slot and a bucket of {@link Histogram}. */
  public record Latency(long slot, int bucket) implements Comparable<Latency> {
    /** Minutes in a slot. */
    public static final int SLOT = 10;

    @Override
    public int compareTo(Latency other) {
      int bySlot = Long.compare(slot, other.slot);
      return bySlot != 0 ? bySlot : Integer.compare(bucket, other.bucket);
    }
  }

  /** Adds a change of a minute. */
  public void add(Delta delta) {
    buckets.merge(delta.minute(), delta, Delta::plus);
  }

  /** Adds a change of a minute of a group. */
  public void add(String group, Delta delta) {
    groups
        .computeIfAbsent(group, name -> new TreeMap<>())
        .merge(delta.minute(), delta, Delta::plus);
  }

  /** A value has a group of its own from this minute on. */
  void admit(String group, long since) {
    admitted.put(group, since);
  }

  void latency(long minute, int bucket, long count) {
    latency(new Latency(Math.floorDiv(minute, Latency.SLOT), bucket), count);
  }

  /** Adds a change of a histogram. */
  public void latency(Latency latency, long count) {
    latencies.merge(latency, count, Long::sum);
  }

  /** Changes by minute, oldest first. */
  public Iterable<Delta> buckets() {
    return buckets.values();
  }

  /** Changes of latency histograms. */
  public Map<Latency, Long> latencies() {
    return latencies;
  }

  /** Gives the changes of groups, of each by minute, oldest first. */
  public void eachOfGroups(BiConsumer<String, Delta> user) {
    groups.forEach((group, deltas) -> deltas.values().forEach(delta -> user.accept(group, delta)));
  }

  /** Groups that are new, and since which minute each has what belongs to it. */
  public Map<String, Long> admitted() {
    return admitted;
  }

  public boolean isEmpty() {
    return buckets.isEmpty() && latencies.isEmpty() && groups.isEmpty();
  }

  /** Forgets all of it, once it is stored. */
  public void clear() {
    buckets.clear();
    latencies.clear();
    groups.clear();
    admitted.clear();
  }
}
