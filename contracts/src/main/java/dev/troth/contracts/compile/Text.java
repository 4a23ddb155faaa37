package dev.troth.contracts.compile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The content of JSON strings: escapes and UTF-8. */
final class Text {
  private Text() {}

  /** The index after the escape at {@code p}. */
  static int skipEscape(byte[] b, int p, int n) {
    if (p + 1 >= n) {
      throw MalformedException.INSTANCE;
    }
    switch (b[p + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return p + 2;
      }
      case 'u' -> {
        int unit = hex4(b, p + 2, n);
        if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
          return p + 6;
        }
        boolean pair =
            unit <= Character.MAX_HIGH_SURROGATE
                && p + 7 < n
                && b[p + 6] == '\\'
                && b[p + 7] == 'u';
        int low = pair ? hex4(b, p + 8, n) : 0;
        if (low < Character.MIN_LOW_SURROGATE || low > Character.MAX_LOW_SURROGATE) {
          throw MalformedException.INSTANCE;
        }
        return p + 12;
      }
      default -> throw MalformedException.INSTANCE;
    }
  }

  private static int hex4(byte[] b, int p, int n) {
    if (p + 4 > n) {
      throw MalformedException.INSTANCE;
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = b[p + i] < 0 ? -1 : Character.digit(b[p + i], 16);
      if (digit < 0) {
        throw MalformedException.INSTANCE;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** The index after the UTF-8 sequence at {@code p} (Unicode 16, table 3-7). */
  static int skipWide(byte[] b, int p, int n) {
    int c = b[p] & 0xff;
    int length = c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (length == 0 || p + length > n) {
      throw MalformedException.INSTANCE;
    }
    int second = b[p + 1] & 0xff;
    boolean wrong =
        (c == 0xe0 && second < 0xa0)
            || (c == 0xed && second > 0x9f)
            || (c == 0xf0 && second < 0x90)
            || (c == 0xf4 && second > 0x8f);
    for (int i = 1; i < length; i++) {
      wrong |= (b[p + i] & 0xc0) != 0x80;
    }
    if (wrong) {
      throw MalformedException.INSTANCE;
    }
    return p + length;
  }

  /** The number of Unicode characters of the string at {@code i}. */
  static int length(byte[] b, int[] t, int i) {
    int from = t[i + 1];
    int to = t[i + 2];
    int tag = t[i];
    if ((tag & (Tape.ESCAPED | Tape.WIDE)) == 0) {
      return to - from;
    }
    byte[] plain = b;
    if ((tag & Tape.ESCAPED) != 0) {
      Plain decoded = Plain.of(b, from, to);
      plain = decoded.bytes;
      from = 0;
      to = decoded.length;
    }
    int count = 0;
    for (int p = from; p < to; p++) {
      count += (plain[p] & 0xc0) != 0x80 ? 1 : 0;
    }
    return count;
  }

  /** Writes the UTF-8 bytes that a string with escapes stands for; how many. */
  static int decode(byte[] b, int from, int to, byte[] out) {
    int length = 0;
    int p = from;
    while (p < to) {
      if (b[p] != '\\') {
        out[length++] = b[p++];
        continue;
      }
      int c = b[p + 1];
      p += 2;
      if (c == 'u') {
        int unit = hex4(b, p, to);
        p += 4;
        if (Character.isHighSurrogate((char) unit)) {
          unit = Character.toCodePoint((char) unit, (char) hex4(b, p + 2, to));
          p += 6;
        }
        length = encode(unit, out, length);
      } else {
        out[length++] =
            switch (c) {
              case 'b' -> '\b';
              case 'f' -> '\f';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> (byte) c;
            };
      }
    }
    return length;
  }

  /** Writes a code point as UTF-8; where the next one goes. */
  private static int encode(int point, byte[] out, int at) {
    int length = at;
    if (point < 0x80) {
      out[length++] = (byte) point;
      return length;
    }
    if (point < 0x800) {
      out[length++] = (byte) (0xc0 | point >> 6);
    } else {
      if (point < 0x10000) {
        out[length++] = (byte) (0xe0 | point >> 12);
      } else {
        out[length++] = (byte) (0xf0 | point >> 18);
        out[length++] = (byte) (0x80 | (point >> 12 & 0x3f));
      }
      out[length++] = (byte) (0x80 | (point >> 6 & 0x3f));
    }
    out[length++] = (byte) (0x80 | (point & 0x3f));
    return length;
  }

  /** The string at {@code i}. */
  static String string(byte[] b, int[] t, int i) {
    if ((t[i] & Tape.ESCAPED) != 0) {
      Plain plain = Plain.of(b, t[i + 1], t[i + 2]);
      return new String(plain.bytes, 0, plain.length, StandardCharsets.UTF_8);
    }
    return new String(b, t[i + 1], t[i + 2] - t[i + 1], StandardCharsets.UTF_8);
  }

  /** Whether two strings stand for the same text, however each of them is written. */
  static boolean equal(byte[] b, int[] t, int i, int j) {
    boolean first = (t[i] & Tape.ESCAPED) != 0;
    boolean second = (t[j] & Tape.ESCAPED) != 0;
    if (!first && !second) {
      return Arrays.equals(b, t[i + 1], t[i + 2], b, t[j + 1], t[j + 2]);
    }
    if (first && second) {
      Plain other = Plain.other(b, t[j + 1], t[j + 2]);
      return stands(b, t, i, other.bytes, 0, other.length);
    }
    return first ? stands(b, t, i, b, t[j + 1], t[j + 2]) : stands(b, t, j, b, t[i + 1], t[i + 2]);
  }

  /** Whether a string with escapes stands for these bytes. */
  private static boolean stands(byte[] b, int[] t, int i, byte[] utf8, int from, int to) {
    Plain plain = Plain.of(b, t[i + 1], t[i + 2]);
    return Arrays.equals(plain.bytes, 0, plain.length, utf8, from, to);
  }
}
