package dev.troth.contracts;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * What a producer promises beside the shape of its messages.
 *
 * @param availability the share of time in which it can be read, in percent
 * @param latency from the event to its message
 * @param retention how long messages are kept
 * @param freshness the age that the newest message may reach
 */
public record Sla(
    Optional<BigDecimal> availability,
    Optional<Duration> latency,
    Optional<Duration> retention,
    Optional<Duration> freshness) {
  public static final Sla NONE =
      new Sla(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
