package dev.troth.server.change;

import dev.troth.watch.change.Change;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

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

  /** By sequence: between oldest and head there is no gap. */
  private final @Nullable Kept[] kept = new Kept[MOST];

  /** The sequence of the oldest that is kept; beyond the head if none is. */
  private long oldest = 1;

  private long characters;

  /** Written under the lock; read by everybody who waits for it to move. */
  private volatile Position position = new Position("", 0, 0);

  private long newest;
  private boolean open;

  void open(Position start) {
    lock.lock();
    try {
      forget();
      position = start;
      oldest = start.head() + 1;
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
        oldest = seq + 1;
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(Change change, int size) {
    long seq = change.seq();
    if (oldest > position.head()) {
      oldest = seq;
    }
    if (seq - oldest >= MOST) {
      drop();
    }
    kept[place(seq)] = new Kept(change, size);
    characters += size;
    while (characters > MOST_CHARACTERS && oldest <= seq) {
      drop();
    }
    position = new Position(position.epoch(), change.seq(), position.pokes());
    moved.signalAll();
  }

  private static int place(long seq) {
    return (int) (seq % MOST);
  }

  private void drop() {
    Kept gone = Objects.requireNonNull(kept[place(oldest)]);
    kept[place(oldest)] = null;
    characters -= gone.characters();
    oldest++;
  }

  private void forget() {
    while (oldest <= position.head()) {
      drop();
    }
  }

  private Change at(long seq) {
    return Objects.requireNonNull(kept[place(seq)]).change();
  }

  /** A change that is kept. */
  public Optional<Change> find(long seq) {
    lock.lock();
    try {
      return seq >= oldest && seq <= position.head() ? Optional.of(at(seq)) : Optional.empty();
    } finally {
      lock.unlock();
    }
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
    return position;
  }

  /** The changes after a sequence, oldest first; empty when memory does not reach back so far. */
  Optional<List<Change>> recent(long seq, int limit) {
    lock.lock();
    try {
      if (seq >= position.head()) {
        return Optional.of(List.of());
      }
      if (oldest > seq + 1 || oldest > position.head()) {
        return Optional.empty();
      }
      long last = Math.min(position.head(), seq + limit);
      return Optional.of(LongStream.rangeClosed(seq + 1, last).mapToObj(this::at).toList());
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
