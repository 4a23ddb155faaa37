package dev.troth.server.ops;

import java.time.Instant;

/** Lets so many events of a second pass and counts the others. Safe for use by many threads. */
final class Flood {
  private final int perSecond;
  private long second = Long.MIN_VALUE;
  private int passed;
  private long dropped;

  Flood(int perSecond) {
    this.perSecond = perSecond;
  }

  /** Whether an event of this time passes. */
  synchronized boolean admits(Instant at) {
    if (at.getEpochSecond() != second) {
      second = at.getEpochSecond();
      passed = 0;
    }
    if (passed < perSecond) {
      passed++;
      return true;
    }
    dropped++;
    return false;
  }

  /** How many did not pass since this was asked last. */
  synchronized long dropped() {
    long count = dropped;
    dropped = 0;
    return count;
  }
}
