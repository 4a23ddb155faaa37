package dev.troth.gate.host;

import dev.troth.gate.arithmetic.LimbOperations;
import org.teavm.interop.Address;

/** The operations of {@code limbs.c}. They keep no address and allocate nothing. */
final class NativeOperations implements LimbOperations {
  @Override
  public void multiply(
      int[] out, int[] a, int[] b, int[] modulus, long negatedInverse, int[] scratch) {
    Native.multiply(
        Address.ofData(out),
        Address.ofData(a),
        Address.ofData(b),
        Address.ofData(modulus),
        negatedInverse,
        modulus.length);
  }

  @Override
  public void add(int[] out, int[] a, int[] b, int[] modulus, int[] scratch) {
    Native.add(
        Address.ofData(out),
        Address.ofData(a),
        Address.ofData(b),
        Address.ofData(modulus),
        modulus.length);
  }

  @Override
  public void subtract(int[] out, int[] a, int[] b, int[] modulus) {
    Native.subtract(
        Address.ofData(out),
        Address.ofData(a),
        Address.ofData(b),
        Address.ofData(modulus),
        modulus.length);
  }
}
