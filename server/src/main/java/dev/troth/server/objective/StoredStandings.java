package dev.troth.server.objective;

import dev.troth.server.history.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How objectives stand by what another platform stored, read again when it is asked for and older
 * than two seconds. Safe for use by many threads.
 */
final class StoredStandings {
  private static final long OLDEST = Duration.ofSeconds(2).toNanos();

  private final Supplier<Stored> reader;
  private Stored known = new Stored(new Reading(null, List.of()), Map.of());
  private long readAt;
  private boolean read;

  /** What is stored, with what was not counted, by reason. */
  record Stored(Reading reading, Map<String, Long> losses) {}

  StoredStandings(Supplier<Stored> reader) {
    this.reader = reader;
  }

  synchronized Stored get() {
    long now = System.nanoTime();
    if (!read || now - readAt >= OLDEST) {
      known = reader.get();
      readAt = now;
      read = true;
    }
    return known;
  }
}
