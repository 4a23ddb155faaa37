package dev.troth.server.objective;

import dev.troth.slo.engine.ObjectiveStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * How objectives stand by what another platform stored, read again when it is asked for and older
 * than two seconds. Safe for use by many threads.
 */
final class StoredStandings {
  private static final long OLDEST = Duration.ofSeconds(2).toNanos();

  private final Supplier<List<ObjectiveStatus>> reader;
  private List<ObjectiveStatus> known = List.of();
  private long readAt;
  private boolean read;

  StoredStandings(Supplier<List<ObjectiveStatus>> reader) {
    this.reader = reader;
  }

  synchronized List<ObjectiveStatus> get() {
    long now = System.nanoTime();
    if (!read || now - readAt >= OLDEST) {
      known = reader.get();
      readAt = now;
      read = true;
    }
    return known;
  }
}
