package dev.troth.gate.core;

/** Dates of RFC 7519 §2: seconds since 1970, any JSON number. */
public final class NumericDate {
  private static final int FAR_EXPONENT = 10_000;

  private NumericDate() {}

  /**
   * The milliseconds of a JSON number of seconds, rounded down. Read from the decimal digits, so
   * that it is exact beyond 2<sup>53</sup>; what is beyond {@code long} is at its nearest end, see
   * {@link #isBeyond}.
   */
  public static long millis(byte[] text, int from, int to) {
    int at = from;
    boolean negative = at < to && text[at] == '-';
    if (negative) {
      at++;
    }
    long digits = 0;
    int exponent = 3;
    boolean inFraction = false;
    boolean full = false;
    boolean inexact = false;
    for (; at < to; at++) {
      int b = text[at];
      if (b == '.') {
        inFraction = true;
      } else if (b >= '0' && b <= '9') {
        full |= digits > (Long.MAX_VALUE - (b - '0')) / 10;
        if (!full) {
          digits = digits * 10 + (b - '0');
          exponent -= inFraction ? 1 : 0;
        } else {
          inexact |= b != '0';
          exponent += inFraction ? 0 : 1;
        }
      } else {
        break;
      }
    }
    if (at < to) {
      exponent += exponent(text, at + 1, to);
    }
    if (full && exponent > 0) {
      return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return scale(digits, exponent, negative, inexact);
  }

  /** Whether milliseconds stand for a number that is too far away to be a date. */
  static boolean isBeyond(long millis) {
    return millis == Long.MAX_VALUE || millis == Long.MIN_VALUE;
  }

  private static int exponent(byte[] text, int from, int to) {
    boolean negative = from < to && text[from] == '-';
    int value = 0;
    for (int at = from; at < to; at++) {
      if (text[at] >= '0' && text[at] <= '9' && value < FAR_EXPONENT) {
        value = value * 10 + (text[at] - '0');
      }
    }
    return negative ? -value : value;
  }

  private static long scale(long digits, int exponent, boolean negative, boolean inexact) {
    long value = digits;
    boolean cut = inexact;
    if (value != 0) {
      for (int i = exponent; i > 0; i--) {
        if (value > Long.MAX_VALUE / 10) {
          return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        value *= 10;
      }
      for (int i = exponent; i < 0 && value != 0; i++) {
        cut |= value % 10 != 0;
        value /= 10;
      }
    }
    return negative ? -value - (cut ? 1 : 0) : value;
  }

  /** The sum, at the nearest end of {@code long} if it is beyond it. */
  static long plus(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }
}
