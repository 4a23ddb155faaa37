package dev.troth.slo.count;

import java.time.Duration;

/**
 * The count of one thing over time, from which the sum over any window is read in two places.
 *
 * <p>Two rings: the running total at the end of each coarse slot (the longest window, at least as
 * long as minutes are kept), and within a slot the running count at the end of each minute (three
 * days, or fewer). A slot is ten minutes for windows up to 31 days, so a monthly counter takes 17.8
 * + 35.9 kB. A window older than the minutes therefore begins at an edge of a slot. Counts that
 * come late, or before their time, are added to the running totals since their minute. All sums are
 * signed: a count that is taken away before it was given is a negative sum, never a huge one.
 *
 * <p>Not thread-safe.
 */
final class Counter {
  /**
   * How far back a count can still be corrected, in minutes: an hour of lateness, the watermark,
   * and clocks of senders that are ahead.
   */
  static final int LATE = 80;

  private static final int THREE_DAYS = 3 * 1_440;

  /** Beside the minutes that are to be kept, in each counter. */
  private static final int SPARE = LATE + 8;

  private static final int COARSE_SLOTS = 31 * 144 + 24;

  /** Counts since the start of the minute's slot, while they fit: 2.1e9 events in ten minutes. */
  private int[] fine;

  /** The same, once they did not fit; until then empty. */
  private long[] wide = {};

  private final int reach;
  private final long[] coarse;
  private final int slot;
  private final long phase;
  private final long first;
  private long head;
  private long total;

  /** The slot of the newest minute and its place in the ring, so that reading divides less. */
  private long headSlot;

  private int headAt;

  /** The place of the newest minute. */
  private int headIndex;

  /**
   * The end of the windows that were read last, and the running total there: it is asked for often.
   */
  private long readTo = Long.MIN_VALUE;

  private long totalTo;

  /** A counter that begins empty at this minute. */
  Counter(Duration longest, long minute) {
    this(longest, minute, 0, THREE_DAYS);
  }

  /**
   * A counter that begins empty at this minute.
   *
   * @param phase a minute at which a slot begins
   * @param kept so many minutes are kept one by one
   */
  Counter(Duration longest, long minute, long phase, int kept) {
    long minutes = longest.toMinutes();
    this.reach = Math.min(kept, THREE_DAYS) + SPARE;
    this.fine = new int[reach];
    this.slot = Math.toIntExact(10 * Math.max(1, Math.ceilDiv(minutes, (COARSE_SLOTS - 16) * 10L)));
    this.phase = Math.floorMod(phase, (long) slot);
    long all = Math.max(minutes, reach);
    int slots = Math.toIntExact(Math.min(COARSE_SLOTS, Math.ceilDiv(all, slot) + 16));
    this.coarse = new long[slots];
    this.first = minute;
    this.head = minute;
    this.headIndex = (int) Math.floorMod(minute, (long) reach);
    this.headSlot = slotOf(minute);
    this.headAt = (int) Math.floorMod(headSlot, (long) coarse.length);
  }

  /** Moves on to this minute; never back. */
  void advance(long minute) {
    if (minute <= head) {
      return;
    }
    long reached = head;
    head = minute;
    headIndex = (int) Math.floorMod(minute, (long) reach);
    readTo = Long.MIN_VALUE;
    long from = Math.max(reached + 1, minute - reach + 1);
    for (long m = from; m <= minute; m++) {
      boolean begins = Math.floorMod(m - phase, (long) slot) == 0;
      // What lies before a pause longer than the ring is in the coarse ring alone.
      long before = m == from && m > reached + 1 ? 0 : inSlot(m - 1);
      inSlot(m, begins ? 0 : before);
    }
    long newest = slotOf(minute);
    if (newest != headSlot) {
      int newestAt = (int) Math.floorMod(newest, (long) coarse.length);
      long filled = Math.min(newest - headSlot, coarse.length);
      for (int i = 0; i < filled; i++) {
        coarse[newestAt - i + (newestAt < i ? coarse.length : 0)] = total;
      }
      headSlot = newest;
      headAt = newestAt;
    }
  }

  /** Adds (or takes back) a count of a minute that is at most {@link #LATE} before the newest. */
  void add(long minute, long count) {
    readTo = Long.MIN_VALUE;
    total += count;
    long end = Math.min(head, endsAt(slotOf(minute)) - 1);
    for (long m = minute; m <= end; m++) {
      inSlot(m, inSlot(m) + count);
    }
    for (long s = slotOf(minute); s <= headSlot; s++) {
      coarse[at(s)] += count;
    }
  }

  /** The count from the start of one minute to the start of another. */
  long between(long from, long to) {
    if (from >= to) {
      return 0;
    }
    if (to != readTo) {
      totalTo = before(to);
      readTo = to;
    }
    return totalTo - before(from);
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
    long s = slotOf(last);
    if (head - last < reach && headSlot - s + 1 < coarse.length) {
      return endOf(s - 1) + inSlot(last);
    }
    // Whole slots only: of a slot cut in two, all of it is inside the window.
    return endOf(endsAt(s) == minute ? s : s - 1);
  }

  private long inSlot(long minute) {
    int at = index(minute);
    return wide.length == 0 ? fine[at] : wide[at];
  }

  private void inSlot(long minute, long count) {
    if (wide.length == 0 && count != (int) count) {
      wide = java.util.Arrays.stream(fine).asLongStream().toArray();
      fine = new int[0];
    }
    if (wide.length == 0) {
      fine[index(minute)] = (int) count;
    } else {
      wide[index(minute)] = count;
    }
  }

  /** The running total at the end of a slot, or of the oldest kept. */
  private long endOf(long s) {
    if (s < slotOf(first)) {
      return 0;
    }
    // The oldest that is kept stands behind the newest.
    return coarse[at(Math.max(s, headSlot - coarse.length + 1))];
  }

  /** The place of a slot that is kept. */
  private int at(long s) {
    int place = headAt - (int) (headSlot - s);
    return place < 0 ? place + coarse.length : place;
  }

  long head() {
    return head;
  }

  /** The first minute behind a slot. */
  private long endsAt(long s) {
    return (s + 1) * slot + phase;
  }

  private long slotOf(long minute) {
    // Divided by a constant, the usual slot costs a multiplication.
    long at = minute - phase;
    return slot == 10 ? Math.floorDiv(at, 10L) : Math.floorDiv(at, slot);
  }

  /** The place of a minute that is kept. */
  private int index(long minute) {
    int place = headIndex - (int) (head - minute);
    return place < 0 ? place + reach : place;
  }
}
