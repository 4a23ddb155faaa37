package dev.troth.gate.arithmetic;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Hash;
import org.jspecify.annotations.Nullable;

/** ECDSA over P-256, P-384 and P-521 (FIPS 186-5 §6.4.2), signatures as r and s of fixed length. */
public final class EcdsaVerifier extends Verifier {
  private final Algorithm algorithm;
  private final Curve curve;
  private final Curve.Point[] ofGenerator;
  private final Curve.Point[] ofKey;
  private final Curve.Point sum;
  private final Hash hash;
  private final byte[] digest = new byte[Hash.MAX_BYTES];
  private final int[] r;
  private final int[] s;
  private final int[] e;
  private final int[] scaled;
  private final int[] squared;
  private final SignedDigits ofE;
  private final SignedDigits ofR;

  private EcdsaVerifier(Algorithm algorithm, Curve curve, Curve.Point key) {
    this.algorithm = algorithm;
    this.curve = curve;
    ofGenerator = curve.multiples(curve.generator);
    ofKey = curve.multiples(key);
    sum = new Curve.Point(curve.field.size);
    hash = Hash.of(algorithm.hashBytes());
    r = curve.order.zero();
    s = curve.order.zero();
    e = curve.order.zero();
    scaled = curve.field.zero();
    squared = curve.field.zero();
    ofE = new SignedDigits(curve.order.size);
    ofR = new SignedDigits(curve.order.size);
  }

  /** The key of an affine point for ES256, ES384 or ES512; null if it is not one of its curve. */
  static @Nullable EcdsaVerifier of(
      Algorithm algorithm, byte[] x, byte[] y, LimbOperations operations) {
    Curve curve =
        switch (algorithm) {
          case ES256 -> Curve.p256(operations);
          case ES384 -> Curve.p384(operations);
          default -> Curve.p521(operations);
        };
    if (x.length != curve.bytes || y.length != curve.bytes) {
      return null;
    }
    Modulus field = curve.field;
    Curve.Point key = new Curve.Point(field.size);
    int[] numberX = Limbs.bigEndian(x, 0, x.length, field.size);
    int[] numberY = Limbs.bigEndian(y, 0, y.length, field.size);
    if (!field.isBelow(numberX) || !field.isBelow(numberY)) {
      return null;
    }
    field.in(key.x, numberX);
    field.in(key.y, numberY);
    System.arraycopy(field.one, 0, key.z, 0, field.size);
    return curve.contains(key.x, key.y) ? new EcdsaVerifier(algorithm, curve, key) : null;
  }

  @Override
  public int signatureBytes() {
    return 2 * curve.bytes;
  }

  @Override
  public boolean verify(
      Algorithm asked, byte[] data, int from, int to, byte[] signature, int length) {
    if (asked != algorithm || length != 2 * curve.bytes) {
      return false;
    }
    Modulus order = curve.order;
    Limbs.readBigEndian(r, signature, 0, curve.bytes);
    Limbs.readBigEndian(s, signature, curve.bytes, length);
    if (Limbs.isZero(r) || Limbs.isZero(s) || !order.isBelow(r) || !order.isBelow(s)) {
      return false;
    }
    hash.digest(data, from, to, digest);
    // No hash here has more bits than its curve's order, so none is cut.
    Limbs.readBigEndian(e, digest, 0, algorithm.hashBytes());
    order.in(s, s);
    order.invert(s, s);
    order.multiply(e, e, s);
    order.multiply(s, r, s);
    ofE.set(e);
    ofR.set(s);
    addMultiples(ofE.digits, ofR.digits);
    return !Limbs.isZero(sum.z) && isX();
  }

  /** The sum is set to u·G + v·Q, both in one pass over their digits (Straus). */
  private void addMultiples(byte[] u, byte[] v) {
    Limbs.clear(sum.z);
    for (int i = u.length - 1; i >= 0; i--) {
      curve.twice(sum);
      add(ofGenerator, u[i]);
      add(ofKey, v[i]);
    }
  }

  private void add(Curve.Point[] multiples, int digit) {
    if (digit != 0) {
      curve.add(sum, multiples[(digit < 0 ? -digit : digit) >> 1], digit < 0);
    }
  }

  /** Whether the sum's x is r modulo the order: r·z² or (r + order)·z² is its coordinate. */
  private boolean isX() {
    Modulus field = curve.field;
    field.multiply(squared, sum.z, sum.z);
    long carry = 0;
    for (int round = 0; round < 2 && carry == 0 && field.isBelow(r); round++) {
      field.in(scaled, r);
      field.multiply(scaled, scaled, squared);
      if (Limbs.equal(scaled, sum.x)) {
        return true;
      }
      for (int i = 0; i < r.length; i++) {
        carry += (r[i] & Modulus.MASK) + (curve.order.limbs[i] & Modulus.MASK);
        r[i] = (int) carry;
        carry >>>= 32;
      }
    }
    return false;
  }
}
