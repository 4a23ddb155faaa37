package dev.troth.server.gate;

import dev.troth.gate.core.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a platform's gate has found since its start.
 *
 * @param sandboxed whether tokens are checked in the WebAssembly sandbox
 * @param verdicts how many of each reason; those that were never given are not there
 */
public record GateFigures(boolean sandboxed, Map<Reason, Long> verdicts, Latency latency, Key key) {

  /**
   * How long checks took, in nanoseconds; the last ones alone count.
   *
   * @param checks how many are counted, 0 for none
   */
  public record Latency(int checks, long p50, long p95, long p99, long longest) {}

  /**
   * A key that tokens are checked with.
   *
   * @param id names it and says nothing of it
   * @param since when its file was written; empty where that cannot be told
   */
  public record Key(String id, String algorithm, Optional<Instant> since) {}
}
