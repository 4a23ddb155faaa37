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

  /** An even count, so that a host may take two limbs for one. */
  final int size;

  final int[] limbs;

  /** 2^(32·size): what 1 is in Montgomery's form. */
  final int[] one;

  private final LimbOperations operations;
  private final int[] square;
  private final int[] unit;
  private final int[] scratch;
  private final int[] factor;
  private final int[] result;
  private final int[] lessTwo;
  private final long negatedInverse;

  /** For an odd number above 1. */
  Modulus(int[] number, LimbOperations operations) {
    this.operations = operations;
    size = (number.length + 1) & ~1;
    limbs = new int[size];
    System.arraycopy(number, 0, limbs, 0, number.length);
    scratch = new int[size + 1];
    factor = new int[size];
    result = new int[size];
    long lowest = (limbs[0] & MASK) | ((long) limbs[1] << 32);
    long inverse = lowest;
    // Newton's step doubles the number of right bits, from three.
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - lowest * inverse;
    }
    negatedInverse = -inverse;
    unit = new int[size];
    unit[0] = 1;
    // The highest power of two below the modulus, doubled until it is 2^(32·size).
    int[] power = new int[size];
    int top = bits() - 1;
    power[top >> 5] = 1 << (top & 31);
    for (int i = top; i < 32 * size; i++) {
      add(power, power, power);
    }
    one = power.clone();
    // 2 in Montgomery's form, to the power of 32·size: what brings a number into that form.
    add(power, power, power);
    power(power, power, new int[] {32 * size});
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
    return Limbs.bits(limbs);
  }

  /** {@code out = a·b/2^(32·size)}; one of the operands may be any number of so many limbs. */
  void multiply(int[] out, int[] a, int[] b) {
    operations.multiply(out, a, b, limbs, negatedInverse, scratch);
  }

  /** {@code out = a + b}. */
  void add(int[] out, int[] a, int[] b) {
    operations.add(out, a, b, limbs, scratch);
  }

  /** {@code out = a - b}. */
  void subtract(int[] out, int[] a, int[] b) {
    operations.subtract(out, a, b, limbs);
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
    int bit = Limbs.bits(exponent) - 1;
    System.arraycopy(bit < 0 ? one : factor, 0, result, 0, size);
    while (--bit >= 0) {
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
    return Limbs.compare(a, limbs) < 0;
  }
}
