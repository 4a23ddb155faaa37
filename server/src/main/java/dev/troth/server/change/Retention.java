package dev.troth.server.change;

import dev.troth.server.db.Database;
import dev.troth.server.ops.Lifecycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Removes changes, and what hangs on them, that are older than the operator keeps them. In small
 * transactions, so that no write waits for it; a change whose fan-out is open stays.
 */
public final class Retention implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.watch");
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final int AT_ONCE = 1_000;

  private final RetentionStore store;
  private final Clock clock;
  private final Duration keep;
  private @Nullable ScheduledExecutorService timer;

  /**
   * Retention of a database.
   *
   * @param trims the stores with rows that hang on changes
   */
  public Retention(Database database, Clock clock, Duration keep, List<Trim> trims) {
    this.store = new RetentionStore(database, trims);
    this.clock = clock;
    this.keep = keep;
  }

  @Override
  public String name() {
    return "retention";
  }

  @Override
  public void start() {
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("watch-retention").daemon(true).factory());
    var _ =
        timer.scheduleWithFixedDelay(
            this::removeQuietly, FIRST.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void stop() {
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  private void removeQuietly() {
    try {
      remove();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "removing old changes failed: " + e, e);
    }
  }

  /** Removes all that is too old; returns how many changes went. */
  int remove() {
    int removed = 0;
    int part = AT_ONCE;
    while (part == AT_ONCE && !Thread.currentThread().isInterrupted()) {
      part = store.removeSome(clock.instant().minus(keep), AT_ONCE);
      removed += part;
    }
    return removed;
  }
}
