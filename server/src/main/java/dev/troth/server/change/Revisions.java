package dev.troth.server.change;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what users did to their watches and marks, so that an open stream and a conditional GET
 * notice. Users share counters by hash: a false alarm costs one look into the database. Safe for
 * use by many threads.
 */
public final class Revisions {
  private static final int COUNTERS = 4_096;

  private final AtomicLongArray counts = new AtomicLongArray(COUNTERS);
  private final long start = ThreadLocalRandom.current().nextLong(1L << 48);
  private final ChangeFeed feed;

  public Revisions(ChangeFeed feed) {
    this.feed = feed;
  }

  /** Called after the commit. */
  public void touch(String user) {
    var _ = counts.incrementAndGet(counter(user));
    feed.poke();
  }

  /** A number that differs after each touch, and after each start of the platform. */
  public long of(String user) {
    return start + counts.get(counter(user));
  }

  private static int counter(String user) {
    return Math.floorMod(user.hashCode(), COUNTERS);
  }
}
