package dev.troth.server.telemetry;

import java.time.Instant;
import java.util.List;

/**
 * A way to those who judge requests, which spans go in place of being joined by whoever received
 * them or counts for all.
 */
@FunctionalInterface
public interface SpanCarrier {
  /**
   * Returns when all of them are safe there.
   *
   * @throws RuntimeException when some may not be: their senders shall send all of them again
   */
  void carry(List<SpanRecord> spans, Instant received);
}
