package dev.troth.contracts.format;

import java.nio.charset.StandardCharsets;

/** Host names of RFC 1123 §2.1; a label in Punycode must decode to a label of RFC 5890. */
final class Hosts {
  static final int LONGEST_NAME = 253;
  static final int LONGEST_LABEL = 63;

  private Hosts() {}

  static boolean hostname(byte[] b, int from, int to) {
    return labels(b, from, to, true);
  }

  /** Letters, digits and hyphens alone, without a look into Punycode. */
  static boolean plainHostname(byte[] b, int from, int to) {
    return labels(b, from, to, false);
  }

  private static boolean labels(byte[] b, int from, int to, boolean decode) {
    if (to - from > LONGEST_NAME || to == from) {
      return false;
    }
    int start = from;
    for (int at = from; at <= to; at++) {
      if (at == to || b[at] == '.') {
        if (!label(b, start, at, decode)) {
          return false;
        }
        start = at + 1;
      } else if (!Ascii.isAlphanumeric(b[at]) && b[at] != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean label(byte[] b, int from, int to, boolean decode) {
    if (to == from || to - from > LONGEST_LABEL || b[from] == '-' || b[to - 1] == '-') {
      return false;
    }
    boolean punycode =
        to - from >= 4
            && (b[from] | 0x20) == 'x'
            && (b[from + 1] | 0x20) == 'n'
            && b[from + 2] == '-'
            && b[from + 3] == '-';
    return !decode
        || !punycode
        || IdnHosts.asciiLabel(new String(b, from, to - from, StandardCharsets.US_ASCII));
  }
}
