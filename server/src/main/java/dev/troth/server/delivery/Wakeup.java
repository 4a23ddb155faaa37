package dev.troth.server.delivery;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes one waiting thread. A ring while nobody waits is heard at the next wait, and many rings
 * before it are one. Safe for use by many threads.
 */
public final class Wakeup {
  private final Semaphore rung = new Semaphore(0);

  void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /** Waits for a ring or the end of the time. */
  void await(Duration longest) throws InterruptedException {
    if (rung.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      int _ = rung.drainPermits();
    }
  }
}
