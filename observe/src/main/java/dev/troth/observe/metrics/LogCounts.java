package dev.troth.observe.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What became of the lines that targets wrote. Thread-safe. */
public final class LogCounts {
  /** Services of which it was said that their lines are not seen, at most. */
  private static final int MOST_SERVICES = 500;

  private final AtomicLong lines = new AtomicLong();
  private final AtomicLong joined = new AtomicLong();
  private final AtomicLong cut = new AtomicLong();
  private final AtomicLong binary = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong unread = new AtomicLong();
  private final AtomicLong crowded = new AtomicLong();
  private final Set<String> blind = ConcurrentHashMap.newKeySet();
  private volatile boolean on;

  /** A line was told of. */
  public void told(boolean withRequest, boolean wasCut) {
    on = true;
    lines.incrementAndGet();
    if (withRequest) {
      joined.incrementAndGet();
    }
    if (wasCut) {
      cut.incrementAndGet();
    }
  }

  /** A line with bytes of zero was left out. */
  public void binary() {
    binary.incrementAndGet();
  }

  /** So many more lines than may be told of in a second, or than may wait to be sent. */
  public void dropped(long more) {
    dropped.addAndGet(more);
  }

  /** What was written could not be read, or its process is not known. */
  public void unread() {
    unread.incrementAndGet();
  }

  /** How many writes in all gave way because the ring buffer was crowded. */
  public void crowded(long all) {
    on = true;
    crowded.set(all);
  }

  /** Lines of a service cannot be seen; whether that is new. */
  public boolean blind(String service) {
    return blind.size() < MOST_SERVICES && blind.add(service);
  }

  /** Whether lines are watched at all. */
  public boolean isOn() {
    return on;
  }

  public long lines() {
    return lines.get();
  }

  /** Lines that bear the ids of their request. */
  public long joined() {
    return joined.get();
  }

  /** Lines of which a part is missing. */
  public long cut() {
    return cut.get();
  }

  /** Lines, or writes of which nobody knows how many lines they were, that were left out. */
  public long left() {
    return binary.get() + dropped.get() + unread.get() + crowded.get();
  }
}
