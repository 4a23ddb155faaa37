package dev.troth.gate.core;

/** Comparisons and literals over {@code byte[]} spans; every {@code to} is exclusive. */
public final class Bytes {
  private Bytes() {}

  /** The bytes of an ASCII literal; other characters lose their high bits. */
  public static byte[] ascii(String literal) {
    byte[] bytes = new byte[literal.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) literal.charAt(i);
    }
    return bytes;
  }

  public static boolean equal(byte[] text, int from, int to, byte[] other) {
    return equal(text, from, to, other, 0, other.length);
  }

  public static boolean equal(byte[] a, int from, int to, byte[] b, int bFrom, int bTo) {
    if (to - from != bTo - bFrom) {
      return false;
    }
    for (int i = from, j = bFrom; i < to; i++, j++) {
      if (a[i] != b[j]) {
        return false;
      }
    }
    return true;
  }

  /** Equality without regard to the case of ASCII letters; {@code lower} is in lower case. */
  public static boolean equalIgnoringCase(byte[] text, int from, int to, byte[] lower) {
    if (to - from != lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      if (lowerCase(text[from + i]) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  public static int lowerCase(int b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }

  /** Equality in a time that depends on the length alone: every byte is looked at. */
  static boolean equalInConstantTime(byte[] a, byte[] b, int length) {
    int difference = 0;
    for (int i = 0; i < length; i++) {
      difference |= a[i] ^ b[i];
    }
    return difference == 0;
  }

  /** FNV-1a, 32 bits. */
  static int hash(byte[] text, int from, int to) {
    int hash = 0x811C9DC5;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (text[i] & 0xFF)) * 0x01000193;
    }
    return hash;
  }
}
