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
      plain = decode(b, from, to);
      from = 0;
      to = plain.length;
    }
    int count = 0;
    for (int p = from; p < to; p++) {
      count += (plain[p] & 0xc0) != 0x80 ? 1 : 0;
    }
    return count;
  }

  /** The UTF-8 bytes that a string with escapes stands for. */
  static byte[] decode(byte[] b, int from, int to) {
    byte[] out = new byte[to - from];
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
        byte[] utf8 = Character.toString(unit).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, out, length, utf8.length);
        length += utf8.length;
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
    return Arrays.copyOf(out, length);
  }

  /** The string at {@code i}. */
  static String string(byte[] b, int[] t, int i) {
    if ((t[i] & Tape.ESCAPED) != 0) {
      return new String(decode(b, t[i + 1], t[i + 2]), StandardCharsets.UTF_8);
    }
    return new String(b, t[i + 1], t[i + 2] - t[i + 1], StandardCharsets.UTF_8);
  }

  static boolean equal(byte[] b, int[] t, int i, int j) {
    if (((t[i] | t[j]) & Tape.ESCAPED) == 0) {
      return Arrays.equals(b, t[i + 1], t[i + 2], b, t[j + 1], t[j + 2]);
    }
    return string(b, t, i).equals(string(b, t, j));
  }
}
