package dev.troth.slo.count;

/** The counts of the last six hours, one by one, in no memory before the first; not thread-safe. */
final class Recent {
  /** Six hours, and room for counts that come before their time. */
  static final int MINUTES = 384;

  private static final long[] NONE = {};

  private long[] counts = NONE;
  private long head;
  private long sum;

  Recent(long minute) {
    this.head = minute;
  }

  void advance(long minute) {
    if (counts.length == 0) {
      head = Math.max(head, minute);
      return;
    }
    for (long m = Math.max(head + 1, minute - MINUTES + 1); m <= minute; m++) {
      int at = (int) Math.floorMod(m, (long) MINUTES);
      sum -= counts[at];
      counts[at] = 0;
    }
    head = Math.max(head, minute);
  }

  void add(long minute, long count) {
    if (count != 0 && minute > head - MINUTES && minute <= head) {
      if (counts.length == 0) {
        counts = new long[MINUTES];
      }
      counts[(int) Math.floorMod(minute, (long) MINUTES)] += count;
      sum += count;
    }
  }

  /** The count from the start of one minute, or of the oldest kept, to the start of another. */
  long between(long from, long to) {
    if (sum == 0) {
      return 0;
    }
    long count = 0;
    for (long m = Math.max(from, head - MINUTES + 1); m < Math.min(to, head + 1); m++) {
      count += counts[(int) Math.floorMod(m, (long) MINUTES)];
    }
    return count;
  }
}
