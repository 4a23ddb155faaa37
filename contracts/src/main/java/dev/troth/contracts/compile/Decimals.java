package dev.troth.contracts.compile;

import dev.troth.contracts.validate.Numbers;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers on the tape, compared exactly: in 64 bits where they fit, else as {@link BigDecimal}. */
final class Decimals {
  /** So many digits always fit into a long. */
  private static final int DIGITS = 18;

  private static final long NONE = Long.MIN_VALUE;

  /** Beyond the digits that any number has. */
  private static final int FAR_EXPONENT = 99_999_999;

  private static final long[] POWERS = new long[DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i <= DIGITS; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private Decimals() {}

  static BigDecimal exact(byte[] b, int[] t, int i) {
    return new BigDecimal(new String(b, t[i + 1], t[i + 2] - t[i + 1], StandardCharsets.US_ASCII));
  }

  /** The digits as one integer, without the point; {@link #NONE} with an exponent or too many. */
  private static long digits(byte[] b, int from, int to) {
    int p = from;
    boolean negative = b[p] == '-';
    if (negative) {
      p++;
    }
    if (to - p > DIGITS) {
      return NONE;
    }
    long value = 0;
    for (; p < to; p++) {
      int c = b[p];
      if (c != '.') {
        if (c > '9') {
          return NONE;
        }
        value = value * 10 + (c - '0');
      }
    }
    return negative ? -value : value;
  }

  /** How many digits stand after the point. */
  private static int fraction(byte[] b, int from, int to) {
    for (int p = to - 1; p >= from; p--) {
      if (b[p] == '.') {
        return to - 1 - p;
      }
    }
    return 0;
  }

  /**
   * Compares the number at {@code i} with a limit.
   *
   * @param unscaled the limit's digits, with {@code scale} of them after the point
   * @return below 0, 0 or above 0
   */
  static int compare(byte[] b, int[] t, int i, long unscaled, int scale) {
    int from = t[i + 1];
    int to = t[i + 2];
    long digits = digits(b, from, to);
    if (digits != NONE) {
      int fraction = (t[i] & Tape.TYPE) == Tape.INT ? 0 : fraction(b, from, to);
      int shift = fraction - scale;
      if (shift == 0) {
        return Long.compare(digits, unscaled);
      }
      long left = shift < 0 ? scaled(digits, -shift) : digits;
      long right = shift > 0 ? scaled(unscaled, shift) : unscaled;
      if (left != NONE && right != NONE) {
        return Long.compare(left, right);
      }
    }
    return exact(b, t, i).compareTo(BigDecimal.valueOf(unscaled, scale));
  }

  /** Whether two numbers are equal. */
  static boolean equal(byte[] b, int[] t, int i, int j) {
    long digits = digits(b, t[j + 1], t[j + 2]);
    int fraction = (t[j] & Tape.TYPE) == Tape.INT ? 0 : fraction(b, t[j + 1], t[j + 2]);
    return digits == NONE
        ? exact(b, t, i).compareTo(exact(b, t, j)) == 0
        : compare(b, t, i, digits, fraction) == 0;
  }

  /** Whether {@link #hash} is for this number: it has no exponent and not too many digits. */
  static boolean canHash(byte[] b, int[] t, int i) {
    return digits(b, t[i + 1], t[i + 2]) != NONE;
  }

  /** Equal for equal numbers, however many zeros end their fractions. */
  static long hash(byte[] b, int[] t, int i) {
    long digits = digits(b, t[i + 1], t[i + 2]);
    int fraction = (t[i] & Tape.TYPE) == Tape.INT ? 0 : fraction(b, t[i + 1], t[i + 2]);
    while (fraction > 0 && digits % 10 == 0) {
      digits /= 10;
      fraction--;
    }
    return digits == 0 ? 0 : digits * 31 + fraction;
  }

  static int compare(byte[] b, int[] t, int i, BigDecimal limit) {
    return exact(b, t, i).compareTo(limit);
  }

  static boolean isOneOf(byte[] b, int[] t, int i, BigDecimal[] sorted) {
    return Arrays.binarySearch(sorted, exact(b, t, i)) >= 0;
  }

  private static long scaled(long value, int power) {
    if (power > DIGITS) {
      return NONE;
    }
    long high = Math.multiplyHigh(value, POWERS[power]);
    long low = value * POWERS[power];
    return (high == 0 && low >= 0) || (high == -1 && low < 0) ? low : NONE;
  }

  /** Whether a number with a fraction or an exponent is a whole number. */
  static boolean isWhole(byte[] b, int[] t, int i) {
    int from = t[i + 1];
    int end = t[i + 2];
    int exponent = 0;
    for (int p = from; p < end; p++) {
      if ((b[p] | 0x20) == 'e') {
        exponent = exponent(b, p + 1, end);
        end = p;
      }
    }
    // Whole if the exponent and the zeros at the end make up for the digits after the point.
    long spare = (long) exponent - fraction(b, from, end);
    for (int p = end - 1; p >= from; p--) {
      if (b[p] == '0') {
        spare++;
      } else if (b[p] != '.' && b[p] != '-') {
        return spare >= 0;
      }
    }
    return true;
  }

  /** The exponent between two places, or one that is as far away. */
  private static int exponent(byte[] b, int from, int to) {
    int value = 0;
    for (int p = from; p < to; p++) {
      if (b[p] >= '0') {
        value = Math.min(value * 10 + (b[p] - '0'), FAR_EXPONENT);
      }
    }
    return b[from] == '-' ? -value : value;
  }

  /** Whether a number is whole in draft 4's way: without a digit after the point. */
  static boolean isWrittenWhole(byte[] b, int[] t, int i) {
    return exact(b, t, i).scale() <= 0;
  }

  static boolean isMultiple(byte[] b, int[] t, int i, BigDecimal divisor) {
    if (divisor.scale() == 0 && divisor.precision() <= DIGITS) {
      long digits = (t[i] & Tape.TYPE) == Tape.INT ? digits(b, t[i + 1], t[i + 2]) : NONE;
      if (digits != NONE) {
        return digits % divisor.longValue() == 0;
      }
    } else if (divisor.scale() > 0 && divisor.precision() <= DIGITS) {
      long digits = digits(b, t[i + 1], t[i + 2]);
      int fraction = digits == NONE ? 0 : fraction(b, t[i + 1], t[i + 2]);
      if (digits != NONE && fraction <= divisor.scale()) {
        long value = scaled(digits, divisor.scale() - fraction);
        if (value != NONE) {
          return value % divisor.unscaledValue().longValue() == 0;
        }
      }
    }
    return Numbers.isMultiple(exact(b, t, i), divisor);
  }
}
