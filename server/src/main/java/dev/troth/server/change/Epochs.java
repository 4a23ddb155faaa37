package dev.troth.server.change;

import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * The starts of a platform, each with the changes that were written since. A position in the log
 * names its start, so that one from a log that went another way, as after a restored backup, is
 * told from one of this log.
 *
 * @param starts by rising first sequence
 */
record Epochs(List<Start> starts) {
  private static final int BYTES = 6;

  Epochs {
    starts = List.copyOf(starts);
  }

  /**
   * One start.
   *
   * @param first the sequence of the first change that can be written after it
   */
  record Start(String epoch, long first) {}

  static String random(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The name of the last start. */
  String last() {
    return starts.isEmpty() ? "" : starts.getLast().epoch();
  }

  /** {@code 5f0c1d2e3a4b-14}: the sequence with the start that wrote it. */
  String position(long seq) {
    Start of = starts.getFirst();
    for (Start start : starts) {
      if (start.first() > seq) {
        break;
      }
      of = start;
    }
    return of.epoch() + "-" + seq;
  }

  /**
   * The sequence of a position of this log; empty if it is of another one. {@code 0} is the
   * beginning.
   *
   * @param head the newest change
   */
  OptionalLong seq(String position, long head) {
    if (position.equals("0")) {
      return OptionalLong.of(0);
    }
    int dash = position.lastIndexOf('-');
    if (dash < 0 || !position.substring(dash + 1).matches("\\d{1,18}")) {
      return OptionalLong.empty();
    }
    long seq = Long.parseLong(position.substring(dash + 1));
    for (int i = 0; i < starts.size(); i++) {
      if (starts.get(i).epoch().equals(position.substring(0, dash))) {
        long end = i + 1 < starts.size() ? starts.get(i + 1).first() - 1 : head;
        boolean within = seq >= starts.get(i).first() - 1 && seq <= end;
        return within ? OptionalLong.of(seq) : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }
}
