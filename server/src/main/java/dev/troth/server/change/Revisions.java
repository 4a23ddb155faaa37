package dev.troth.server.change;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what moves without a change of the log, so that an open stream and a conditional GET
 * notice: a user's watches, a user's marks, and the measurements of objectives and traces. Users
 * share counters by hash: a false alarm costs one look into the database. Safe for use by many
 * threads.
 */
public final class Revisions {
  private static final int COUNTERS = 4_096;

  private final AtomicLongArray watches = new AtomicLongArray(COUNTERS);
  private final AtomicLongArray marks = new AtomicLongArray(COUNTERS);
  private final AtomicLong objectives = new AtomicLong();
  private final AtomicLong traces = new AtomicLong();
  private final long start = ThreadLocalRandom.current().nextLong(1L << 48);
  private final ChangeFeed feed;

  public Revisions(ChangeFeed feed) {
    this.feed = feed;
  }

  /** A user's watches are others; called after the commit. */
  public void touchWatches(String user) {
    var _ = watches.incrementAndGet(counter(user));
    feed.poke();
  }

  /** A user's marks are others; called after the commit. */
  public void touchMarks(String user) {
    var _ = marks.incrementAndGet(counter(user));
    feed.poke();
  }

  /** Figures of objectives may be others; streams look by themselves, once a second. */
  public void touchObjectives() {
    var _ = objectives.incrementAndGet();
  }

  /** Traces were received; streams look by themselves, once a second. */
  public void touchTraces() {
    var _ = traces.incrementAndGet();
  }

  /** A number that differs after each touch of the user, and after each start of the platform. */
  public long of(String user) {
    return start + watchesOf(user) + marks.get(counter(user));
  }

  /** A number that differs after each touch of the user's watches. */
  public long watchesOf(String user) {
    return watches.get(counter(user));
  }

  /** A number that differs after each touch of objectives. */
  public long objectives() {
    return objectives.get();
  }

  /** A number that differs after each touch of traces. */
  public long traces() {
    return traces.get();
  }

  private static int counter(String user) {
    return Math.floorMod(user.hashCode(), COUNTERS);
  }
}
