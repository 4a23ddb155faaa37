package dev.troth.server.trace;

import dev.troth.server.trace.TraceQuery.Cursor;
import java.time.Instant;
import java.util.Optional;

/**
 * Which bad requests are asked for.
 *
 * @param step only those that were bad at it
 * @param group only those of this group
 * @param from only those that started then or later
 * @param to only those that started before
 * @param before where the page before ended
 */
public record BadQuery(
    String objective,
    Optional<String> step,
    Optional<String> group,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Cursor> before) {
  /** Later than this, nanoseconds since 1970 are no long. */
  private static final Instant LATEST = Instant.parse("2262-01-01T00:00:00Z");

  public BadQuery {
    from.ifPresent(time -> requireTime("from", time));
    to.ifPresent(time -> requireTime("to", time));
    if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
      throw new IllegalArgumentException(
          "from is %s, expected a time before to (%s)".formatted(from.get(), to.get()));
    }
  }

  private static void requireTime(String name, Instant time) {
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw new IllegalArgumentException(
          "%s is %s, expected a time from 1970 to 2261".formatted(name, time));
    }
  }
}
