package dev.troth.server.gate;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** The lengths of the last checks. Safe for use by many threads, which wait for nobody. */
final class Latencies {
  private static final int KEPT = 1_024;

  private final AtomicLongArray nanos = new AtomicLongArray(KEPT);
  private final AtomicInteger added = new AtomicInteger();

  void add(long length) {
    int place = added.getAndUpdate(count -> count == 2 * KEPT - 1 ? KEPT : count + 1);
    nanos.set(place % KEPT, length);
  }

  GateFigures.Latency figures() {
    int checks = Math.min(added.get(), KEPT);
    long[] sorted = new long[checks];
    for (int i = 0; i < checks; i++) {
      sorted[i] = nanos.get(i);
    }
    Arrays.sort(sorted);
    return new GateFigures.Latency(
        checks, at(sorted, 0.50), at(sorted, 0.95), at(sorted, 0.99), at(sorted, 1));
  }

  private static long at(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
