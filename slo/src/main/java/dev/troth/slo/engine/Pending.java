package dev.troth.slo.engine;

import dev.troth.slo.count.Delta;
import java.util.Map;
import java.util.TreeMap;

/** The counts of one objective that are not stored yet; sums, so that order does not matter. */
public final class Pending {
  private final Map<Long, Delta> buckets = new TreeMap<>();
  private final Map<Latency, Long> latencies = new TreeMap<>();

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

  public boolean isEmpty() {
    return buckets.isEmpty() && latencies.isEmpty();
  }

  /** Forgets all of it, once it is stored. */
  public void clear() {
    buckets.clear();
    latencies.clear();
  }
}
