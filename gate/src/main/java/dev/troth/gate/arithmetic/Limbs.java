package dev.troth.gate.arithmetic;

import static dev.troth.gate.arithmetic.Modulus.MASK;

/** Numbers as 32-bit limbs, the lowest first, out of bytes and texts. */
final class Limbs {
  private Limbs() {}

  /** A big-endian number in so many limbs, which must have room for it. */
  static int[] bigEndian(byte[] bytes, int from, int to, int size) {
    int[] limbs = new int[size];
    readBigEndian(limbs, bytes, from, to);
    return limbs;
  }

  static void readBigEndian(int[] limbs, byte[] bytes, int from, int to) {
    clear(limbs);
    for (int i = to - 1, at = 0; i >= from; i--, at++) {
      limbs[at >> 2] |= (bytes[i] & 0xFF) << (8 * (at & 3));
    }
  }

  static void readLittleEndian(int[] limbs, byte[] bytes, int from, int to) {
    clear(limbs);
    for (int i = from, at = 0; i < to; i++, at++) {
      limbs[at >> 2] |= (bytes[i] & 0xFF) << (8 * (at & 3));
    }
  }

  static void clear(int[] limbs) {
    for (int i = 0; i < limbs.length; i++) {
      limbs[i] = 0;
    }
  }

  /** A constant in hexadecimal digits. */
  static int[] hex(String digits) {
    int[] limbs = new int[(digits.length() + 7) / 8];
    for (int i = 0; i < digits.length(); i++) {
      int c = digits.charAt(digits.length() - 1 - i);
      limbs[i >> 3] |= (c <= '9' ? c - '0' : c - 'A' + 10) << (4 * (i & 7));
    }
    return limbs;
  }

  /** Writes the lowest bytes of a number, the highest first, to fill {@code out[from, to)}. */
  static void writeBigEndian(int[] limbs, byte[] out, int from, int to) {
    for (int i = to - 1, at = 0; i >= from; i--, at++) {
      out[i] = (byte) (limbs[at >> 2] >>> (8 * (at & 3)));
    }
  }

  static boolean isZero(int[] limbs) {
    int any = 0;
    for (int limb : limbs) {
      any |= limb;
    }
    return any == 0;
  }

  static boolean equal(int[] a, int[] b) {
    int difference = a.length ^ b.length;
    for (int i = 0; difference == 0 && i < a.length; i++) {
      difference = a[i] ^ b[i];
    }
    return difference == 0;
  }

  /** Compares as many limbs as {@code b} has. */
  static int compare(int[] a, int[] b) {
    for (int i = b.length - 1; i >= 0; i--) {
      if (a[i] != b[i]) {
        return (a[i] & MASK) < (b[i] & MASK) ? -1 : 1;
      }
    }
    return 0;
  }

  /** The number of bits; none for zero. */
  static int bits(int[] limbs) {
    int top = limbs.length - 1;
    while (top > 0 && limbs[top] == 0) {
      top--;
    }
    return 32 * top + 32 - Integer.numberOfLeadingZeros(limbs[top]);
  }

  static boolean isOdd(int[] limbs) {
    return (limbs[0] & 1) != 0;
  }

  /** The rest after division by a small number. */
  static int rest(int[] limbs, int divisor) {
    long rest = 0;
    for (int i = limbs.length - 1; i >= 0; i--) {
      rest = ((rest << 32) | (limbs[i] & MASK)) % divisor;
    }
    return (int) rest;
  }
}
