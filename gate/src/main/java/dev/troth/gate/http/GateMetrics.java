package dev.troth.gate.http;

import dev.troth.gate.core.Reason;

/** Counts of verdicts, in the Prometheus text format. Not thread-safe: the service owns it. */
public final class GateMetrics {
  /** Upper bounds of the latency buckets in nanoseconds. */
  private static final long[] BOUNDS = {
    10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000, 25_000_000
  };

  private static final String[] BOUND_SECONDS = {
    "0.00001", "0.000025", "0.00005", "0.0001", "0.00025", "0.0005", "0.001", "0.005", "0.025"
  };

  private final long[] verdicts = new long[Reason.count()];
  private final long[] buckets = new long[BOUNDS.length];
  private long nanos;
  private long count;

  public void count(Reason reason, long elapsedNanos) {
    verdicts[reason.number()]++;
    count++;
    nanos += elapsedNanos;
    for (int i = 0; i < BOUNDS.length; i++) {
      if (elapsedNanos <= BOUNDS[i]) {
        buckets[i]++;
      }
    }
  }

  /** Takes over what another counter has and leaves it empty. */
  public void drain(GateMetrics other) {
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] += other.verdicts[i];
      other.verdicts[i] = 0;
    }
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] += other.buckets[i];
      other.buckets[i] = 0;
    }
    nanos += other.nanos;
    count += other.count;
    other.nanos = 0;
    other.count = 0;
  }

  /** Writes all of it; the age of the keys is in seconds. */
  public void write(Output out, long keyAgeSeconds) {
    out.ascii("# HELP troth_gate_verdicts_total Verdicts by reason.\n");
    out.ascii("# TYPE troth_gate_verdicts_total counter\n");
    for (int i = 0; i < verdicts.length; i++) {
      out.ascii("troth_gate_verdicts_total{reason=\"").ascii(Reason.of(i).code()).ascii("\"} ");
      out.number(verdicts[i]).put('\n');
    }
    out.ascii("# HELP troth_gate_verdict_seconds Time to a verdict.\n");
    out.ascii("# TYPE troth_gate_verdict_seconds histogram\n");
    for (int i = 0; i < BOUNDS.length; i++) {
      out.ascii("troth_gate_verdict_seconds_bucket{le=\"").ascii(BOUND_SECONDS[i]).ascii("\"} ");
      out.number(buckets[i]).put('\n');
    }
    out.ascii("troth_gate_verdict_seconds_bucket{le=\"+Inf\"} ").number(count).put('\n');
    out.ascii("troth_gate_verdict_seconds_sum ").number(nanos / 1_000_000_000).put('.');
    long fraction = nanos % 1_000_000_000;
    for (long digit = 100_000_000; digit > fraction && digit > 1; digit /= 10) {
      out.put('0');
    }
    out.number(fraction).put('\n');
    out.ascii("troth_gate_verdict_seconds_count ").number(count).put('\n');
    out.ascii("# HELP troth_gate_key_age_seconds Time since the keys were read.\n");
    out.ascii("# TYPE troth_gate_key_age_seconds gauge\n");
    out.ascii("troth_gate_key_age_seconds ").number(Math.max(0, keyAgeSeconds)).put('\n');
  }
}
