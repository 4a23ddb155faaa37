package dev.troth.slo.objective;

import java.time.Instant;

/**
 * A stretch of time that counts for nothing, with its reason; it may be declared afterwards, as
 * long as the minutes are still kept. From is inside, to is outside.
 */
public record Exclusion(Instant from, Instant to, String reason) {
  public Exclusion {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "exclusion ends at " + to + ", expected an end after its start " + from);
    }
    if (reason.isBlank()) {
      throw new IllegalArgumentException("exclusion from " + from + " has no reason");
    }
  }
}
