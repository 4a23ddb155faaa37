package dev.troth.contracts.format;

/** URIs of RFC 3986 and IRIs of RFC 3987, by their grammar. */
final class Uris {
  private static final String UNRESERVED_MARKS = "-._~";
  private static final String SUB_DELIMITERS = "!$&'()*+,;=";
  private static final String PCHAR = UNRESERVED_MARKS + SUB_DELIMITERS + ":@";

  /** For each ASCII byte, whether it may stand in a path segment, query or fragment. */
  private static final boolean[] IN_SEGMENT = table(PCHAR);

  private static final boolean[] IN_PATH = table(PCHAR + "/");
  private static final boolean[] IN_QUERY = table(PCHAR + "/?");
  private static final boolean[] IN_USER = table(UNRESERVED_MARKS + SUB_DELIMITERS + ":");
  private static final boolean[] IN_NAME = table(UNRESERVED_MARKS + SUB_DELIMITERS);

  private static final byte[] NOTHING = {};

  /** Kept, because each text would else leave one for the collector. */
  private static final ThreadLocal<Uris> MINE = ThreadLocal.withInitial(Uris::new);

  private byte[] b = NOTHING;
  private int end;
  private boolean iri;
  private int at;

  private Uris() {}

  private static Uris of(byte[] b, int from, int to, boolean iri) {
    Uris mine = MINE.get();
    mine.b = b;
    mine.at = from;
    mine.end = to;
    mine.iri = iri;
    return mine;
  }

  /** Does not hold the text longer than it is asked about. */
  private boolean forgotten(boolean answer) {
    b = NOTHING;
    return answer;
  }

  private static boolean[] table(String marks) {
    boolean[] table = new boolean[128];
    for (int c = 0; c < 128; c++) {
      table[c] = Ascii.isAlphanumeric(c) || marks.indexOf(c) >= 0;
    }
    return table;
  }

  /** With a scheme. */
  static boolean absolute(byte[] b, int from, int to, boolean iri) {
    Uris uri = of(b, from, to, iri);
    return uri.forgotten(uri.scheme() && uri.afterScheme());
  }

  /** With or without a scheme. */
  static boolean reference(byte[] b, int from, int to, boolean iri) {
    if (isPlainPath(b, from, to)) {
      return true;
    }
    Uris uri = of(b, from, to, iri);
    return uri.forgotten(uri.any());
  }

  /** A path as most are: ASCII, without a colon, a percent sign, a query or an authority. */
  private static boolean isPlainPath(byte[] b, int from, int to) {
    if (to - from > 1 && b[from] == '/' && b[from + 1] == '/') {
      return false;
    }
    for (int i = from; i < to; i++) {
      int c = b[i];
      if (c < 0 || c == ':' || !IN_PATH[c]) {
        return false;
      }
    }
    return true;
  }

  private boolean any() {
    int start = at;
    if (scheme()) {
      return afterScheme();
    }
    at = start;
    // A first segment with a colon would read as a scheme (RFC 3986 §4.2).
    int colon = at;
    while (colon < end && isInFirstSegment(b[colon])) {
      colon++;
    }
    return !(colon < end && b[colon] == ':') && afterScheme();
  }

  private static boolean isInFirstSegment(int c) {
    return c != ':' && (c < 0 || c == '%' || IN_SEGMENT[c]);
  }

  private boolean scheme() {
    if (at >= end || !Ascii.isLetter(b[at])) {
      return false;
    }
    while (at < end
        && (Ascii.isAlphanumeric(b[at]) || b[at] == '+' || b[at] == '-' || b[at] == '.')) {
      at++;
    }
    if (at >= end || b[at] != ':') {
      return false;
    }
    at++;
    return true;
  }

  private boolean afterScheme() {
    if (at + 1 < end && b[at] == '/' && b[at + 1] == '/') {
      at += 2;
      int start = at;
      while (at < end && b[at] != '/' && b[at] != '?' && b[at] != '#') {
        at++;
      }
      if (!authority(start, at)) {
        return false;
      }
    }
    at = run(at, end, IN_PATH, false);
    if (at < end && b[at] == '?') {
      at = run(at + 1, end, IN_QUERY, true);
    }
    if (at < end && b[at] == '#') {
      at = run(at + 1, end, IN_QUERY, false);
    }
    return at == end;
  }

  private boolean authority(int from, int to) {
    int host = from;
    for (int i = from; i < to; i++) {
      if (b[i] == '@') {
        if (run(from, i, IN_USER, false) != i) {
          return false;
        }
        host = i + 1;
        break;
      }
    }
    if (host < to && b[host] == '[') {
      int close = host;
      while (close < to && b[close] != ']') {
        close++;
      }
      return close < to && literal(host + 1, close) && port(close + 1, to);
    }
    int colon = run(host, to, IN_NAME, false);
    return port(colon, to);
  }

  private boolean port(int from, int to) {
    if (from == to) {
      return true;
    }
    if (b[from] != ':') {
      return false;
    }
    for (int i = from + 1; i < to; i++) {
      if (!Ascii.isDigit(b[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean literal(int from, int to) {
    if (from < to && (b[from] | 0x20) == 'v') {
      int i = from + 1;
      while (i < to && Ascii.isHex(b[i])) {
        i++;
      }
      return i > from + 1
          && i < to - 1
          && b[i] == '.'
          && run(i + 1, to, IN_USER, false) == to
          && noPercent(i, to);
    }
    return Addresses.ipv6(b, from, to);
  }

  private boolean noPercent(int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] == '%') {
        return false;
      }
    }
    return true;
  }

  /** Where a run of allowed characters and percent-encoded octets ends. */
  private int run(int from, int to, boolean[] allowed, boolean privateUse) {
    int i = from;
    while (i < to) {
      int c = b[i];
      if (c == '%') {
        if (i + 2 >= to || !Ascii.isHex(b[i + 1]) || !Ascii.isHex(b[i + 2])) {
          return i;
        }
        i += 3;
      } else if (c >= 0) {
        if (!allowed[c]) {
          return i;
        }
        i++;
      } else {
        int length = c >= (byte) 0xf0 ? 4 : c >= (byte) 0xe0 ? 3 : 2;
        if (!iri || !isIriCharacter(codePoint(i, length), privateUse)) {
          return i;
        }
        i += length;
      }
    }
    return i;
  }

  private int codePoint(int from, int length) {
    int value = b[from] & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      value = value << 6 | (b[from + i] & 0x3f);
    }
    return value;
  }

  /** {@code ucschar}, and {@code iprivate} in queries (RFC 3987 §2.2). */
  private static boolean isIriCharacter(int c, boolean privateUse) {
    boolean inPrivate = (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && (c & 0xffff) <= 0xfffd);
    if (inPrivate) {
      return privateUse;
    }
    return (c >= 0xa0 && c <= 0xd7ff)
        || (c >= 0xf900 && c <= 0xfdcf)
        || (c >= 0xfdf0 && c <= 0xffef)
        || (c >= 0x10000
            && c <= 0xefffd
            && (c & 0xffff) <= 0xfffd
            && !(c >= 0xe0000 && c < 0xe1000));
  }
}
