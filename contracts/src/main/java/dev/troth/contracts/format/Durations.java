package dev.troth.contracts.format;

/** Durations of RFC 3339 appendix A: {@code P}, then units that follow each other without gaps. */
final class Durations {
  private static final String DATE = "YMD";
  private static final String TIME = "HMS";

  private final byte[] bytes;
  private final int end;
  private int at;

  private Durations(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  static boolean duration(byte[] b, int from, int to) {
    return new Durations(b, from, to).parse();
  }

  private boolean parse() {
    if (!take('P')) {
      return false;
    }
    if (end > at && bytes[end - 1] == 'W') {
      return digits() && at == end - 1;
    }
    boolean any = at < end && bytes[at] != 'T';
    if (any && !units(DATE)) {
      return false;
    }
    if (take('T')) {
      return units(TIME) && at == end;
    }
    return any && at == end;
  }

  /** At least one unit, each the neighbour of the one before: {@code 1Y2M} but not {@code 1Y2D}. */
  private boolean units(String units) {
    int last = -1;
    while (at < end && bytes[at] != 'T') {
      if (!digits() || at == end) {
        return false;
      }
      int unit = units.indexOf(bytes[at++]);
      if (unit < 0 || (last >= 0 && unit != last + 1)) {
        return false;
      }
      last = unit;
    }
    return last >= 0;
  }

  private boolean digits() {
    int start = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at > start;
  }

  private boolean take(char c) {
    if (at < end && bytes[at] == c) {
      at++;
      return true;
    }
    return false;
  }
}
