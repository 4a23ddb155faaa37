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

  /** Why a client was turned away before there was a verdict. */
  public enum Refusal {
    /** The bytes that wait in all buffers together are too many. */
    BUFFERS_FULL,
    /** All connections are taken by clients that make progress. */
    CONNECTIONS_FULL,
    /** It was the slowest of all when another client came and all connections were taken. */
    EVICTED,
    /** It did not take its answer in time. */
    WRITE_TIMEOUT;

    private String code() {
      return switch (this) {
        case BUFFERS_FULL -> "buffers_full";
        case CONNECTIONS_FULL -> "connections_full";
        case EVICTED -> "evicted";
        case WRITE_TIMEOUT -> "write_timeout";
      };
    }
  }

  private static final Refusal[] REFUSALS = Refusal.values();

  private final long[] refusals = new long[REFUSALS.length];
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

  @SuppressWarnings("EnumOrdinal") // an array in the order of the reasons
  public void count(Refusal refusal) {
    refusals[refusal.ordinal()]++;
  }

  /** Writes all of it; the age of the keys is in seconds. */
  public void write(Output out, long keyAgeSeconds, boolean degraded) {
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
    out.ascii("# HELP troth_gate_refused_clients_total Clients turned away without a verdict.\n");
    out.ascii("# TYPE troth_gate_refused_clients_total counter\n");
    for (int i = 0; i < refusals.length; i++) {
      out.ascii("troth_gate_refused_clients_total{reason=\"").ascii(REFUSALS[i].code());
      out.ascii("\"} ").number(refusals[i]).put('\n');
    }
    out.ascii("# HELP troth_gate_keys_degraded 1 while newer keys cannot be read.\n");
    out.ascii("# TYPE troth_gate_keys_degraded gauge\n");
    out.ascii("troth_gate_keys_degraded ").number(degraded ? 1 : 0).put('\n');
  }
}
