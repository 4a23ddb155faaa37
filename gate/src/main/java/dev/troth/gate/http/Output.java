package dev.troth.gate.http;

import dev.troth.gate.core.Bytes;

/** Bytes on their way out, in a buffer that grows and is reused. Not thread-safe. */
public final class Output {
  private static final byte[] HEX = Bytes.ascii("0123456789abcdef");

  private byte[] bytes;
  private int length;

  public Output(int capacity) {
    bytes = new byte[capacity];
  }

  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  public void clear() {
    length = 0;
  }

  /** Appends a literal in ASCII. */
  public Output ascii(String literal) {
    ensure(literal.length());
    for (int i = 0; i < literal.length(); i++) {
      bytes[length++] = (byte) literal.charAt(i);
    }
    return this;
  }

  public Output bytes(byte[] more, int from, int to) {
    ensure(to - from);
    System.arraycopy(more, from, bytes, length, to - from);
    length += to - from;
    return this;
  }

  public Output put(int b) {
    ensure(1);
    bytes[length++] = (byte) b;
    return this;
  }

  /** Appends a number that is not negative, in decimal. */
  public Output number(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    ensure(digits);
    long rest = number;
    for (int i = digits - 1; i >= 0; i--) {
      bytes[length + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** Appends a JSON string of UTF-8 text. */
  public Output json(byte[] text, int from, int to) {
    put('"');
    for (int i = from; i < to; i++) {
      int b = text[i];
      if (b == '"' || b == '\\') {
        put('\\').put(b);
      } else if (b >= 0 && b < 0x20) {
        ascii("\\u00").put(HEX[b >> 4]).put(HEX[b & 15]);
      } else {
        put(b);
      }
    }
    return put('"');
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      byte[] larger = new byte[Math.max(length + more, 2 * bytes.length)];
      System.arraycopy(bytes, 0, larger, 0, length);
      bytes = larger;
    }
  }
}
