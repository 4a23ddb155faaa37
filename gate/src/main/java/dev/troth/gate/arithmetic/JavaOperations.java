package dev.troth.gate.arithmetic;

import static dev.troth.gate.arithmetic.Modulus.MASK;

/** The operations a limb at a time. */
final class JavaOperations implements LimbOperations {
  @Override
  public void multiply(
      int[] out, int[] a, int[] b, int[] modulus, long negatedInverse, int[] scratch) {
    int n = modulus.length;
    int inverse = (int) negatedInverse;
    for (int i = 0; i <= n; i++) {
      scratch[i] = 0;
    }
    for (int i = 0; i < n; i++) {
      long digit = a[i] & MASK;
      long product = digit * (b[0] & MASK) + (scratch[0] & MASK);
      int wrapped = (int) product * inverse;
      long factor = wrapped & MASK;
      long reduced = factor * (modulus[0] & MASK) + (product & MASK);
      for (int j = 1; j < n; j++) {
        product = digit * (b[j] & MASK) + (scratch[j] & MASK) + (product >>> 32);
        reduced = factor * (modulus[j] & MASK) + (product & MASK) + (reduced >>> 32);
        scratch[j - 1] = (int) reduced;
      }
      long top = (scratch[n] & MASK) + (product >>> 32) + (reduced >>> 32);
      scratch[n - 1] = (int) top;
      scratch[n] = (int) (top >>> 32);
    }
    reduce(out, scratch, scratch[n], modulus);
  }

  @Override
  public void add(int[] out, int[] a, int[] b, int[] modulus, int[] scratch) {
    long carry = 0;
    for (int i = 0; i < modulus.length; i++) {
      carry += (a[i] & MASK) + (b[i] & MASK);
      scratch[i] = (int) carry;
      carry >>>= 32;
    }
    reduce(out, scratch, (int) carry, modulus);
  }

  @Override
  public void subtract(int[] out, int[] a, int[] b, int[] modulus) {
    long borrow = 0;
    for (int i = 0; i < modulus.length; i++) {
      borrow += (a[i] & MASK) - (b[i] & MASK);
      out[i] = (int) borrow;
      borrow >>= 32;
    }
    if (borrow != 0) {
      long carry = 0;
      for (int i = 0; i < modulus.length; i++) {
        carry += (out[i] & MASK) + (modulus[i] & MASK);
        out[i] = (int) carry;
        carry >>>= 32;
      }
    }
  }

  private static void reduce(int[] out, int[] t, int top, int[] modulus) {
    if (top == 0 && Limbs.compare(t, modulus) < 0) {
      System.arraycopy(t, 0, out, 0, modulus.length);
      return;
    }
    long borrow = 0;
    for (int i = 0; i < modulus.length; i++) {
      borrow += (t[i] & MASK) - (modulus[i] & MASK);
      out[i] = (int) borrow;
      borrow >>= 32;
    }
  }
}
