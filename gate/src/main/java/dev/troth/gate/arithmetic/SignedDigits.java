package dev.troth.gate.arithmetic;

import static dev.troth.gate.arithmetic.Modulus.MASK;

/**
 * A scalar as signed digits, the lowest first: each is zero, or odd and below 2^(WIDTH-1) in size
 * with at least WIDTH-1 zeros above it (width-w NAF), so that few additions are left of a
 * multiplication. Reused; not thread-safe.
 */
final class SignedDigits {
  static final int WIDTH = 6;

  /** How many odd multiples of a point the digits ask for. */
  static final int MULTIPLES = 1 << (WIDTH - 2);

  private static final int WINDOW = 1 << WIDTH;

  final byte[] digits;
  private final int[] rest;

  /** For scalars of so many limbs. */
  SignedDigits(int size) {
    digits = new byte[32 * size + 1];
    rest = new int[size + 1];
  }

  void set(int[] scalar) {
    System.arraycopy(scalar, 0, rest, 0, scalar.length);
    rest[scalar.length] = 0;
    for (int i = 0; i < digits.length; i++) {
      int digit = 0;
      if (Limbs.isOdd(rest)) {
        digit = rest[0] & (WINDOW - 1);
        if (digit >= WINDOW / 2) {
          digit -= WINDOW;
        }
        subtract(digit);
      }
      digits[i] = (byte) digit;
      halve();
    }
  }

  private void subtract(int small) {
    long carry = -(long) small;
    for (int i = 0; i < rest.length; i++) {
      carry += rest[i] & MASK;
      rest[i] = (int) carry;
      carry >>= 32;
    }
  }

  private void halve() {
    int top = rest.length - 1;
    for (int i = 0; i < top; i++) {
      rest[i] = (rest[i] >>> 1) | (rest[i + 1] << 31);
    }
    rest[top] >>>= 1;
  }
}
