package dev.troth.gate.core;

/**
 * Strict base64url (RFC 7515 §2, RFC 4648 §5): no padding, no other alphabet, no white space, and
 * the bits that encode nothing must be zero, so that every value has exactly one spelling.
 */
public final class Base64Url {
  private static final byte[] VALUES = new byte[128];

  static {
    for (int i = 0; i < VALUES.length; i++) {
      VALUES[i] = -1;
    }
    for (int i = 0; i < 26; i++) {
      VALUES['A' + i] = (byte) i;
      VALUES['a' + i] = (byte) (26 + i);
    }
    for (int i = 0; i < 10; i++) {
      VALUES['0' + i] = (byte) (52 + i);
    }
    VALUES['-'] = 62;
    VALUES['_'] = 63;
  }

  private Base64Url() {}

  /**
   * Decodes into {@code out} from index 0; the length in bytes, or -1 if the text is not strict.
   */
  public static int decode(byte[] text, int from, int to, byte[] out) {
    int length = to - from;
    int rest = length & 3;
    int bytes = (length >> 2) * 3 + (rest == 0 ? 0 : rest - 1);
    if (rest == 1 || bytes > out.length) {
      return -1;
    }
    int at = 0;
    int i = from;
    int wrong = 0;
    for (int end = to - rest; i < end; i += 4) {
      int a = value(text[i]);
      int b = value(text[i + 1]);
      int c = value(text[i + 2]);
      int d = value(text[i + 3]);
      wrong |= a | b | c | d;
      int word = a << 18 | b << 12 | c << 6 | d;
      out[at] = (byte) (word >> 16);
      out[at + 1] = (byte) (word >> 8);
      out[at + 2] = (byte) word;
      at += 3;
    }
    if (rest >= 2) {
      int a = value(text[i]);
      int b = value(text[i + 1]);
      wrong |= a | b;
      out[at++] = (byte) (a << 2 | b >> 4);
      if (rest == 2) {
        return wrong < 0 || (b & 15) != 0 ? -1 : at;
      }
      int c = value(text[i + 2]);
      wrong |= c;
      out[at++] = (byte) (b << 4 | c >> 2);
      if ((c & 3) != 0) {
        return -1;
      }
    }
    return wrong < 0 ? -1 : at;
  }

  private static int value(byte character) {
    return character < 0 ? -1 : VALUES[character];
  }
}
