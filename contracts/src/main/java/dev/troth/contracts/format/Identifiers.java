package dev.troth.contracts.format;

import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.pattern.RegexException;

/** Formats that name things: UUIDs, pointers, patterns. */
final class Identifiers {
  private Identifiers() {}

  /** RFC 9562 §4: any version and variant. */
  static boolean uuid(byte[] b, int from, int to) {
    if (to - from != 36) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      int c = b[from + i];
      if (dash ? c != '-' : !Ascii.isHex(c)) {
        return false;
      }
    }
    return true;
  }

  /** RFC 6901 §3. */
  static boolean jsonPointer(byte[] b, int from, int to) {
    if (from == to) {
      return true;
    }
    if (b[from] != '/') {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (b[i] == '~' && (i + 1 == to || (b[i + 1] != '0' && b[i + 1] != '1'))) {
        return false;
      }
    }
    return true;
  }

  /** draft-bhutton-relative-json-pointer-00 §3, without index manipulation. */
  static boolean relativeJsonPointer(byte[] b, int from, int to) {
    int at = from;
    while (at < to && Ascii.isDigit(b[at])) {
      at++;
    }
    if (at == from || (b[from] == '0' && at - from > 1)) {
      return false;
    }
    return (at + 1 == to && b[at] == '#') || jsonPointer(b, at, to);
  }

  static boolean regex(String pattern) {
    try {
      Regex.of(pattern);
      return true;
    } catch (RegexException e) {
      return false;
    }
  }
}
