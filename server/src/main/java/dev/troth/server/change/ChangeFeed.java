package dev.troth.server.change;

import dev.troth.watch.change.Change;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The newest committed changes in memory, and a place to wait for the next.
 *
 * <p>It only saves readers a look into the database: who is further behind than it reaches reads
 * there. Safe for use by many threads.
 */
public final class ChangeFeed {
  /** As many as a stream may lag before it reads the database, unless they are large. */
  private static final int MOST = 2_048;

  /** The characters of all contents kept. */
  private static final long MOST_CHARACTERS = 4 << 20;

  /**
   * Where the log stands.
   *
   * @param epoch the name of this log
   * @param head the sequence of its newest committed change
   * @param pokes how often readers were woken for another reason
   */
  public record Position(String epoch, long head, long pokes) {}

  private record Kept(Change change, int characters) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Deque<Kept> kept = new ArrayDeque<>();
  private long characters;
  private Position position = new Position("", 0, 0);
  private long newest;
  private boolean open;

  void open(Position start) {
    lock.lock();
    try {
      position = start;
      open = true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody who waits go. */
  void close() {
    lock.lock();
    try {
      open = false;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hears of a change after its commit. If others wrote before it, it waits for {@link #read}: who
   * follows the log misses nothing.
   *
   * @param size the characters of its contents
   */
  void committed(Change change, int size) {
    lock.lock();
    try {
      newest = Math.max(newest, change.seq());
      if (change.seq() == position.head() + 1) {
        add(change, size);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hears of a change that was read from the log; all before it were, or are not there any more.
   */
  void read(Change change, int size) {
    lock.lock();
    try {
      if (change.seq() > position.head()) {
        if (change.seq() > position.head() + 1) {
          forget();
        }
        add(change, size);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Goes on from a place further on; what lies between is in the log. */
  void skipTo(long seq) {
    lock.lock();
    try {
      if (seq > position.head()) {
        forget();
        position = new Position(position.epoch(), seq, position.pokes());
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(Change change, int size) {
    kept.addLast(new Kept(change, size));
    characters += size;
    while (kept.size() > MOST || characters > MOST_CHARACTERS) {
      characters -= kept.removeFirst().characters();
    }
    position = new Position(position.epoch(), change.seq(), position.pokes());
    moved.signalAll();
  }

  private void forget() {
    kept.clear();
    characters = 0;
  }

  /** Whether it heard of a change that it cannot follow on yet. */
  boolean isBehind() {
    lock.lock();
    try {
      return newest > position.head();
    } finally {
      lock.unlock();
    }
  }

  public Position position() {
    lock.lock();
    try {
      return position;
    } finally {
      lock.unlock();
    }
  }

  /** The changes after a sequence, oldest first; empty when memory does not reach back so far. */
  Optional<List<Change>> recent(long seq, int limit) {
    lock.lock();
    try {
      if (seq >= position.head()) {
        return Optional.of(List.of());
      }
      Kept oldest = kept.peekFirst();
      if (oldest == null || oldest.change().seq() > seq + 1) {
        return Optional.empty();
      }
      Deque<Change> found = new ArrayDeque<>();
      var newestFirst = kept.descendingIterator();
      while (newestFirst.hasNext()) {
        Change change = newestFirst.next().change();
        if (change.seq() <= seq) {
          break;
        }
        found.addFirst(change);
      }
      return Optional.of(found.stream().limit(limit).toList());
    } finally {
      lock.unlock();
    }
  }

  /** Wakes everybody who waits, as a change would. */
  public void poke() {
    lock.lock();
    try {
      position = new Position(position.epoch(), position.head(), position.pokes() + 1);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the log has moved on from a position, or the time has passed. */
  public void await(Position seen, Duration longest) throws InterruptedException {
    lock.lock();
    try {
      long left = longest.toNanos();
      while (open && position.equals(seen) && left > 0) {
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
