package dev.troth.gate.core;

/** Strict UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF. */
final class Utf8 {
  private Utf8() {}

  /** The length of the well-formed character that begins at {@code at}, or 0 if there is none. */
  static int characterLength(byte[] text, int at, int to) {
    int first = text[at] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (to - at < length) {
      return 0;
    }
    int second = text[at + 1] & 0xFF;
    int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((text[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Writes a code point that is not a surrogate; the index after it. The caller has the room. */
  static int put(byte[] out, int at, int codePoint) {
    if (codePoint < 0x80) {
      out[at] = (byte) codePoint;
      return at + 1;
    }
    if (codePoint < 0x800) {
      out[at] = (byte) (0xC0 | codePoint >> 6);
      out[at + 1] = (byte) (0x80 | (codePoint & 0x3F));
      return at + 2;
    }
    if (codePoint < 0x10000) {
      out[at] = (byte) (0xE0 | codePoint >> 12);
      out[at + 1] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      out[at + 2] = (byte) (0x80 | (codePoint & 0x3F));
      return at + 3;
    }
    out[at] = (byte) (0xF0 | codePoint >> 18);
    out[at + 1] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
    out[at + 2] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
    out[at + 3] = (byte) (0x80 | (codePoint & 0x3F));
    return at + 4;
  }
}
