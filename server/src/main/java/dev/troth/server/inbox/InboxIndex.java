package dev.troth.server.inbox;

import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which changes users were told of, as far as somebody has looked: what was told stays told, so no
 * change needs to be looked at twice for one user. It is kept in memory for the users who read
 * lately. Safe for use by many threads.
 */
final class InboxIndex {
  private static final int MOST_USERS = 500;

  private final Map<String, Known> byUser =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST_USERS;
        }
      };

  Known of(String user) {
    synchronized (byUser) {
      return byUser.computeIfAbsent(user, name -> new Known());
    }
  }

  /** What is known of one user. Its lock is held while somebody looks further. */
  static final class Known {
    /** Counting stops there, and pages further back are read out of the log. */
    static final int MOST = InboxStore.MOST_COUNTED;

    private long low;
    private long high;
    private long[] told = new long[0];
    private final Map<Long, Subject> restricted = new HashMap<>();

    /** Every change behind this one, up to {@link #high}, was looked at. */
    synchronized long low() {
      return low;
    }

    /** The newest change that was looked at; 0 before the first look. */
    synchronized long high() {
      return high;
    }

    /** Whether nothing is left to look at behind what is known, or nothing that counts. */
    synchronized boolean isComplete() {
      return low == 0 || told.length >= MOST;
    }

    /** Notifications with {@code after < seq < before}, newest first. */
    synchronized long[] told(long after, long before) {
      return Arrays.stream(told).filter(seq -> seq > after && seq < before).toArray();
    }

    /** Remembers that not everybody may read of the subject of a notification. */
    synchronized void restrict(Change change) {
      restricted.put(change.seq(), change.subject());
    }

    /** The subjects of notifications that not everybody may read of. */
    synchronized Map<Long, Subject> restricted() {
      return Map.copyOf(restricted);
    }

    /**
     * Adds what was found between the newest that was known and now.
     *
     * @param found newest first
     * @param reached the oldest change that was looked at: above what was known, there is a hole,
     *     and what is older than it is looked at again
     */
    synchronized void addNewer(List<Long> found, long reached, long head) {
      boolean joined = high > 0 && reached <= high + 1;
      long[] newer = found.stream().mapToLong(Long::longValue).toArray();
      if (!joined) {
        told = newer;
        low = reached - 1;
      } else {
        told = concat(newer, told);
      }
      high = head;
      cut();
    }

    /** Adds what was found behind the oldest that was known. */
    synchronized void addOlder(List<Long> found, long reached) {
      told = concat(told, found.stream().mapToLong(Long::longValue).toArray());
      low = reached - 1;
      cut();
    }

    private void cut() {
      if (told.length > MOST) {
        told = Arrays.copyOf(told, MOST);
        low = told[MOST - 1] - 1;
        restricted.keySet().removeIf(seq -> seq <= low);
      }
    }

    private static long[] concat(long[] first, long[] second) {
      long[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      return both;
    }
  }
}
