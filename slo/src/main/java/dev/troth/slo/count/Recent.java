package dev.troth.slo.count;

/** The counts of the last six hours, one by one; not thread-safe. */
final class Recent {
  static final int MINUTES = 360;

  private final int[] counts = new int[MINUTES];
  private long head;

  Recent(long minute) {
    this.head = minute;
  }

  void advance(long minute) {
    for (long m = Math.max(head + 1, minute - MINUTES + 1); m <= minute; m++) {
      counts[(int) Math.floorMod(m, (long) MINUTES)] = 0;
    }
    head = Math.max(head, minute);
  }

  void add(long minute, int count) {
    if (minute > head - MINUTES && minute <= head) {
      counts[(int) Math.floorMod(minute, (long) MINUTES)] += count;
    }
  }

  /** The count from the start of this minute, or of the oldest kept. */
  long since(long minute) {
    long sum = 0;
    for (long m = Math.max(minute, head - MINUTES + 1); m <= head; m++) {
      sum += counts[(int) Math.floorMod(m, (long) MINUTES)];
    }
    return sum;
  }
}
