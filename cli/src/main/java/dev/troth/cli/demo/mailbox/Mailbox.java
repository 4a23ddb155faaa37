package dev.troth.cli.demo.mailbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The last letters, for as long as the demo runs. */
public final class Mailbox {
  private static final int MOST = 100;

  private final Deque<Letter> letters = new ArrayDeque<>();
  private long taken;

  synchronized void take(Instant at, String to, byte[] message) {
    letters.addLast(Letter.of(at, to, message));
    taken++;
    if (letters.size() > MOST) {
      letters.removeFirst();
    }
    notifyAll();
  }

  /** What is kept, the newest first. */
  synchronized List<Letter> newestFirst() {
    return List.copyOf(letters).reversed();
  }

  /** How many came, those that are no longer kept among them. */
  synchronized long taken() {
    return taken;
  }

  /** The first letter that is looked for, now or within a time. */
  public synchronized Optional<Letter> await(Predicate<Letter> wanted, Duration within)
      throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (true) {
      Optional<Letter> found = letters.stream().filter(wanted).findFirst();
      long left = until - System.nanoTime();
      if (found.isPresent() || left <= 0) {
        return found;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
