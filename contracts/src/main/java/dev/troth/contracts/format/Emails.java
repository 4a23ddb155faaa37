package dev.troth.contracts.format;

import java.nio.charset.StandardCharsets;

/** Mailboxes of RFC 5321 §4.1.2, and of RFC 6531 §3.3 with any non-ASCII character. */
final class Emails {
  private static final int LONGEST_LOCAL_PART = 64;
  private static final String ATOM = "!#$%&'*+-/=?^_`{|}~";

  private Emails() {}

  static boolean email(byte[] b, int from, int to, boolean international) {
    int at = to - 1;
    while (at >= from && b[at] != '@') {
      at--;
    }
    if (at <= from || at - from > LONGEST_LOCAL_PART) {
      return false;
    }
    boolean local =
        b[from] == '"' ? quoted(b, from, at, international) : dotted(b, from, at, international);
    return local && domain(b, at + 1, to, international);
  }

  private static boolean dotted(byte[] b, int from, int to, boolean international) {
    boolean dot = true;
    for (int i = from; i < to; i++) {
      if (b[i] == '.') {
        if (dot) {
          return false;
        }
        dot = true;
      } else {
        dot = false;
        boolean fits =
            b[i] < 0 ? international : Ascii.isAlphanumeric(b[i]) || ATOM.indexOf(b[i]) >= 0;
        if (!fits) {
          return false;
        }
      }
    }
    return !dot;
  }

  private static boolean quoted(byte[] b, int from, int to, boolean international) {
    if (to - from < 2 || b[to - 1] != '"') {
      return false;
    }
    for (int i = from + 1; i < to - 1; i++) {
      if (b[i] == '\\') {
        i++;
        if (i >= to - 1 || b[i] < ' ' || b[i] == 0x7f) {
          return false;
        }
      } else if (b[i] < 0 ? !international : b[i] < ' ' || b[i] == '"' || b[i] == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean domain(byte[] b, int from, int to, boolean international) {
    if (from < to && b[from] == '[') {
      return b[to - 1] == ']' && literal(b, from + 1, to - 1);
    }
    return international
        ? IdnHosts.mailDomain(new String(b, from, to - from, StandardCharsets.UTF_8))
        : Hosts.plainHostname(b, from, to);
  }

  private static boolean literal(byte[] b, int from, int to) {
    String tag = "IPv6:";
    boolean v6 =
        to - from > tag.length()
            && new String(b, from, tag.length(), StandardCharsets.US_ASCII).equalsIgnoreCase(tag);
    return v6 ? Addresses.ipv6(b, from + tag.length(), to) : Addresses.ipv4(b, from, to);
  }
}
