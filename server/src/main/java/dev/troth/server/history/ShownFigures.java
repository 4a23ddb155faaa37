package dev.troth.server.history;

import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.ObjectiveStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What was shown at which instant. A reader gets what is stored: while the engine is ahead of the
 * store, the reader waits for the commit that is due within a quarter of a second, and gets what
 * stood at its end. Guarded by the lock of its condition.
 */
public final class ShownFigures {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final FigureStore store = new FigureStore();
  private final Map<String, Remembered> remembered = new HashMap<>();
  private final Condition stored;
  private Instant newest = Instant.EPOCH;
  private long commits;
  private long asked = -1;
  private @Nullable Reading last;

  /** A commit was waited for in vain: until the next one nobody waits. */
  private boolean late;

  public ShownFigures(Condition stored) {
    this.stored = stored;
  }

  /** Begins where the stored changes end; what is remembered now is where later ones begin. */
  public void load(Handle handle, List<ObjectiveEngine> engines, Instant now) {
    if (store.since(handle).equals(Instant.EPOCH)) {
      store.begin(handle, now);
    }
    newest = store.newest(handle);
    remembered.clear();
    save(handle, engines, now);
  }

  /** Each change has an instant of its own, however fast they come. */
  private Instant next(Instant at) {
    Instant whole = at.truncatedTo(ChronoUnit.MILLIS);
    newest = whole.isAfter(newest) ? whole : newest.plusMillis(1);
    return newest;
  }

  /** Keeps what is new, in the transaction that stores it. */
  public void save(Handle handle, List<ObjectiveEngine> engines, Instant tick) {
    Instant at = null;
    for (ObjectiveEngine one : engines) {
      if (isAhead(one)) {
        at = at == null ? next(tick) : at;
        String name = one.objective().name();
        Remembered now = Remembered.of(one);
        boolean same = now.equals(remembered.put(name, now));
        store.save(handle, name, at, one.pending(), same ? Optional.empty() : Optional.of(now));
      }
    }
  }

  /** Whether an engine knows what was not saved. */
  public boolean isAhead(ObjectiveEngine one) {
    return !one.pending().isEmpty()
        || !Remembered.of(one).equals(remembered.get(one.objective().name()));
  }

  /** After the clock was set back nothing of before can be told from what comes. */
  public void setBack(Handle handle, Instant now) {
    store.begin(handle, now);
    newest = Instant.EPOCH;
  }

  public void trim(Handle handle, Instant now) {
    store.trim(handle, now);
  }

  /** What was saved is on disk: whoever waits gets what stands now. */
  public void committed(Supplier<List<ObjectiveStatus>> standings) {
    commits++;
    late = false;
    if (asked == commits - 1) {
      last = new Reading(newest, standings.get());
      stored.signalAll();
    }
  }

  /** How objectives stand; waits if the engine is ahead of the store. */
  public Reading reading(boolean ahead, Instant ticked, Supplier<List<ObjectiveStatus>> standings) {
    if (!ahead) {
      Instant whole = ticked.truncatedTo(ChronoUnit.MILLIS);
      // The next change comes after what is shown here.
      newest = whole.isAfter(newest) ? whole : newest;
      return new Reading(newest, standings.get());
    }
    if (late) {
      return new Reading(null, standings.get());
    }
    long before = commits;
    asked = commits;
    long left = PATIENCE.toNanos();
    try {
      while (commits == before && left > 0) {
        left = stored.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Reading found = last;
    if (commits == before || found == null) {
      late = commits == before;
      return new Reading(null, standings.get());
    }
    return found;
  }
}
