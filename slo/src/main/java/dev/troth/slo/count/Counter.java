package dev.troth.slo.count;

import java.time.Duration;

/**
 * The count of one thing over time, from which the sum over any window is read in two places.
 *
 * <p>Two rings hold the running total at the end of each minute (three days) and of each coarse
 * slot (the longest window). A slot is ten minutes for windows up to 31 days, so a monthly counter
 * takes 17.8 + 35.9 kB. A window older than three days therefore begins at an edge of a slot.
 * Counts that come late are added to the running totals since their minute; a correction takes back
 * no more than was counted in its minute, so that no window is negative.
 *
 * <p>Not thread-safe.
 */
final class Counter {
  /** How far back a count can still be corrected, in minutes. */
  static final int LATE = 64;

  private static final int FINE = 3 * 1_440 + LATE + 8;
  private static final int COARSE_SLOTS = 31 * 144 + 24;

  /** The low 32 bits of the total: three days may count up to 4.29e9 events. */
  private final int[] fine = new int[FINE];

  private final long[] coarse;
  private final int slot;
  private final long first;
  private long head;
  private long total;

  /** A counter that begins empty at this minute. */
  Counter(Duration longest, long minute) {
    long minutes = longest.toMinutes();
    this.slot = Math.toIntExact(10 * Math.max(1, Math.ceilDiv(minutes, (COARSE_SLOTS - 16) * 10L)));
    int slots = Math.toIntExact(Math.min(COARSE_SLOTS, Math.ceilDiv(minutes, slot) + 16));
    this.coarse = new long[slots];
    this.first = minute;
    this.head = minute;
  }

  /** Moves on to this minute; never back. */
  void advance(long minute) {
    if (minute <= head) {
      return;
    }
    long from = Math.max(head + 1, minute - FINE + 1);
    for (long m = from; m <= minute; m++) {
      fine[index(m, FINE)] = (int) total;
    }
    long fromSlot = Math.max(Math.floorDiv(head, slot) + 1, slotOf(minute) - coarse.length + 1);
    for (long s = fromSlot; s <= slotOf(minute); s++) {
      coarse[index(s, coarse.length)] = total;
    }
    head = minute;
  }

  /** Adds (or takes back) a count of a minute that is at most {@link #LATE} before the newest. */
  void add(long minute, long count) {
    total += count;
    for (long m = minute; m <= head; m++) {
      fine[index(m, FINE)] += (int) count;
    }
    for (long s = slotOf(minute); s <= slotOf(head); s++) {
      coarse[index(s, coarse.length)] += count;
    }
  }

  /** The count from the start of this minute to now. */
  long since(long minute) {
    if (minute > head) {
      return 0;
    }
    return total - before(minute);
  }

  /** The count from the start of one minute to the start of another. */
  long between(long from, long to) {
    return from >= to ? 0 : before(to) - before(from);
  }

  /** The running total at the start of the minute. */
  private long before(long minute) {
    if (minute <= first) {
      return 0;
    }
    if (minute > head) {
      return total;
    }
    long last = minute - 1;
    if (head - last < FINE) {
      int difference = (int) total - fine[index(last, FINE)];
      return total - Integer.toUnsignedLong(difference);
    }
    long s = slotOf(last);
    // Whole slots only: of a slot cut in two, all of it is inside the window.
    long end = (s + 1) * slot == minute ? s : s - 1;
    if (end < slotOf(first) || slotOf(head) - end >= coarse.length) {
      return end < slotOf(first) ? 0 : coarse[index(slotOf(head) + 1, coarse.length)];
    }
    return coarse[index(end, coarse.length)];
  }

  long head() {
    return head;
  }

  private long slotOf(long minute) {
    return Math.floorDiv(minute, slot);
  }

  private static int index(long position, int size) {
    return (int) Math.floorMod(position, (long) size);
  }
}
