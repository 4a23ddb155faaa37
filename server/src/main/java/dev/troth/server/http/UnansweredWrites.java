package dev.troth.server.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Requests that may write and are not answered yet, counted so that what follows from writes can
 * let their answers go first. One thread waits; any number of requests may come and go.
 */
public final class UnansweredWrites {
  /** Whoever keeps writing holds nobody up for longer. */
  private static final Duration LONGEST = Duration.ofMillis(2);

  private final AtomicInteger count = new AtomicInteger();
  private volatile @Nullable Thread waiting;

  void begin() {
    var _ = count.incrementAndGet();
  }

  void end() {
    if (count.decrementAndGet() == 0) {
      LockSupport.unpark(waiting);
    }
  }

  /** Lets their answers go first. */
  public void goFirst() throws InterruptedException {
    await(LONGEST);
  }

  /** Waits until none is left, or for a time. */
  void await(Duration longest) throws InterruptedException {
    if (count.get() == 0) {
      return;
    }
    long end = System.nanoTime() + longest.toNanos();
    waiting = Thread.currentThread();
    try {
      long left = longest.toNanos();
      while (count.get() > 0 && left > 0) {
        LockSupport.parkNanos(this, left);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        left = end - System.nanoTime();
      }
    } finally {
      waiting = null;
    }
  }
}
