package dev.troth.observe.config;

/**
 * What the agent may use.
 *
 * @param ringBytes the size of the ring buffer, a power of two; 16 MiB hold about 80,000 short
 *     events
 * @param queueSpans how many spans wait for the exporter before new ones are dropped and counted
 * @param cpuPercent the share of one processor that it may use, 0 for no limit
 */
public record Limits(int ringBytes, int queueSpans, int cpuPercent) {
  public static final Limits DEFAULT = new Limits(1 << 24, 8_192, 0);

  public Limits {
    if (ringBytes < 1 << 16 || ringBytes > 1 << 28 || Integer.bitCount(ringBytes) != 1) {
      throw new IllegalArgumentException(
          "ring buffer is " + ringBytes + " bytes, expected a power of two, 64 KiB to 256 MiB");
    }
    if (queueSpans < 1) {
      throw new IllegalArgumentException("queue is " + queueSpans + " spans, expected at least 1");
    }
    if (cpuPercent < 0) {
      throw new IllegalArgumentException("max CPU is " + cpuPercent + " %, expected 0 or more");
    }
  }
}
