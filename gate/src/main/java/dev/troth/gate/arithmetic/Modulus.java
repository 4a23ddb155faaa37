package dev.troth.gate.arithmetic;

/**
 * Arithmetic modulo an odd number of {@code size} 32-bit limbs, the lowest first. Products are
 * Montgomery's: {@link #multiply} gives a·b/2^(32·size), so numbers are first brought {@link #in}.
 * Every operand is below the modulus unless said otherwise; any result may overwrite an operand.
 *
 * <p>Not thread-safe, for it has scratch of its own: no operation allocates.
 */
final class Modulus {
  static final long MASK = 0xFFFFFFFFL;

  final int size;
  final int[] limbs;

  /** 2^(32·size): what 1 is in Montgomery's form. */
  final int[] one;

  private final int[] square;
  private final int[] unit;
  private final int[] scratch;
  private final int[] factor;
  private final int[] result;
  private final int[] lessTwo;
  private final int negatedInverse;

  /** For an odd number above 1 whose highest limb is not zero. */
  Modulus(int[] limbs) {
    this.limbs = limbs;
    size = limbs.length;
    scratch = new int[size + 1];
    factor = new int[size];
    result = new int[size];
    int inverse = limbs[0];
    // Newton's step doubles the number of right bits, from three.
    for (int i = 0; i < 4; i++) {
      inverse *= 2 - limbs[0] * inverse;
    }
    negatedInverse = -inverse;
    unit = new int[size];
    unit[0] = 1;
    int[] power = unit.clone();
    for (int i = 0; i < 32 * size; i++) {
      add(power, power, power);
    }
    one = power.clone();
    for (int i = 0; i < 32 * size; i++) {
      add(power, power, power);
    }
    square = power;
    lessTwo = limbs.clone();
    long borrow = -2;
    for (int i = 0; i < size; i++) {
      borrow += lessTwo[i] & MASK;
      lessTwo[i] = (int) borrow;
      borrow >>= 32;
    }
  }

  int[] zero() {
    return new int[size];
  }

  int bits() {
    return 32 * size - Integer.numberOfLeadingZeros(limbs[size - 1]);
  }

  /** {@code out = a·b/2^(32·size)}; one of the operands may be any number of so many limbs. */
  void multiply(int[] out, int[] a, int[] b) {
    int[] t = scratch;
    int[] p = limbs;
    int n = size;
    for (int i = 0; i <= n; i++) {
      t[i] = 0;
    }
    for (int i = 0; i < n; i++) {
      long digit = a[i] & MASK;
      long product = digit * (b[0] & MASK) + (t[0] & MASK);
      int wrapped = (int) product * negatedInverse;
      long factor = wrapped & MASK;
      long reduced = factor * (p[0] & MASK) + (product & MASK);
      for (int j = 1; j < n; j++) {
        product = digit * (b[j] & MASK) + (t[j] & MASK) + (product >>> 32);
        reduced = factor * (p[j] & MASK) + (product & MASK) + (reduced >>> 32);
        t[j - 1] = (int) reduced;
      }
      long top = (t[n] & MASK) + (product >>> 32) + (reduced >>> 32);
      t[n - 1] = (int) top;
      t[n] = (int) (top >>> 32);
    }
    reduce(out, t, t[n]);
  }

  /** {@code out = a + b}. */
  void add(int[] out, int[] a, int[] b) {
    long carry = 0;
    for (int i = 0; i < size; i++) {
      carry += (a[i] & MASK) + (b[i] & MASK);
      scratch[i] = (int) carry;
      carry >>>= 32;
    }
    reduce(out, scratch, (int) carry);
  }

  /** {@code out = a - b}. */
  void subtract(int[] out, int[] a, int[] b) {
    long borrow = 0;
    for (int i = 0; i < size; i++) {
      borrow += (a[i] & MASK) - (b[i] & MASK);
      out[i] = (int) borrow;
      borrow >>= 32;
    }
    if (borrow != 0) {
      long carry = 0;
      for (int i = 0; i < size; i++) {
        carry += (out[i] & MASK) + (limbs[i] & MASK);
        out[i] = (int) carry;
        carry >>>= 32;
      }
    }
  }

  /** Into Montgomery's form; {@code a} may be any number of so many limbs. */
  void in(int[] out, int[] a) {
    multiply(out, a, square);
  }

  /** Out of Montgomery's form. */
  void out(int[] out, int[] a) {
    multiply(out, a, unit);
  }

  /** {@code out = base^exponent} in Montgomery's form, square and multiply; public exponents. */
  void power(int[] out, int[] base, int[] exponent) {
    System.arraycopy(base, 0, factor, 0, size);
    System.arraycopy(one, 0, result, 0, size);
    for (int bit = 32 * exponent.length - 1; bit >= 0; bit--) {
      multiply(result, result, result);
      if (((exponent[bit >> 5] >>> (bit & 31)) & 1) != 0) {
        multiply(result, result, factor);
      }
    }
    System.arraycopy(result, 0, out, 0, size);
  }

  /** {@code out = 1/a} in Montgomery's form, by Fermat: the modulus must be prime. */
  void invert(int[] out, int[] a) {
    power(out, a, lessTwo);
  }

  boolean isBelow(int[] a) {
    return compare(a, limbs) < 0;
  }

  private void reduce(int[] out, int[] t, int top) {
    if (top == 0 && compare(t, limbs) < 0) {
      System.arraycopy(t, 0, out, 0, size);
      return;
    }
    long borrow = 0;
    for (int i = 0; i < size; i++) {
      borrow += (t[i] & MASK) - (limbs[i] & MASK);
      out[i] = (int) borrow;
      borrow >>= 32;
    }
  }

  private int compare(int[] a, int[] b) {
    for (int i = size - 1; i >= 0; i--) {
      if (a[i] != b[i]) {
        return (a[i] & MASK) < (b[i] & MASK) ? -1 : 1;
      }
    }
    return 0;
  }
}
