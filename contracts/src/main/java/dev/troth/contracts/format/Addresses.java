package dev.troth.contracts.format;

/** Internet addresses as text. */
final class Addresses {
  private Addresses() {}

  /** Four decimal octets without leading zeros (RFC 2673 §3.2). */
  static boolean ipv4(byte[] b, int from, int to) {
    int at = from;
    for (int part = 0; part < 4; part++) {
      if (part > 0 && (at >= to || b[at++] != '.')) {
        return false;
      }
      int start = at;
      int value = 0;
      while (at < to && at - start < 3 && b[at] >= '0' && b[at] <= '9') {
        value = value * 10 + (b[at++] - '0');
      }
      if (at == start || value > 255 || (b[start] == '0' && at - start > 1)) {
        return false;
      }
    }
    return at == to;
  }

  /**
   * Eight groups, one run of them perhaps {@code ::}, the last two perhaps IPv4 (RFC 4291 §2.2).
   */
  static boolean ipv6(byte[] b, int from, int to) {
    int groups = 0;
    boolean gap = false;
    int at = from;
    if (to - from >= 2 && b[at] == ':' && b[at + 1] == ':') {
      gap = true;
      at += 2;
    }
    while (at < to) {
      int start = at;
      while (at < to && at - start < 4 && Ascii.isHex(b[at])) {
        at++;
      }
      if (at < to && b[at] == '.') {
        return ipv4(b, start, to) && complete(groups + 2, gap);
      }
      if (at == start || ++groups > 8) {
        return false;
      }
      if (at == to) {
        break;
      }
      if (b[at++] != ':' || at == to) {
        return false;
      }
      if (b[at] == ':') {
        if (gap) {
          return false;
        }
        gap = true;
        at++;
      }
    }
    return complete(groups, gap);
  }

  private static boolean complete(int groups, boolean gap) {
    return gap ? groups <= 7 : groups == 8;
  }
}
