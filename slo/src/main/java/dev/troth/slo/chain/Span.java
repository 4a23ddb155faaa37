package dev.troth.slo.chain;

import java.util.Map;

/**
 * One observed operation, as the chain needs it.
 *
 * @param error the sender marked it as failed (OpenTelemetry status ERROR)
 * @param attributes values as text; of an array, its first element
 * @param weight how many operations it stands for: 1 unless the sender samples
 */
public record Span(
    Ids ids,
    Place place,
    Interval time,
    boolean error,
    Map<String, String> attributes,
    double weight) {

  /** Trace id in hex; span ids as the eight bytes, big-endian; parent 0 means none. */
  public record Ids(String trace, long span, long parent) {}

  /** Where it happened. */
  public record Place(String service, String name, SpanKind kind) {}

  /** From start to end, in nanoseconds since 1970. */
  public record Interval(long start, long end) {
    public Interval {
      end = Math.max(start, end);
    }

    long nanos() {
      return end - start;
    }

    boolean contains(Interval other) {
      return start <= other.start && other.end <= end;
    }
  }

  /** OpenTelemetry's span kinds. */
  public enum SpanKind {
    INTERNAL,
    SERVER,
    CLIENT,
    PRODUCER,
    CONSUMER
  }
}
