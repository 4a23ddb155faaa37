package dev.troth.gate.arithmetic;

/**
 * The operations modulo an odd number that all the time goes into. Numbers are 32-bit limbs, the
 * lowest first, an even count of them; all arrays but {@code scratch}, which has one limb more,
 * have the modulus' length. Every operand is below the modulus unless said otherwise; {@code out}
 * may be an operand. Nothing is allocated. A host that has faster ones than {@link #JAVA} brings
 * its own.
 */
public interface LimbOperations {
  /** Plain Java. */
  LimbOperations JAVA = new JavaOperations();

  /**
   * Montgomery's product: {@code out = a·b/2^(32·limbs)}. One of the operands may be any number of
   * so many limbs.
   *
   * @param negatedInverse -1/modulus modulo 2^64
   */
  void multiply(int[] out, int[] a, int[] b, int[] modulus, long negatedInverse, int[] scratch);

  /** {@code out = a + b}. */
  void add(int[] out, int[] a, int[] b, int[] modulus, int[] scratch);

  /** {@code out = a - b}. */
  void subtract(int[] out, int[] a, int[] b, int[] modulus);
}
