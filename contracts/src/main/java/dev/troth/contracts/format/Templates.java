package dev.troth.contracts.format;

/** URI templates (RFC 6570 §2). */
final class Templates {
  private static final String NOT_LITERAL = " \"<>\\^`{|}";
  private static final String OPERATORS = "+#./;?&=,!@|";

  private Templates() {}

  static boolean uriTemplate(byte[] b, int from, int to) {
    int at = from;
    while (at < to) {
      int c = b[at];
      if (c == '{') {
        int close = at;
        while (close < to && b[close] != '}') {
          close++;
        }
        if (close == to || !expression(b, at + 1, close)) {
          return false;
        }
        at = close + 1;
      } else if (c == '%') {
        if (!isEncoded(b, at, to)) {
          return false;
        }
        at += 3;
      } else if ((c >= 0 && c <= ' ') || c == 0x7f || (c > 0 && NOT_LITERAL.indexOf(c) >= 0)) {
        return false;
      } else {
        at++;
      }
    }
    return true;
  }

  private static boolean expression(byte[] b, int from, int to) {
    int at = from < to && OPERATORS.indexOf(b[from]) >= 0 ? from + 1 : from;
    int start = at;
    for (; at <= to; at++) {
      if (at == to || b[at] == ',') {
        if (!variable(b, start, at)) {
          return false;
        }
        start = at + 1;
      }
    }
    return true;
  }

  private static boolean variable(byte[] b, int from, int to) {
    int at = from;
    boolean dot = true;
    while (at < to && b[at] != ':' && b[at] != '*') {
      if (b[at] == '.') {
        if (dot) {
          return false;
        }
        dot = true;
        at++;
        continue;
      }
      dot = false;
      if (b[at] == '%') {
        if (!isEncoded(b, at, to)) {
          return false;
        }
        at += 3;
      } else if (Ascii.isAlphanumeric(b[at]) || b[at] == '_') {
        at++;
      } else {
        return false;
      }
    }
    if (dot || at == from) {
      return false;
    }
    if (at == to) {
      return true;
    }
    return b[at] == '*' ? at + 1 == to : isPrefixLength(b, at + 1, to);
  }

  /** 1 to 9999 without leading zeros. */
  private static boolean isPrefixLength(byte[] b, int from, int to) {
    if (from == to || to - from > 4 || b[from] == '0') {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (!Ascii.isDigit(b[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEncoded(byte[] b, int at, int to) {
    return at + 2 < to && Ascii.isHex(b[at + 1]) && Ascii.isHex(b[at + 2]);
  }
}
